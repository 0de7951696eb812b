package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies of another server, in RESP2. A text is a String ({@link ByteText}), an integer a Long, an array a List, an error an
 * {@link ErrorReply}, no value null. For few and small replies: one that is not whole is read anew when more has come.
 */
public final class ReplyReader {
    private static final int MOST_ELEMENTS = 1 << 20;
    private static final int DEEPEST = 16;

    private long at;
    private long end;
    private boolean whole;
    private Object value;

    /**
     * Reads one reply, which is consumed if it is whole.
     *
     * @return whether there was one; {@link #value} has it
     * @throws ProtocolException when it is none
     */
    public boolean read(NativeBuffer in) throws ProtocolException {
        long from = in.address();
        at = from;
        end = from + in.readable();
        whole = true;
        value = value(0);
        if (whole) {
            in.consume((int) (at - from));
        }
        return whole;
    }

    /** What was read last. */
    public Object value() {
        return value;
    }

    private Object value(int depth) throws ProtocolException {
        if (at == end) {
            return missing();
        }
        int type = Memory.getByte(at++);
        String line = line();
        if (!whole) {
            return null;
        }
        return switch (type) {
            case '+' -> line;
            case '-' -> new ErrorReply(line);
            case ':' -> number(line);
            case '$' -> bulk((int) bounded(line, Integer.MAX_VALUE));
            case '*' -> array((int) bounded(line, MOST_ELEMENTS), depth);
            default -> throw new ProtocolException("a reply that begins with byte " + type);
        };
    }

    private Object missing() {
        whole = false;
        return null;
    }

    private String line() {
        for (long i = at; i < end - 1; i++) {
            if (Memory.getByte(i) == '\r' && Memory.getByte(i + 1) == '\n') {
                String text = ByteText.of(Memory.bytes(at, (int) (i - at)));
                at = i + 2;
                return text;
            }
        }
        missing();
        return "";
    }

    private static long number(String line) throws ProtocolException {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new ProtocolException("'" + line + "' is not a number");
        }
    }

    private static long bounded(String line, long most) throws ProtocolException {
        long number = number(line);
        if (number < -1 || number > most) {
            throw new ProtocolException("a reply of " + number + " bytes or elements");
        }
        return number;
    }

    private Object bulk(int length) {
        if (length < 0) {
            return null;
        }
        if (end - at < length + 2L) {
            return missing();
        }
        String text = ByteText.of(Memory.bytes(at, length));
        at += length + 2L;
        return text;
    }

    private List<Object> array(int elements, int depth) throws ProtocolException {
        if (elements < 0) {
            return null;
        }
        if (depth == DEEPEST) {
            throw new ProtocolException("arrays within arrays without end");
        }
        List<Object> all = new ArrayList<>(Math.min(elements, 64));
        for (int i = 0; i < elements && whole; i++) {
            all.add(value(depth + 1));
        }
        return all;
    }
}
