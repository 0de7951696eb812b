package dev.redisreplication.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GateTest {

    private final Gate gate = new Gate();

    @Test
    void nobodyEntersAClosedGate() {
        assertThat(gate.enter()).isTrue();
        gate.leave();
        assertThat(gate.close(0)).isTrue();
        assertThat(gate.enter()).isFalse();
        assertThat(gate.close(0)).isTrue();
    }

    @Test
    void whoIsInsideIsWaitedFor() {
        assertThat(gate.enter()).isTrue();
        assertThat(gate.close(1)).isFalse();
        CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> gate.close(60_000));
        assertThat(gate.enter()).isFalse();
        gate.leave();
        assertThat(empty.join()).isTrue();
    }
}
