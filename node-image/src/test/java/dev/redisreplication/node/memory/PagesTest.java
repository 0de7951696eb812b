package dev.redisreplication.node.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final long ARENA = 2 << 20;

    private final List<Long> mapped = new ArrayList<>();

    @AfterEach
    void unmap() {
        mapped.forEach(address -> Pages.unmap(address, ARENA));
    }

    private long map() {
        long address = Pages.mapAligned(ARENA);
        mapped.add(address);
        assertThat(address % ARENA).isZero();
        assertThat(Memory.getLong(address)).isZero();
        assertThat(Memory.getLong(address + ARENA - 8)).isZero();
        Memory.putLong(address, 1);
        Memory.putLong(address + ARENA - 8, 1);
        return address;
    }

    @Test
    void pagesComeBeforeDuringAndAfterTheLinkingOfTheSystemCalls() {
        map();
        Pages.linkInBackground();
        map();
        await().until(() -> {
            map();
            return Pages.linked();
        });
        map();
    }
}
