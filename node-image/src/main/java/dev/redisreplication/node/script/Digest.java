package dev.redisreplication.node.script;

import dev.redisreplication.node.memory.Memory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-1 of a script, its name in the cache. */
record Digest(long high, long middle, int low) {
    /** Length of its text. */
    static final int TEXT = 40;

    private static final HexFormat HEX = HexFormat.of();
    private static final MessageDigest SHA1 = sha1();

    /** The digit that a byte is, or -1. */
    private static final byte[] DIGITS = digits();

    private static byte[] digits() {
        byte[] digits = new byte[256];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) Character.digit(i, 16);
        }
        return digits;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** That of {@code length} bytes. */
    static Digest of(long address, long length) {
        byte[] sum;
        synchronized (SHA1) { // several servers may share a process
            SHA1.update(Memory.segment(address, length).asByteBuffer());
            sum = SHA1.digest();
        }
        ByteBuffer all = ByteBuffer.wrap(sum);
        return new Digest(all.getLong(), all.getLong(), all.getInt());
    }

    /** The one that is written there in hexadecimal, in any case; null if none is. */
    static Digest parse(long address, int length) {
        if (length != TEXT) {
            return null;
        }
        int wrong = 0;
        for (int i = 0; i < TEXT; i++) {
            wrong |= DIGITS[Memory.getUnsignedByte(address + i)];
        }
        return wrong < 0
                ? null
                : new Digest(number(address, 16), number(address + 16, 16), (int) number(address + 32, 8));
    }

    private static long number(long address, int digits) {
        long number = 0;
        for (int i = 0; i < digits; i++) {
            number = number << 4 | DIGITS[Memory.getUnsignedByte(address + i)];
        }
        return number;
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(middle) + HEX.toHexDigits(low);
    }
}
