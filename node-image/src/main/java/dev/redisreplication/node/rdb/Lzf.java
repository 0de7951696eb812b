package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;

/**
 * Decompression of LZF, which Redis uses for strings above 20 bytes. A control byte below 32 announces that many literal
 * bytes plus one; otherwise its upper three bits are a length (7: one more length byte follows), its lower five and the
 * next byte a distance backwards.
 */
final class Lzf {
    private Lzf() {}

    /**
     * Expands {@code inputLength} bytes at {@code input} to exactly {@code outputLength} bytes at {@code output}.
     *
     * @return false when the input is not LZF of that length; the output is then undefined, but never overrun
     */
    static boolean decompress(long input, long inputLength, long output, long outputLength) {
        long in = input;
        long inEnd = input + inputLength;
        long out = output;
        long outEnd = output + outputLength;
        while (in < inEnd) {
            int control = Memory.getUnsignedByte(in++);
            if (control < 32) {
                int literals = control + 1;
                if (literals > inEnd - in || literals > outEnd - out) {
                    return false;
                }
                Memory.copy(in, out, literals);
                in += literals;
                out += literals;
                continue;
            }
            int length = control >>> 5;
            if (length == 7) {
                if (in >= inEnd) {
                    return false;
                }
                length += Memory.getUnsignedByte(in++);
            }
            length += 2;
            if (in >= inEnd) {
                return false;
            }
            long from = out - ((control & 0x1F) << 8) - Memory.getUnsignedByte(in++) - 1;
            if (from < output || length > outEnd - out) {
                return false;
            }
            repeat(from, out, length);
            out += length;
        }
        return out == outEnd;
    }

    /** Copies upwards. The ranges may overlap on purpose: then what lies between the two addresses is repeated. */
    private static void repeat(long from, long to, int length) {
        long source = from;
        long target = to;
        long end = to + length;
        long distance = to - from;
        if (distance < Long.BYTES) {
            // Whole repetitions by bytes, until the source lies a word behind.
            long words = to + (Long.BYTES + distance - 1) / distance * distance;
            while (target < Math.min(words, end)) {
                Memory.putByte(target++, Memory.getByte(source++));
            }
            source = from;
        }
        for (; target + Long.BYTES <= end; target += Long.BYTES, source += Long.BYTES) {
            Memory.putLong(target, Memory.getLong(source));
        }
        while (target < end) {
            Memory.putByte(target++, Memory.getByte(source++));
        }
    }
}
