package dev.redisreplication.sandbox.protobuf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Which message each kind is, and the fields of each message, as {@code wire-table} has read them off Kubernetes' own
 * types. Immutable; read when the first protobuf comes.
 */
final class MessageTable {
    private static final String RESOURCE = "kubernetes.txt";

    private final Map<String, String> kinds = new HashMap<>();
    private final Map<String, Map<Integer, Field>> messages = new HashMap<>();

    /** When a field's zero value is in the JSON. */
    enum Zero {
        /** Never: the field's absence means the same. */
        NEVER,
        /** When it is on the wire: the field is a pointer. */
        PRESENT,
        /** Always. */
        ALWAYS
    }

    /** How often the field's value is there. */
    enum Shape {
        ONE,
        LIST,
        MAP
    }

    /**
     * A field.
     *
     * @param name in JSON; {@code -} when the fields of its message stand among those of the message around
     * @param type of the value, or of each element: a scalar's name, or a message
     */
    record Field(String name, Zero zero, Shape shape, String type) {
        boolean inline() {
            return name.equals("-");
        }
    }

    private MessageTable(String text) {
        Map<Integer, Field> message = new HashMap<>();
        for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("kind")) {
                kinds.put(words[1] + " " + words[2], words[3]);
            } else if (words[0].equals("message")) {
                message = new HashMap<>();
                messages.put(words[1], message);
            } else {
                Shape shape =
                        switch (words[3]) {
                            case "list" -> Shape.LIST;
                            case "map" -> Shape.MAP;
                            default -> Shape.ONE;
                        };
                Zero zero = Zero.valueOf(words[2].toUpperCase(java.util.Locale.ROOT));
                message.put(Integer.parseInt(words[0]), new Field(words[1], zero, shape, words[words.length - 1]));
            }
        }
    }

    /** The one table. */
    static MessageTable get() {
        return Holder.TABLE;
    }

    private static final class Holder {
        private static final MessageTable TABLE = read();

        private static MessageTable read() {
            try (InputStream in = MessageTable.class.getResourceAsStream(RESOURCE)) {
                return new MessageTable(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The message of a kind, or null when it is not in the table. */
    String ofKind(String apiVersion, String kind) {
        String message = kinds.get(apiVersion + " " + kind);
        return message == null ? kinds.get("* " + kind) : message;
    }

    /** The fields of a message by their numbers. */
    Map<Integer, Field> fields(String message) {
        return messages.get(message);
    }
}
