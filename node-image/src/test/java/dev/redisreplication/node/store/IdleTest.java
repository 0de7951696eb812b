package dev.redisreplication.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IdleTest {
    private static final long NOW = 1_800_000_000L;

    @Test
    void whatIsRecentIsExactAndWhatIsOldIsKnownToASeventh() {
        for (int after = 0; after < Idle.AFTER; after++) {
            assertThat(Idle.time(NOW, Idle.code(NOW, NOW + after))).isEqualTo(NOW + after);
        }
        for (long age = 1; age < 16_000_000; age += 1 + age / 100) {
            int code = Idle.code(NOW, NOW - age);
            assertThat(code).isBetween(0, Idle.AT_REFERENCE - 1);
            long found = NOW - Idle.time(NOW, code);
            assertThat(found).as("age %d", age).isBetween(age, age + age / 7);
            long middle = NOW - Idle.middle(NOW, code);
            assertThat(Math.abs(middle - age)).as("age %d", age).isLessThanOrEqualTo(age / 14);
        }
    }

    @Test
    void laterTimesHaveHigherCodes() {
        int last = 0;
        for (long time = NOW - 20_000_000; time < NOW + Idle.AFTER; time += time < NOW - 1000 ? 97 : 1) {
            int code = Idle.code(NOW, time);
            assertThat(code).isGreaterThanOrEqualTo(last);
            last = code;
        }
        assertThat(last).isEqualTo(255);
    }

    @Test
    void errorsDoNotAddUpHoweverOftenATimeIsWrittenAnew() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            long time = NOW - random.nextInt(1000);
            long reference = NOW;
            int code = Idle.code(reference, time);
            for (int step = 0; step < 300; step++) {
                long next = reference + 1 + random.nextInt(step < 150 ? 100 : 10_000);
                code = Idle.code(next, Idle.time(reference, code));
                reference = next;
                long age = reference - time;
                assertThat(reference - Idle.time(reference, code))
                        .as("step %d", step)
                        .isBetween(age, age + age / 7);
            }
        }
    }

    @Test
    void whatHasNoCodeGetsTheNearest() {
        assertThat(Idle.code(NOW, 0)).isZero();
        assertThat(Idle.code(NOW, NOW + 100_000)).isEqualTo(255);
    }
}
