package dev.redisreplication.operator;

import static dev.redisreplication.operator.WatchHealth.PATIENCE_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WatchHealthTest {

    private final WatchHealth.Away away = new WatchHealth.Away();

    @Test
    void atTheStartAllHaveToBeThere() {
        assertThat(away.look(List.of("pods", "groups"), 0)).containsExactly("groups", "pods");
        assertThat(away.look(List.of("pods"), 1)).containsExactly("pods");
        assertThat(away.look(List.of(), 2)).isEmpty();
    }

    @Test
    void aWatchThatIsOpenedAgainIsWaitedFor() {
        away.look(List.of(), 0);
        assertThat(away.look(List.of("pods"), 1000)).isEmpty();
        assertThat(away.look(List.of("pods"), 1000 + PATIENCE_MS - 1)).isEmpty();
        assertThat(away.look(List.of("pods"), 1000 + PATIENCE_MS)).containsExactly("pods");
        assertThat(away.look(List.of(), 60_000)).isEmpty();
        assertThat(away.look(List.of("pods"), 61_000)).isEmpty();
    }

    @Test
    void eachHasATimeOfItsOwn() {
        away.look(List.of(), 0);
        for (long now = 0; now < 5 * PATIENCE_MS; now += 5000) {
            assertThat(away.look(List.of("watch-" + now / 5000 % 2), now)).isEmpty();
        }
    }
}
