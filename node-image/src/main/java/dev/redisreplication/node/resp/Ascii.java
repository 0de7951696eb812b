package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;

/** Words in native memory, compared without regard to case and without a String. */
public final class Ascii {
    /** How many bytes make a {@link #word}. */
    public static final int WORD = 8;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Ascii() {}

    /** Whether the bytes are {@code upper} in any case; {@code upper} has no lower-case letter. */
    public static boolean same(long address, int length, String upper) {
        if (length != upper.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (upper(Memory.getByte(address + i)) != upper.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are {@code upper} in any case; {@code upper} has no lower-case letter. */
    public static boolean same(long address, int length, byte[] upper) {
        if (length != upper.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (upper(Memory.getByte(address + i)) != upper[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first {@link #WORD} bytes at most, in upper case, the first one lowest; bytes that are not there are 0. */
    public static long word(long address, int length) {
        long bytes;
        if (length >= WORD) {
            bytes = Memory.getLong(address);
        } else if (length >= 4) { // two loads that overlap
            bytes = Memory.getInt(address) & 0xffff_ffffL
                    | (Memory.getInt(address + length - 4) & 0xffff_ffffL) << 8 * (length - 4);
        } else if (length > 0) {
            int middle = length >>> 1;
            int last = length - 1;
            bytes = Memory.getUnsignedByte(address)
                    | Memory.getUnsignedByte(address + middle) << 8 * middle
                    | Memory.getUnsignedByte(address + last) << 8 * last;
        } else {
            bytes = 0;
        }
        return upper(bytes);
    }

    /** The word of upper-case bytes. */
    public static long word(byte[] upper) {
        long word = 0;
        for (int i = 0; i < Math.min(upper.length, WORD); i++) {
            word |= (upper[i] & 0xffL) << 8 * i;
        }
        return word;
    }

    // All bytes at once: the high bit of each says whether it is at least 'a', and whether it is beyond 'z'.
    private static long upper(long bytes) {
        long low = bytes & ~HIGH_BITS;
        long fromA = low + (0x80 - 'a') * ONES;
        long beyondZ = low + (0x7f - 'z') * ONES;
        long letters = (fromA ^ beyondZ) & ~bytes & HIGH_BITS;
        return bytes ^ letters >>> 2;
    }

    /** The bytes as {@link ByteText}: nothing is lost. */
    public static String string(long address, int length) {
        return ByteText.of(bytes(address, length));
    }

    /** The bytes as a String, each a character (ISO-8859-1). */
    public static String latin(long address, int length) {
        return new String(bytes(address, length), StandardCharsets.ISO_8859_1);
    }

    /** A copy of the bytes. */
    public static byte[] bytes(long address, int length) {
        return Memory.bytes(address, length);
    }

    private static int upper(int c) {
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }
}
