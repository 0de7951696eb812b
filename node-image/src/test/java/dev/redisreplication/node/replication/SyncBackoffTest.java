package dev.redisreplication.node.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SyncBackoffTest {
    private static final String ONE = "10.0.0.1:6379";
    private static final String OTHER = "10.0.0.2:6379";

    private final SyncBackoff backoff = new SyncBackoff();
    private long now = 1_000_000;

    private long fail(long streamed) {
        backoff.failed(ONE, streamed, now);
        return backoff.waitMillis(ONE, now);
    }

    @Test
    void theWaitsDoubleUpToAMinute() {
        assertThat(backoff.waitMillis(ONE, now)).isZero();
        for (long expected : new long[] {0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000}) {
            long wait = fail(0);
            assertThat(wait).isEqualTo(expected);
            now += wait;
            assertThat(backoff.waitMillis(ONE, now)).isZero();
            now += 5000; // the next full resync, in vain as well
        }
        assertThat(backoff.waitMillis(OTHER, now)).isZero();
    }

    @Test
    void whoStreamedForLongOrDidWellForLongBeginsAnew() {
        fail(0);
        assertThat(fail(59_000)).isEqualTo(1000);
        assertThat(fail(61_000)).isZero();
        assertThat(fail(0)).isEqualTo(1000);
        now += 600_001;
        assertThat(fail(0)).isZero();
    }

    @Test
    void itKnowsNotMoreThanAThousand() {
        for (int i = 0; i < 3000; i++) {
            backoff.failed("10.0.0.1:" + i, 0, now);
            backoff.failed("10.0.0.1:" + i, 0, now);
        }
        assertThat(backoff.waitMillis("10.0.0.1:0", now)).isZero();
        assertThat(backoff.waitMillis("10.0.0.1:2000", now)).isEqualTo(1000);
    }
}
