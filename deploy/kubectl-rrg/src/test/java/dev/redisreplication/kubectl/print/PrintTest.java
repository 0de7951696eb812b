package dev.redisreplication.kubectl.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.kubectl.print.Table.Cell;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PrintTest {
    @Test
    void columnsAreAsWideAsTheyNeedAndNoLineEndsInBlanks() {
        Table table = new Table("POD", "ROLE", "PROBLEM");
        table.add(Cell.of("orders-0"), Cell.of("master"), Cell.of(null));
        table.add(Cell.of("a"), Cell.of(null), Cell.of("gone"));
        assertThat(table.lines())
                .containsExactly("POD        ROLE     PROBLEM", "orders-0   master", "a                   gone");
    }

    @Test
    void coloursAreOnlyForTerminals() {
        assertThat(Style.BAD.of("x", true)).isEqualTo("\u001b[31mx\u001b[0m");
        assertThat(Style.BAD.of("x", false)).isEqualTo("x");
        assertThat(Style.PLAIN.of("x", true)).isEqualTo("x");
    }

    @Test
    void figuresAreShort() {
        assertThat(Human.bytes(912)).isEqualTo("912");
        assertThat(Human.bytes(1434)).isEqualTo("1.4 Ki");
        assertThat(Human.bytes(40_000_000)).isEqualTo("38 Mi");
        Instant now = Instant.parse("2026-11-28T13:00:00Z");
        assertThat(Human.since("2026-11-28T12:59:48.100Z", now)).isEqualTo("11s");
        assertThat(Human.since("2026-11-28T12:56:55Z", now)).isEqualTo("3m5s");
        assertThat(Human.since("2026-11-26T12:00:00Z", now)).isEqualTo("2d");
        assertThat(Human.since("nonsense", now)).isEmpty();
        assertThat(Human.since(null, now)).isEmpty();
    }
}
