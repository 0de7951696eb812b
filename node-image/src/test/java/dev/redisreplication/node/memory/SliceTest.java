package dev.redisreplication.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SliceTest {

    @Test
    void largeOnesAreNotBoundByTheLimitOfDirectMemory() {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findAny()
                .orElseThrow();
        Slice slice = new Slice();
        long before = direct.getTotalCapacity();
        for (int size = 1 << 17; size <= 1 << 26; size *= 2) {
            long at = slice.reserve(size);
            Memory.putByte(at + size - 1, 7);
            assertThat(slice.point(at, size).length()).isEqualTo(size);
        }
        assertThat(direct.getTotalCapacity() - before).isLessThan(1 << 25);
    }
}
