package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;

/**
 * One element of a {@link Block}: a head byte, the value, and the length of both once more so that it can be walked backwards.
 *
 * <pre>
 * 0vvvvvvv            integer 0..127
 * 10llllll            string of up to 63 bytes
 * 110lllll llllllll   string of up to 8191 bytes
 * 0xE0 + 4 bytes      length of a longer string
 * 0xE1 + 2 bytes      integer; 0xE2: 4 bytes; 0xE3: 8 bytes
 * 0xE4 + 8 bytes      score
 * </pre>
 */
public final class Packed {
    private static final int LONG_TEXT = 0xe0;
    private static final int INT16 = 0xe1;
    private static final int INT32 = 0xe2;
    private static final int INT64 = 0xe3;
    private static final int SCORE = 0xe4;

    /** The size of an element that holds a score. */
    public static final int SCORE_SIZE = 10;

    private Packed() {}

    /** The size of the element that these bytes make. */
    public static int sizeFor(long value, int length) {
        return Decimal.isCanonical(value, length) ? sizeFor(Decimal.parse(value, length)) : sizeForText(length);
    }

    private static int sizeForText(int length) {
        int body = length + (length < 64 ? 1 : length < 8192 ? 2 : 5);
        return body + backSize(body);
    }

    private static int sizeFor(long number) {
        return 2 + (number >= 0 && number < 128 ? 0 : (short) number == number ? 2 : (int) number == number ? 4 : 8);
    }

    /** Writes the element that these bytes make; returns the address after it. */
    public static long write(long at, long value, int length) {
        if (Decimal.isCanonical(value, length)) {
            return writeNumber(at, Decimal.parse(value, length));
        }
        long text;
        if (length < 64) {
            Memory.putByte(at, 0x80 | length);
            text = at + 1;
        } else if (length < 8192) {
            Memory.putByte(at, 0xc0 | length >> 8);
            Memory.putByte(at + 1, length);
            text = at + 2;
        } else {
            Memory.putByte(at, LONG_TEXT);
            Memory.putInt(at + 1, length);
            text = at + 5;
        }
        Memory.copy(value, text, length);
        return writeBack(at, text + length);
    }

    private static long writeNumber(long at, long number) {
        if (number >= 0 && number < 128) {
            Memory.putByte(at, (int) number);
            return writeBack(at, at + 1);
        }
        if ((short) number == number) {
            Memory.putByte(at, INT16);
            Memory.putShort(at + 1, (short) number);
            return writeBack(at, at + 3);
        }
        if ((int) number == number) {
            Memory.putByte(at, INT32);
            Memory.putInt(at + 1, (int) number);
            return writeBack(at, at + 5);
        }
        Memory.putByte(at, INT64);
        Memory.putLong(at + 1, number);
        return writeBack(at, at + 9);
    }

    /** Writes a score of {@link #SCORE_SIZE} bytes. */
    public static long writeScore(long at, double score) {
        Memory.putByte(at, SCORE);
        Memory.putDouble(at + 1, score);
        return writeBack(at, at + 9);
    }

    // Seven bits a byte; read from the end: a byte with its high bit set has a further one before it.
    private static long writeBack(long at, long end) {
        long body = end - at;
        int size = backSize(body);
        for (int i = 0; i < size; i++) {
            int bits = (int) (body >>> (7 * (size - 1 - i))) & 0x7f;
            Memory.putByte(end + i, i == 0 ? bits : bits | 0x80);
        }
        return end + size;
    }

    private static int backSize(long body) {
        return body < 1 << 7 ? 1 : body < 1 << 14 ? 2 : body < 1 << 21 ? 3 : body < 1 << 28 ? 4 : 5;
    }

    private static long body(long at) {
        int head = Memory.getUnsignedByte(at);
        if (head < 0x80) {
            return 1;
        }
        if (head < 0xc0) {
            return 1 + (head & 0x3fL);
        }
        if (head < 0xe0) {
            return 2 + ((head & 0x1fL) << 8 | Memory.getUnsignedByte(at + 1));
        }
        return switch (head) {
            case INT16 -> 3;
            case INT32 -> 5;
            case INT64, SCORE -> 9;
            default -> 5L + Memory.getInt(at + 1);
        };
    }

    /** The element after this one. */
    public static long next(long at) {
        long body = body(at);
        return at + body + backSize(body);
    }

    /** The element before the one at (or the end at) this address. */
    public static long previous(long at) {
        long byteAt = at - 1;
        int bits = Memory.getByte(byteAt);
        long body = bits & 0x7f;
        for (int shift = 7; bits < 0; shift += 7) {
            bits = Memory.getByte(--byteAt);
            body |= (long) (bits & 0x7f) << shift;
        }
        return byteAt - body;
    }

    /** Whether it is kept as an integer. */
    public static boolean isNumber(long at) {
        int head = Memory.getUnsignedByte(at);
        return head < 0x80 || head >= INT16 && head <= INT64;
    }

    /** The integer of an element that is one. */
    public static long number(long at) {
        int head = Memory.getUnsignedByte(at);
        return switch (head) {
            case INT16 -> Memory.getShort(at + 1);
            case INT32 -> Memory.getInt(at + 1);
            case INT64 -> Memory.getLong(at + 1);
            default -> head;
        };
    }

    public static double score(long at) {
        return Memory.getDouble(at + 1);
    }

    private static int headSize(long at) {
        int head = Memory.getUnsignedByte(at);
        return head < 0xc0 ? 1 : head < 0xe0 ? 2 : 5;
    }

    /** Points {@code out} at the bytes of the element; an integer is rendered into its buffer. */
    public static Slice get(long at, Slice out) {
        if (isNumber(at)) {
            return out.decimal(number(at));
        }
        int head = headSize(at);
        return out.point(at + head, (int) body(at) - head);
    }

    /** Whether the element's bytes are these; {@code number} says whether they are a canonical integer, {@code parsed} which. */
    public static boolean equal(long at, long value, int length, boolean number, long parsed) {
        if (number || isNumber(at)) {
            return number && isNumber(at) && number(at) == parsed;
        }
        int head = headSize(at);
        return body(at) - head == length && Memory.equal(at + head, value, length);
    }

    /** The order of the element's bytes against others, as memcmp has it. */
    public static int compare(long at, long value, int length, Slice scratch) {
        get(at, scratch);
        return Memory.compare(scratch.address(), scratch.length(), value, length);
    }
}
