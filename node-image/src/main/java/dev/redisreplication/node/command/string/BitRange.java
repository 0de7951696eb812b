package dev.redisreplication.node.command.string;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/**
 * {@code [start [end [BYTE | BIT]]]}: a part of a value, negative numbers from its end.
 *
 * @param first the first bit, once {@link #within} a length
 * @param last the last bit, included
 * @param inBits whether the numbers as given are bits, not bytes
 */
record BitRange(long first, long last, boolean inBits) {

    private static final BitRange NOTHING = new BitRange(0, -1, true);

    /**
     * Reads the range of BITCOUNT from argument {@code from} on, as {@link #parse}. Where both ends count from the end of
     * the value, the wrong way round, Redis looks no further, at the unit neither.
     */
    static BitRange parseUnlessReversed(Call call, int from, long bytes) {
        if (call.argc() > from + 1) {
            long first = call.asLong(from);
            long last = call.asLong(from + 1);
            if (first < 0 && last < 0 && first > last) {
                return NOTHING;
            }
        }
        return parse(call, from).within(bytes);
    }

    /** Reads the range from argument {@code from} on; what is missing means all. */
    static BitRange parse(Call call, int from) {
        long first = call.argc() > from ? call.asLong(from) : 0;
        boolean inBits = false;
        if (call.argc() > from + 2) {
            inBits = call.is(from + 2, "BIT");
            if (!inBits && !call.is(from + 2, "BYTE")) {
                throw CommandError.SYNTAX;
            }
        }
        long last = call.argc() > from + 1 ? call.asLong(from + 1) : -1;
        return new BitRange(first, last, inBits);
    }

    /** The range within a value of {@code bytes} bytes, in bits from its start. */
    BitRange within(long bytes) {
        long total = inBits ? bytes * 8 : bytes;
        // Beyond the end it is all the same where; a byte's number could be too large to be counted in bits.
        long from = Math.clamp(first < 0 ? first + total : first, 0, total);
        long to = Math.min(Math.max(last < 0 ? last + total : last, 0), total - 1);
        return inBits ? new BitRange(from, to, true) : new BitRange(from * 8, to * 8 + 7, true);
    }

    boolean isEmpty() {
        return first > last;
    }
}
