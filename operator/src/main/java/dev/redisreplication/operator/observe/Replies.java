package dev.redisreplication.operator.observe;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes the replies out of the bytes that one node sends (RESP2), however they were cut on the way. Not thread-safe. */
final class Replies {

    /** What {@link #next} gives while the next reply is not wholly there. */
    static final Object INCOMPLETE = new Object();

    private static final int MAX_REPLY = 1 << 20;
    private static final int MAX_LINE = 8192;

    private byte[] bytes = new byte[4096];
    private int from;
    private int to;
    /** Where the reply is read that {@link #next} looks at. */
    private int at;

    /** Takes over what the channel has now. */
    void readFrom(ReadableByteChannel channel) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        }
        if (to == bytes.length) {
            makeRoom();
        }
        int n = channel.read(ByteBuffer.wrap(bytes, to, bytes.length - to));
        if (n < 0) {
            throw new EOFException("connection ended");
        }
        to += n;
    }

    private void makeRoom() throws IOException {
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            from = 0;
            return;
        }
        if (bytes.length > MAX_REPLY) {
            throw new IOException("a reply of more than " + MAX_REPLY + " bytes is too large");
        }
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }

    /**
     * The next reply: String, Long, {@link NodeLink.Refusal}, List or null; {@link #INCOMPLETE} when more has to come.
     *
     * @throws IOException when it is no reply
     */
    Object next() throws IOException {
        at = from;
        Object reply = reply();
        if (reply != INCOMPLETE) {
            from = at;
        }
        return reply;
    }

    private Object reply() throws IOException {
        String line = line();
        if (line == null) {
            return INCOMPLETE;
        }
        String rest = line.substring(1);
        try {
            return switch (line.charAt(0)) {
                case '+' -> rest;
                case '-' -> new NodeLink.Refusal(rest);
                case ':' -> Long.valueOf(rest);
                case '$' -> bulk(size(rest));
                case '*' -> array(size(rest));
                default -> throw new IOException("not RESP: " + line);
            };
        } catch (NumberFormatException e) {
            throw new IOException("not RESP: " + line, e);
        }
    }

    private static int size(String text) throws IOException {
        int size = Integer.parseInt(text);
        if (size > MAX_REPLY) {
            throw new IOException("a reply of " + size + " is too large");
        }
        return size;
    }

    private Object bulk(int length) {
        if (length < 0) {
            return null;
        }
        if (to - at < length + 2) {
            return INCOMPLETE;
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length + 2;
        return text;
    }

    private Object array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<Object> items = new ArrayList<>(Math.min(length, 64));
        for (int i = 0; i < length; i++) {
            Object item = reply();
            if (item == INCOMPLETE) {
                return INCOMPLETE;
            }
            items.add(item);
        }
        return items;
    }

    /** The line that begins here, without its end; null when its end is not there yet. */
    private String line() throws IOException {
        for (int i = at; i < to - 1; i++) {
            if (bytes[i] == '\r') {
                if (i == at) {
                    throw new IOException("an empty line is no reply");
                }
                String line = new String(bytes, at, i - at, StandardCharsets.UTF_8);
                at = i + 2;
                return line;
            }
        }
        if (to - at > MAX_LINE) {
            throw new IOException("a line of more than " + MAX_LINE + " bytes is no reply");
        }
        return null;
    }
}
