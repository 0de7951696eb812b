package dev.redisreplication.node.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void aPromotedNodeCoversTheOldHistoryUpToItsOffset() {
        History old = History.fresh();
        History now = old.shifted(History.randomId(), 100);
        assertThat(now.covers(old.replid(), 101))
                .as("has all 100 bytes, wants the next")
                .isTrue();
        assertThat(now.covers(old.replid(), 102)).as("has a byte of its own").isFalse();
        assertThat(now.covers(now.replid().toUpperCase(java.util.Locale.ROOT), 5_000))
                .isTrue();
        assertThat(now.covers("?", 0)).isFalse();
        assertThat(History.fresh().covers(History.NONE, 0)).isFalse();
    }
}
