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
            // Source and target may overlap on purpose (a run): byte by byte, upwards.
            for (int i = 0; i < length; i++) {
                Memory.putByte(out++, Memory.getByte(from++));
            }
        }
        return out == outEnd;
    }
}
