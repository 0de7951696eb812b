package dev.redisreplication.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void timeWithTooMuchMemoryIsAddedUp() {
        ExceededTime exceededTime = new ExceededTime();
        exceededTime.look(false, 100);
        exceededTime.look(true, 200);
        exceededTime.look(true, 500);
        assertThat(exceededTime.current()).isEqualTo(300);
        exceededTime.look(false, 600);
        assertThat(exceededTime.current()).isZero();
        assertThat(exceededTime.total()).isEqualTo(400);
        exceededTime.look(true, 700);
        exceededTime.look(true, 750);
        assertThat(exceededTime.total()).isEqualTo(450);
    }

    @Test
    void keysThatWereOverBeforeTheCycleCameAreAShareInTheMean() {
        ExpiryStats expiry = new ExpiryStats();
        expiry.cycle(200, 100, false, 1_500_000);
        assertThat(expiry.stalePercent()).isEqualTo(2.5, within(1e-9));
        expiry.cycle(100, 0, true, 1_500_000);
        assertThat(expiry.stalePercent()).isEqualTo(2.375, within(1e-9));
        expiry.cycle(0, 0, false, 0);
        assertThat(expiry.cyclesCut()).isEqualTo(1);
        assertThat(expiry.millis()).isEqualTo(3);
        expiry.reset();
        assertThat(expiry.stalePercent()).isZero();
    }

    @Test
    void aRateIsTheMeanOfItsSamples() {
        Rate rate = new Rate();
        rate.sample(1_000, 0); // where it stood when the first look was taken
        assertThat(rate.mean()).isZero();
        for (int i = 1; i <= 16; i++) {
            rate.sample(1_000 + i * 50L, 100);
        }
        assertThat(rate.mean()).isEqualTo(500);
        rate.sample(0, 100); // zeroed by CONFIG RESETSTAT
        assertThat(rate.mean()).isEqualTo(500 * 15 / 16);
    }
}
