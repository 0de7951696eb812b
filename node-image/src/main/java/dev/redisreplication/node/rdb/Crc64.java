package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import java.util.function.LongUnaryOperator;

/**
 * CRC-64/Jones (reflected, start value 0, no final xor), the checksum at the end of a dump. Eight bytes a step, by eight
 * tables, and two halves of a block side by side: a step waits for the one before, and the other half has none to wait
 * for.
 */
public final class Crc64 {
    private static final long REFLECTED_POLYNOMIAL = 0x95AC9329AC4BC9B5L;
    /** Words of a half: a checksum of the first half is carried over the second by {@link #carry}. */
    private static final int HALF = 256;

    // One array each, all constants: no step looks whether it is within their bounds.
    private static final long[] T0 = ofBytes(Crc64::byBits);
    private static final long[] T1 = ofBytes(value -> next(T0[(int) value]));
    private static final long[] T2 = ofBytes(value -> next(T1[(int) value]));
    private static final long[] T3 = ofBytes(value -> next(T2[(int) value]));
    private static final long[] T4 = ofBytes(value -> next(T3[(int) value]));
    private static final long[] T5 = ofBytes(value -> next(T4[(int) value]));
    private static final long[] T6 = ofBytes(value -> next(T5[(int) value]));
    private static final long[] T7 = ofBytes(value -> next(T6[(int) value]));

    /** For each byte of a checksum and each of its values: what that becomes by a half of zeros. */
    private static final long[][] CARRY = carries();

    private Crc64() {}

    private static long[] ofBytes(LongUnaryOperator each) {
        long[] table = new long[256];
        for (int value = 0; value < 256; value++) {
            table[value] = each.applyAsLong(value);
        }
        return table;
    }

    private static long byBits(long value) {
        long crc = value;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? (crc >>> 1) ^ REFLECTED_POLYNOMIAL : crc >>> 1;
        }
        return crc;
    }

    private static long next(long crc) {
        return T0[(int) crc & 0xFF] ^ (crc >>> 8);
    }

    private static long[][] carries() {
        // A checksum is linear: that of a word is the xor of those of its bits.
        long[] bits = new long[64];
        for (int bit = 0; bit < 64; bit++) {
            long crc = 1L << bit;
            for (int i = 0; i < HALF; i++) {
                crc = step(crc);
            }
            bits[bit] = crc;
        }
        long[][] tables = new long[8][];
        for (int place = 0; place < 8; place++) {
            int first = 8 * place;
            tables[place] = ofBytes(value -> {
                long sum = 0;
                for (int bit = 0; bit < 8; bit++) {
                    sum ^= (value >>> bit & 1) != 0 ? bits[first + bit] : 0;
                }
                return sum;
            });
        }
        return tables;
    }

    private static long carry(long crc) {
        long sum = 0;
        for (int place = 0; place < 8; place++) {
            sum ^= CARRY[place][(int) (crc >>> 8 * place) & 0xFF];
        }
        return sum;
    }

    /** The checksum after eight bytes, which are mixed into the one before them. */
    private static long step(long mixed) {
        return T7[(int) mixed & 0xFF]
                ^ T6[(int) (mixed >>> 8) & 0xFF]
                ^ T5[(int) (mixed >>> 16) & 0xFF]
                ^ T4[(int) (mixed >>> 24) & 0xFF]
                ^ T3[(int) (mixed >>> 32) & 0xFF]
                ^ T2[(int) (mixed >>> 40) & 0xFF]
                ^ T1[(int) (mixed >>> 48) & 0xFF]
                ^ T0[(int) (mixed >>> 56)];
    }

    /**
     * Continues a checksum.
     *
     * @param crc checksum of the bytes before, 0 at the start
     * @param address first of the next bytes, in native memory
     * @param length how many
     * @return checksum of all bytes so far
     */
    public static long update(long crc, long address, long length) {
        long sum = crc;
        long at = address;
        long end = address + length;
        if (length >= 2 * HALF * Long.BYTES) {
            // On the heap: quick before the code for native memory is as good as it gets.
            long[] words = new long[2 * HALF];
            for (; end - at >= 2 * HALF * Long.BYTES; at += 2 * HALF * Long.BYTES) {
                Memory.copy(at, words, 2 * HALF);
                sum = block(sum, words);
            }
        }
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            sum = step(sum ^ Memory.getLong(at));
        }
        for (; at < end; at++) {
            sum = next(sum ^ (Memory.getByte(at) & 0xFF));
        }
        return sum;
    }

    private static long block(long crc, long[] words) {
        long first = crc;
        long second = 0;
        for (int i = 0; i < HALF; i++) {
            first = step(first ^ words[i]);
            second = step(second ^ words[HALF + i]);
        }
        return carry(first) ^ second;
    }
}
