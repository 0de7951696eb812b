package dev.redisreplication.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void nobodyEntersAClosedGate() {
        assertThat(inFlight.enter()).isTrue();
        inFlight.leave();
        assertThat(inFlight.close(0)).isTrue();
        assertThat(inFlight.enter()).isFalse();
        assertThat(inFlight.close(0)).isTrue();
    }

    @Test
    void whoIsInsideIsWaitedFor() {
        assertThat(inFlight.enter()).isTrue();
        assertThat(inFlight.close(1)).isFalse();
        CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> inFlight.close(60_000));
        assertThat(inFlight.enter()).isFalse();
        inFlight.leave();
        assertThat(empty.join()).isTrue();
    }
}
