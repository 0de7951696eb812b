package dev.redisreplication.node.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Memory;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EffectLogTest {
    private final EffectLog log = new EffectLog();

    @AfterEach
    void close() {
        log.close();
    }

    private byte[] read(long from, long to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long at = from; at < to; ) {
            int length = (int) Math.min(log.contiguous(at), to - at);
            out.writeBytes(Memory.bytes(log.address(at), length));
            at += length;
        }
        return out.toByteArray();
    }

    @Test
    void givesBackWhatWasAppendedAcrossChunksAndTrims() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        log.restartAt(1_000_003);
        byte[] all = new byte[3_000_000];
        random.nextBytes(all);
        int written = 0;
        while (written < all.length) {
            int length = Math.min(all.length - written, random.nextInt(100_000));
            log.append(Arrays.copyOfRange(all, written, written + length));
            written += length;
            if (random.nextInt(4) == 0) {
                log.trimTo(log.start() + random.nextInt(200_000));
            }
        }
        assertThat(log.end()).isEqualTo(1_000_003 + all.length);
        int from = (int) (log.start() - 1_000_003);
        assertThat(read(log.start(), log.end()))
                .as("seed %d", seed)
                .isEqualTo(Arrays.copyOfRange(all, from, all.length));
    }

    @Test
    void keepsNoMoreMemoryThanItHolds() {
        byte[] part = new byte[10_000];
        for (int i = 0; i < 10_000; i++) {
            log.append(part);
            log.trimTo(log.end() - 100_000);
        }
        assertThat(log.memory()).isLessThan(100_000 + 4L * EffectLog.CHUNK);
        assertThat(log.size()).isEqualTo(100_000);
    }

    @Test
    void restartsElsewhere() {
        log.append(new byte[] {1, 2, 3});
        log.restartAt(77);
        assertThat(log.start()).isEqualTo(77);
        assertThat(log.end()).isEqualTo(77);
        assertThat(log.contiguous(77)).isZero();
        log.append(new byte[] {9});
        assertThat(read(77, 78)).containsExactly(9);
    }
}
