package dev.redisreplication.node.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * SipHash-1-3 (Aumasson and Bernstein, 2012) keyed with 128 random bits of this process, so that a client cannot choose
 * keys that collide. The key is a constant to the compiler.
 */
public final class SipHash {
    private static final long K0;
    private static final long K1;

    static {
        ByteBuffer seed = ByteBuffer.wrap(seed());
        K0 = seed.getLong();
        K1 = seed.getLong();
    }

    private SipHash() {}

    // Reading the device is much quicker at start-up than loading the security providers.
    private static byte[] seed() {
        try (InputStream in = Files.newInputStream(Path.of("/dev/urandom"))) {
            byte[] seed = in.readNBytes(16);
            if (seed.length == 16) {
                return seed;
            }
        } catch (IOException e) {
            // No such device here: the JDK's own source will do.
        }
        return new SecureRandom().generateSeed(16);
    }

    /** The hash of some bytes. */
    public static long hash(long address, int length) {
        long v0 = K0 ^ 0x736f6d6570736575L;
        long v1 = K1 ^ 0x646f72616e646f6dL;
        long v2 = K0 ^ 0x6c7967656e657261L;
        long v3 = K1 ^ 0x7465646279746573L;
        long end = address + (length & -8);
        for (long at = address; at != end; at += 8) {
            long m = Memory.getLong(at);
            v3 ^= m;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        long m = (long) length << 56 | tail(end, length & 7);
        v3 ^= m;
        for (int round = 0; round < 4; round++) {
            if (round == 1) {
                v0 ^= m;
                v2 ^= 0xff;
            }
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long tail(long at, int n) {
        if (n >= 4) {
            long low = Memory.getInt(at) & 0xffffffffL;
            long high = Memory.getInt(at + n - 4) & 0xffffffffL;
            return low | high << ((n - 4) << 3);
        }
        long word = 0;
        for (int i = 0; i < n; i++) {
            word |= (long) Memory.getUnsignedByte(at + i) << (i << 3);
        }
        return word;
    }
}
