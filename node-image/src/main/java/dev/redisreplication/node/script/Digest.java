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
        long high = 0;
        long middle = 0;
        long low = 0;
        for (int i = 0; i < TEXT; i++) {
            int digit = Character.digit(Memory.getUnsignedByte(address + i), 16);
            if (digit < 0) {
                return null;
            }
            high = high << 4 | middle >>> 60;
            middle = middle << 4 | low >>> 28;
            low = (low << 4 | digit) & 0xffff_ffffL;
        }
        return new Digest(high, middle, (int) low);
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(middle) + HEX.toHexDigits(low);
    }
}
