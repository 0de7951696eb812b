package dev.redisreplication.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlabsTest {
    private record Held(long block, int size, long mark) {}

    private final Slabs slabs = new Slabs();

    @AfterEach
    void close() {
        slabs.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void blocksDoNotOverlapAndAreCounted(long seed) {
        Random random = new Random(seed);
        List<Held> held = new ArrayList<>();
        TreeMap<Long, Long> ranges = new TreeMap<>();
        long used = 0;
        for (int i = 0; i < 60_000; i++) {
            boolean growing = i / 10_000 % 2 == 0;
            if (held.isEmpty() || random.nextInt(10) < (growing ? 7 : 2)) {
                int size = size(random);
                long block = slabs.allocate(size);
                long usable = Slabs.usable(size);
                assertThat(usable).isGreaterThanOrEqualTo(size);
                var before = ranges.lowerEntry(block + usable);
                assertThat(before == null || before.getValue() <= block)
                        .as("seed %d step %d", seed, i)
                        .isTrue();
                ranges.put(block, block + usable);
                used += usable;
                long mark = random.nextLong();
                Memory.putLong(block, mark);
                Memory.putByte(block + usable - 1, (int) mark);
                held.add(new Held(block, size, mark));
            } else {
                Held gone = held.remove(random.nextInt(held.size()));
                long usable = Slabs.usable(gone.size());
                if (usable > 8) {
                    assertThat(Memory.getLong(gone.block())).isEqualTo(gone.mark());
                    assertThat(Memory.getByte(gone.block() + usable - 1)).isEqualTo((byte) gone.mark());
                }
                ranges.remove(gone.block());
                used -= usable;
                slabs.free(gone.block(), random.nextBoolean() ? gone.size() : usable);
            }
            assertThat(slabs.used()).isEqualTo(used);
            assertThat(slabs.reserved()).isGreaterThanOrEqualTo(used);
        }
        held.forEach(h -> slabs.free(h.block(), h.size()));
        assertThat(slabs.used()).isZero();
    }

    private static int size(Random random) {
        return switch (random.nextInt(60)) {
            case 0 -> 1 + random.nextInt(300_000);
            case 1, 2, 3 -> 1 + random.nextInt(40_000);
            default -> 1 + random.nextInt(500);
        };
    }

    @Test
    void arenasAreGivenBack() {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            blocks.add(slabs.allocate(100));
        }
        assertThat(slabs.reserved()).isGreaterThan(18L << 20);
        blocks.forEach(block -> slabs.free(block, 100));
        assertThat(slabs.used()).isZero();
        assertThat(slabs.reserved()).isLessThanOrEqualTo(4L << 20);
    }

    @Test
    void everySizeFitsItsClass() {
        for (int size = 1; size <= 40_000; size++) {
            assertThat(Slabs.usable(size)).isGreaterThanOrEqualTo(size);
            assertThat(Slabs.usable(Slabs.usable(size))).as("%d", size).isEqualTo(Slabs.usable(size));
            if (size > 128 && size <= 32 << 10) {
                assertThat(Slabs.usable(size)).isLessThanOrEqualTo(size + size / 8);
            }
        }
    }
}
