package dev.redisreplication.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandStatsTest {
    private final CommandStats stats = new CommandStats();

    private void call(long nanos, boolean timed) {
        boolean take = timed || stats.isEarly();
        stats.calls++;
        if (take) {
            stats.timed(nanos);
            stats.took(nanos);
        }
    }

    @Test
    void aRareCommandIsTimedEveryTime() {
        call(5_000, false);
        call(1_000, false);
        assertThat(stats.micros()).isEqualTo(6);
        assertThat(stats.latencies().percentile(50)).isEqualTo(1_003); // less than a hundredth above
        assertThat(stats.latencies().percentile(99)).isEqualTo(5_023);
    }

    /** A command that waits is timed twice: until it waits, and when it is answered. */
    @Test
    void whatACallTakesLaterIsNotExtrapolatedTwice() {
        for (int i = 0; i < 100; i++) {
            call(1_000, true);
            stats.more(2_000);
        }
        assertThat(stats.micros()).isEqualTo(300);
    }

    @Test
    void aFrequentOneIsExtrapolatedFromWhatIsTimedLater() {
        call(1_000_000, false); // the first one is slow
        for (int i = 1; i < 64; i++) {
            call(1_000, false);
        }
        for (int i = 0; i < 160; i++) {
            call(2_000, i % 16 == 0);
        }
        assertThat(stats.calls()).isEqualTo(224);
        assertThat(stats.micros()).isEqualTo(1_000 + 63 + 160 * 2);
        stats.reset();
        assertThat(stats.micros()).isZero();
        assertThat(stats.isEarly()).isTrue();
    }
}
