package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;

/** Words in native memory, compared without regard to case and without a String. */
public final class Ascii {
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

    /** A hash that is the same for any case; {@link #hash(byte[])} gives it for upper-case bytes. */
    public static int hash(long address, int length) {
        int h = length;
        for (int i = 0; i < length; i++) {
            h = h * 31 + upper(Memory.getByte(address + i));
        }
        return h ^ h >>> 10;
    }

    /** The hash of upper-case bytes. */
    public static int hash(byte[] upper) {
        int h = upper.length;
        for (byte b : upper) {
            h = h * 31 + b;
        }
        return h ^ h >>> 10;
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
