package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Twenty bytes that things are put into, in the two ways of Redis' digest of data: in any order ({@link #add}), or in the
 * order in which they come ({@link #mix}). For one thread.
 */
final class Sha1 {
    static final int SIZE = 20;

    private static final int CHUNK = 4096;

    private final MessageDigest sha;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] hash = new byte[SIZE];

    Sha1() {
        try {
            sha = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Puts bytes into the sum; the order of several does not matter. */
    void add(byte[] sum, long address, int length) {
        for (int done = 0; done < length; ) {
            int size = Math.min(CHUNK, length - done);
            Memory.copy(address + done, chunk, 0, size);
            sha.update(chunk, 0, size);
            done += size;
        }
        xor(sum);
    }

    /** As {@link #add(byte[], long, int)}. */
    void add(byte[] sum, byte[] bytes) {
        sha.update(bytes);
        xor(sum);
    }

    private void xor(byte[] sum) {
        finish(hash);
        for (int i = 0; i < SIZE; i++) {
            sum[i] ^= hash[i];
        }
    }

    /** Puts bytes into the sum, behind what is in it. */
    void mix(byte[] sum, long address, int length) {
        add(sum, address, length);
        sha.update(sum);
        finish(sum);
    }

    /** As {@link #mix(byte[], long, int)}. */
    void mix(byte[] sum, byte[] bytes) {
        add(sum, bytes);
        sha.update(sum);
        finish(sum);
    }

    /** A text of one byte a character. */
    void mix(byte[] sum, String text) {
        mix(sum, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A number as four bytes, the highest first. */
    void mix(byte[] sum, int number) {
        mix(sum, new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    private void finish(byte[] into) {
        try {
            sha.digest(into, 0, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(byte[] sum) {
        return HexFormat.of().formatHex(sum);
    }
}
