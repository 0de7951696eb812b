package dev.redisreplication.node.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A reply as it came over the wire.
 *
 * @param type the first byte of the frame ({@code +-:$*%~>,#_(=})
 * @param text the line or the bulk in ISO-8859-1, so that every byte survives; null for an aggregate or a null bulk
 * @param items the elements of an aggregate (a map has two an entry); null where there are none, as in {@code *-1}
 */
record Reply(char type, String text, List<Reply> items) {

    boolean isError() {
        return type == '-';
    }

    boolean isAggregate() {
        return items != null;
    }

    /** The whole number this reply carries, as a number or as text. */
    long asLong() {
        return Long.parseLong(text);
    }

    /** This reply with its elements, taken {@code width} at a time, in an order that does not depend on the sender. */
    Reply sorted(int width) {
        if (!isAggregate() || items.size() % width != 0) {
            return this;
        }
        List<List<Reply>> groups = new ArrayList<>();
        for (int i = 0; i < items.size(); i += width) {
            groups.add(items.subList(i, i + width));
        }
        return new Reply(
                type,
                text,
                groups.stream()
                        .sorted((a, b) -> a.toString().compareTo(b.toString()))
                        .flatMap(List::stream)
                        .toList());
    }

    /** This reply, and all in it, without the fields of these names: each name, and what comes behind it. */
    Reply without(String... names) {
        if (!isAggregate()) {
            return this;
        }
        List<Reply> left = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (List.of(names).contains("" + items.get(i).text())) {
                i++;
            } else {
                left.add(items.get(i).without(names));
            }
        }
        return new Reply(type, text, left);
    }

    /** What the frame says, a byte outside printable ASCII as {@code \xNN}; equal strings mean equal bytes on the wire. */
    @Override
    public String toString() {
        if (items != null) {
            return type + items.stream().map(Reply::toString).collect(Collectors.joining(" ", "[", "]"));
        }
        return text == null ? type + "(null)" : type + printable(text);
    }

    static String printable(String latin) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < latin.length(); i++) {
            char c = latin.charAt(i);
            if (c >= ' ' && c < 127) {
                out.append(c);
            } else {
                out.append(String.format("\\x%02x", (int) c));
            }
        }
        return out.toString();
    }

    static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
