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
        long from = Math.max(first < 0 ? first + total : first, 0);
        long to = Math.min(Math.max(last < 0 ? last + total : last, 0), total - 1);
        return inBits ? new BitRange(from, to, true) : new BitRange(from * 8, to * 8 + 7, true);
    }

    /** Whether both ends count from the end of the value, the wrong way round: BITCOUNT then looks no further. */
    boolean isReversed() {
        return first < 0 && last < 0 && first > last;
    }

    boolean isEmpty() {
        return first > last;
    }
}
