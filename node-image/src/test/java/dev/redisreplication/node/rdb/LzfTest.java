package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LzfTest {
    private static boolean expand(byte[] packed, Slice into, int length) {
        Slice input = new Slice().copyOf(packed);
        boolean good = Lzf.decompress(input.address(), packed.length, into.reserve(length), length);
        into.point(into.reserve(length), length);
        return good;
    }

    @Test
    void literalsAndRuns() {
        // "ab", then 10 bytes from distance 2 (a run that overlaps itself), then "c".
        byte[] packed = {1, 'a', 'b', (byte) (7 << 5), 1, 1, 0, 'c'};
        Slice out = new Slice();
        assertThat(expand(packed, out, 13)).isTrue();
        assertThat(out).hasToString("ababababababc");
    }

    @Test
    void aRunRepeatsWhatLiesBeforeItAtAnyDistanceAndLength() {
        for (int distance = 1; distance <= 20; distance++) {
            for (int length = 3; length <= 60; length++) {
                int more = length < 9 ? 0 : 1;
                byte[] packed = new byte[distance + 3 + more];
                packed[0] = (byte) (distance - 1);
                for (int i = 0; i < distance; i++) {
                    packed[1 + i] = (byte) ('a' + i);
                }
                packed[1 + distance] = (byte) (length < 9 ? length - 2 << 5 : 7 << 5);
                packed[2 + distance] = (byte) (more == 1 ? length - 9 : distance - 1);
                packed[2 + distance + more] = (byte) (distance - 1);
                StringBuilder expected = new StringBuilder("abcdefghijklmnopqrst".substring(0, distance));
                for (int i = 0; i < length; i++) {
                    expected.append(expected.charAt(i));
                }
                Slice out = new Slice();
                boolean good = expand(packed, out, distance + length);
                assertThat(good).as("distance %d, length %d", distance, length).isTrue();
                assertThat(out).hasToString(expected.toString());
            }
        }
    }

    @Test
    void nonsenseIsRefusedAndNeverOverruns() {
        Slice out = new Slice();
        assertThat(expand(new byte[] {5, 'a'}, out, 6)).as("literals missing").isFalse();
        assertThat(expand(new byte[] {0, 'a', (byte) 0x20, 9}, out, 4))
                .as("before the start")
                .isFalse();
        assertThat(expand(new byte[] {1, 'a', 'b', (byte) 0x20}, out, 5))
                .as("distance missing")
                .isFalse();
        assertThat(expand(new byte[] {1, 'a', 'b'}, out, 1)).as("too long").isFalse();
        assertThat(expand(new byte[] {1, 'a', 'b'}, out, 3)).as("too short").isFalse();
    }

    private static byte[] sample(Random random) {
        int kind = random.nextInt(6);
        byte[] bytes = new byte[random.nextInt(kind == 5 ? 300_000 : 3_000)];
        int letters = 1 + random.nextInt(kind == 0 ? 256 : 8);
        for (int i = 0; i < bytes.length; i++) {
            boolean again = i > 10 && kind >= 2 && random.nextInt(20) > 0;
            bytes[i] = (byte) (again ? bytes[i - 1 - random.nextInt(kind == 3 ? 10 : 2)] : random.nextInt(letters));
        }
        return bytes;
    }

    @Test
    void whatIsCompressedComesBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LzfCompressor compressor = new LzfCompressor();
        Slice input = new Slice();
        Slice output = new Slice();
        Slice again = new Slice();
        int shorter = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] plain = sample(random);
            input.copyOf(plain);
            int room = random.nextInt(4) == 0 ? random.nextInt(1 + plain.length) : plain.length;
            long to = output.reserve(room + 1);
            Memory.putByte(to + room, 77);
            int packed = compressor.compress(input.address(), plain.length, to, room);
            assertThat(Memory.getByte(to + room))
                    .as("seed %d, behind its end", seed)
                    .isEqualTo((byte) 77);
            if (packed > 0) {
                shorter++;
                assertThat(expand(Memory.bytes(to, packed), again, plain.length))
                        .as("seed %d, round %d", seed, round)
                        .isTrue();
                assertThat(again.toBytes()).as("seed %d, round %d", seed, round).isEqualTo(plain);
            }
        }
        assertThat(shorter).isGreaterThan(500);
    }

    /** Positions are counted on over all strings, and begin anew before an int is too small for them. */
    @Test
    void aLongLifeOfManyStringsDoesNotMixThem() {
        LzfCompressor compressor = new LzfCompressor();
        Slice input = new Slice().copyOf(new byte[1 << 20]);
        Slice output = new Slice();
        long to = output.reserve(1 << 20);
        int first = compressor.compress(input.address(), 1 << 20, to, 1 << 20);
        for (int round = 0; round < 2_100; round++) {
            assertThat(compressor.compress(input.address(), 1 << 20, to, 1 << 20))
                    .isEqualTo(first);
        }
    }
}
