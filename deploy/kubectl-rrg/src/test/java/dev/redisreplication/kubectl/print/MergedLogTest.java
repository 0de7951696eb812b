package dev.redisreplication.kubectl.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergedLogTest {
    @Test
    void linesOfSeveralNodesStandInTheOrderOfTheirTimes() {
        MergedLog log = new MergedLog();
        log.add("a  ", """
                1:M 28 Nov 2026 13:42:29.510 * first
                1:M 28 Nov 2026 13:42:31.000 * third
                a trace of the third
                """);
        log.add("b  ", """
                2:S 28 Nov 2026 13:42:30.001 # second
                2:S 28 Nov 2026 13:42:31.001 * fourth
                """);
        assertThat(log.lines())
                .containsExactly(
                        "a  1:M 28 Nov 2026 13:42:29.510 * first",
                        "b  2:S 28 Nov 2026 13:42:30.001 # second",
                        "a  1:M 28 Nov 2026 13:42:31.000 * third",
                        "a  a trace of the third",
                        "b  2:S 28 Nov 2026 13:42:31.001 * fourth");
    }
}
