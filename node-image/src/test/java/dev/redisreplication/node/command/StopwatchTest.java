package dev.redisreplication.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    private static final long MILLI = 1_000_000; // nanoseconds

    private final Stopwatch stopwatch = new Stopwatch();

    @Test
    void whatTakesAsLongAsSomeBeatsIsSeen() {
        stopwatch.limit(8 * MILLI);
        stopwatch.manyAtOnce();
        assertThat(stopwatch.allowsUntimed()).isTrue();
        long from = stopwatch.read();
        long[] nanos = new long[1];
        Awaitility.await().pollInterval(Duration.ofMillis(9)).until(() -> {
            nanos[0] = stopwatch.sinceLastIfBeat();
            return nanos[0] != 0;
        });
        assertThat(nanos[0]).isBetween(1L, System.nanoTime() - from);
        assertThat(stopwatch.isSlow(8 * MILLI)).isTrue();
        assertThat(stopwatch.isSlow(8 * MILLI - 1)).isFalse();
    }

    /** With a short limit all commands are timed; without one nobody asks. */
    @Test
    void nothingBeatsForAShortLimitOrNone() {
        stopwatch.limit(Long.MAX_VALUE);
        stopwatch.manyAtOnce();
        assertThat(stopwatch.isBeating()).isFalse();
        assertThat(stopwatch.allowsUntimed()).isTrue();
        stopwatch.limit(3 * MILLI);
        stopwatch.manyAtOnce();
        assertThat(stopwatch.isBeating()).isFalse();
        assertThat(stopwatch.allowsUntimed()).isFalse();
        assertThat(stopwatch.sinceLastIfBeat()).isZero();
    }

    @Test
    void theBeatStopsWhenItIsNotUsed() {
        stopwatch.limit(4 * MILLI);
        stopwatch.manyAtOnce();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !stopwatch.isBeating());
        stopwatch.manyAtOnce();
        assertThat(stopwatch.isBeating()).isTrue();
    }
}
