package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotTest {
    /** The allocator hands the same address out again for a larger buffer; which one is larger than before. */
    @Test
    void theViewIsOfTheMemoryAsItIsNow() {
        Random random = new Random(1);
        List<Slot> others = new ArrayList<>();
        for (int round = 0; round < 200; round++) {
            Slot slot = new Slot();
            for (int i = 0; i < 8; i++) {
                assertThat((long) slot.view().capacity()).isEqualTo(slot.buffer.capacity());
                slot.buffer.wrote(slot.buffer.writable());
                slot.buffer.ensure(1 + random.nextInt(100_000));
                if (!others.isEmpty() && random.nextBoolean()) {
                    others.remove(random.nextInt(others.size())).buffer.close();
                }
            }
            others.add(slot);
        }
        others.forEach(slot -> slot.buffer.close());
    }
}
