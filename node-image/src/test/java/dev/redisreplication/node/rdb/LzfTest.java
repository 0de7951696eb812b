package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
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
}
