package dev.redisreplication.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLimitTest {
    private final LogLimit limit = new LogLimit();
    private final List<String> summaries = new ArrayList<>();

    private int taken(String line, int times, long now) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += limit.takes(line.replace("N", Integer.toString(i * 7)), now, summaries::add) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void linesThatDifferInNumbersOnlyAreHeldBackAndCounted() {
        assertThat(taken("link to 127.0.0.1:N failed", 1000, 5)).isEqualTo(20);
        assertThat(taken("something else", 3, 6)).isEqualTo(3);
        assertThat(summaries).isEmpty();
        assertThat(taken("something else", 1, 10_005)).isEqualTo(1);
        assertThat(summaries)
                .containsExactly("980 more lines like this were left out within 10 seconds: link to #.#.#.#:# failed");
        assertThat(taken("link to 127.0.0.1:N failed", 30, 10_006)).isEqualTo(20);
    }

    @Test
    void remembersABoundedNumberOfKinds() {
        for (int i = 0; i < 100_000; i++) {
            String word = Integer.toString(i, 26).replaceAll("[0-9]", "z") + (char) ('a' + i % 26);
            assertThat(limit.takes(word + i, 0, summaries::add)).isIn(true, false);
        }
        assertThat(limit.kinds()).isLessThanOrEqualTo(256);
    }
}
