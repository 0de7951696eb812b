package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import java.util.Arrays;

/**
 * Compression to the form that {@link Lzf} expands. A table remembers where three bytes were last seen; it is kept for the
 * next string, whose positions are counted on from those of the string before, which makes what is left of that one
 * recognizably old. It is as large as the longest string so far asks for. One thread.
 */
final class LzfCompressor {
    private static final int LONGEST_LITERALS = 32;
    private static final int LONGEST_MATCH = 264;
    private static final int FARTHEST = 1 << 13;
    private static final int LEAST_BITS = 8;
    private static final int MOST_BITS = 14;
    /** After so many bytes without a match, as a power of two, the steps become longer: what is random is soon left alone. */
    private static final int PATIENCE_BITS = 5;

    private static final int LONGEST_STEP = 32;

    private int[] seen = new int[1 << LEAST_BITS]; // position + 1 counted over all strings
    private int bits = LEAST_BITS;
    private int before; // bytes of all strings since the table was empty

    private long out;
    private long outEnd;

    /**
     * Compresses {@code length} bytes at {@code input} into at most {@code room} bytes at {@code output}.
     *
     * @return the compressed length, or 0 when it would be more than {@code room}; the output is then undefined, but never
     *     overrun
     */
    int compress(long input, int length, long output, int room) {
        prepare(length);
        out = output;
        outEnd = output + room;
        int literals = 0; // where those begin that are not written yet
        int at = 0;
        while (at <= length - Integer.BYTES) {
            int from = exchange(input, at);
            if (from < 0 || at - from > FARTHEST || !sameThree(input + from, input + at)) {
                at += Math.min(1 + (at - literals >>> PATIENCE_BITS), LONGEST_STEP);
                continue;
            }
            int match = matching(input + from, input + at, Math.min(length - at, LONGEST_MATCH));
            if (!literals(input + literals, at - literals) || !match(at - from, match)) {
                before += length;
                return 0;
            }
            at += match;
            literals = at;
            if (at <= length - Integer.BYTES) { // what the match covers is found again by its end
                exchange(input, at - 2);
                exchange(input, at - 1);
            }
        }
        before += length;
        return literals(input + literals, length - literals) ? (int) (out - output) : 0;
    }

    private void prepare(int length) {
        int wanted = Math.clamp(Integer.SIZE - Integer.numberOfLeadingZeros(length), LEAST_BITS, MOST_BITS);
        if (wanted > bits) {
            bits = wanted;
            seen = new int[1 << bits];
            before = 0;
        } else if (before > Integer.MAX_VALUE - length - 1) {
            Arrays.fill(seen, 0);
            before = 0;
        }
    }

    /** Remembers this position for its three bytes, and says where they were before; negative: not in this string. */
    private int exchange(long input, int at) {
        int slot = (Memory.getInt(input + at) << 8) * 0x9E3779B1 >>> Integer.SIZE - bits;
        int last = seen[slot] - 1 - before;
        seen[slot] = before + at + 1;
        return last;
    }

    private static boolean sameThree(long a, long b) {
        return (Memory.getInt(a) ^ Memory.getInt(b)) << 8 == 0;
    }

    /** How many of at most {@code most} bytes are the same. */
    private static int matching(long a, long b, int most) {
        int same = 0;
        while (same <= most - Long.BYTES) {
            long difference = Memory.getLong(a + same) ^ Memory.getLong(b + same);
            if (difference != 0) {
                return same + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            same += Long.BYTES;
        }
        while (same < most && Memory.getByte(a + same) == Memory.getByte(b + same)) {
            same++;
        }
        return same;
    }

    private boolean literals(long from, int count) {
        int left = count;
        long at = from;
        while (left > 0) {
            int some = Math.min(left, LONGEST_LITERALS);
            if (some + 1 > outEnd - out) {
                return false;
            }
            Memory.putByte(out, some - 1);
            Memory.copy(at, out + 1, some);
            out += some + 1;
            at += some;
            left -= some;
        }
        return true;
    }

    private boolean match(int distance, int length) {
        if (outEnd - out < 3) {
            return false;
        }
        int back = distance - 1;
        int code = length - 2;
        if (code < 7) {
            Memory.putByte(out++, code << 5 | back >>> 8);
        } else {
            Memory.putByte(out++, 7 << 5 | back >>> 8);
            Memory.putByte(out++, code - 7);
        }
        Memory.putByte(out++, back & 0xFF);
        return true;
    }
}
