package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/** The id of a stream's entry: two numbers without a sign, the first one a time. */
record StreamId(long milliseconds, long sequence) implements Comparable<StreamId> {

    static final StreamId MIN = new StreamId(0, 0);
    static final StreamId MAX = new StreamId(-1, -1);

    private static final CommandError INVALID =
            new CommandError("ERR Invalid stream ID specified as stream command argument");
    private static final CommandError INVALID_START = new CommandError("ERR invalid start ID for the interval");
    private static final CommandError INVALID_END = new CommandError("ERR invalid end ID for the interval");
    private static final int MAX_TEXT = 127;

    /** Argument {@code i} as an id; where it has one number only, {@code missing} is the second. */
    static StreamId strict(Call call, int i, long missing) {
        return strict(text(call, i), missing);
    }

    private static StreamId strict(String text, long missing) {
        int dash = text.indexOf('-');
        return dash < 0
                ? new StreamId(number(text), missing)
                : new StreamId(number(text.substring(0, dash)), number(text.substring(dash + 1)));
    }

    /** Argument {@code i} as text up to a NUL; no id is longer than Redis' buffer for it. */
    static String text(Call call, int i) {
        if (call.length(i) > MAX_TEXT) {
            throw INVALID;
        }
        return call.shown(i);
    }

    /** Argument {@code i} as the first id of a range: an id, {@code -}, {@code +}, or {@code (id} for the next one. */
    static StreamId rangeStart(Call call, int i) {
        String text = text(call, i);
        if (!isExclusive(text)) {
            return endOrId(text, 0);
        }
        StreamId id = strict(text.substring(1), 0);
        if (id.equals(MAX)) {
            throw INVALID_START;
        }
        return id.next();
    }

    /** Argument {@code i} as the last id of a range: an id, {@code -}, {@code +}, or {@code (id} for the previous one. */
    static StreamId rangeEnd(Call call, int i) {
        String text = text(call, i);
        if (!isExclusive(text)) {
            return endOrId(text, -1);
        }
        StreamId id = strict(text.substring(1), -1);
        if (id.equals(MIN)) {
            throw INVALID_END;
        }
        return id.previous();
    }

    /** Argument {@code i} as an id, {@code -} or {@code +}; where it has one number only, the second is 0. */
    static StreamId loose(Call call, int i) {
        return endOrId(text(call, i), 0);
    }

    private static boolean isExclusive(String text) {
        return text.length() > 1 && text.charAt(0) == '(';
    }

    private static StreamId endOrId(String text, long missing) {
        return switch (text) {
            case "-" -> MIN;
            case "+" -> MAX;
            default -> strict(text, missing);
        };
    }

    /** Digits as C's {@code strtoull} takes them: blanks and a plus may lead. */
    static long number(String text) {
        try {
            if (!text.startsWith("-")) {
                return Long.parseUnsignedLong(text.stripLeading());
            }
        } catch (NumberFormatException e) {
            throw INVALID;
        }
        throw INVALID;
    }

    StreamId next() {
        return sequence == -1 ? new StreamId(milliseconds + 1, 0) : new StreamId(milliseconds, sequence + 1);
    }

    StreamId previous() {
        return sequence == 0 ? new StreamId(milliseconds - 1, -1) : new StreamId(milliseconds, sequence - 1);
    }

    @Override
    public int compareTo(StreamId other) {
        int byTime = Long.compareUnsigned(milliseconds, other.milliseconds);
        return byTime != 0 ? byTime : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(milliseconds) + "-" + Long.toUnsignedString(sequence);
    }
}
