package dev.redisreplication.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.NodeLoop;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CleanEndTest {

    private static final CleanEnd.Bounds PATIENT = new CleanEnd.Bounds(60_000, 60_000, 60_000, 60_000);
    private static final CleanEnd.Bounds HASTY = new CleanEnd.Bounds(1, 100, 1, 60_000);

    private final InFlight inFlight = new InFlight();
    private final NodeLoop loop = new NodeLoop(Clock.MONOTONIC);
    private LeaseServer api;
    private LeaderGuard guard;
    private String me;

    @BeforeEach
    void start() throws IOException {
        api = new LeaseServer();
        guard = new LeaderGuard(api.client, new Settings(true));
        me = guard.configuration().getIdentity().orElseThrow();
        api.heldBy(me);
    }

    @AfterEach
    void stop() {
        loop.close();
        api.close();
    }

    @Test
    void aQuietEndGivesTheLeaseBack() {
        end(PATIENT);
        assertThat(api.written).hasSize(1);
        LeaseSpec spec = api.written.getFirst().getSpec();
        assertThat(spec.getHolderIdentity()).isEmpty();
        assertThat(spec.getLeaseDurationSeconds()).isEqualTo(1);
        assertThat(spec.getLeaseTransitions()).isEqualTo(4);
        assertThat(guard.leading()).isFalse();
        assertThat(inFlight.enter()).isFalse();
    }

    @Test
    void whileSomebodyActsItIsKept() {
        assertThat(inFlight.enter()).isTrue();
        end(HASTY);
        assertThat(api.written).isEmpty();
        assertThat(guard.leading()).isFalse();
    }

    @Test
    void whileTheNodesAreTalkedToItIsKept() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        loop.alarm(() -> {
                    running.countDown();
                    awaitQuietly(stuck);
                })
                .by(0);
        running.await();
        end(HASTY);
        stuck.countDown();
        assertThat(api.written).isEmpty();
    }

    @Test
    void anotherProcessLeaseIsLeftAlone() {
        api.heldBy("another");
        end(PATIENT);
        assertThat(api.written).isEmpty();
    }

    @Test
    void aPauseAfterTheLookEndsNobodyElsesLease() {
        api.afterRead = () -> api.heldBy("another");
        end(PATIENT);
        assertThat(api.written).isEmpty();
        assertThat(api.lease.getSpec().getHolderIdentity()).isEqualTo("another");
    }

    @Test
    void withoutALeaseNothingIsWritten() {
        api.lease = null;
        end(PATIENT);
        assertThat(api.written).isEmpty();
    }

    @Test
    void withoutElectionThereIsNoLeaseToGiveBack() {
        guard = new LeaderGuard(api.client, new Settings(false));
        assertThat(guard.leading()).isTrue();
        end(PATIENT);
        assertThat(api.written).isEmpty();
        assertThat(guard.leading()).isFalse();
    }

    private void end(CleanEnd.Bounds bounds) {
        CleanEnd end = new CleanEnd(guard, loop, inFlight, bounds);
        end.stopActing(null);
        end.giveBack(null);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Settings(boolean leaderElection) implements OperatorSettings {
        @Override
        public String nodeImage() {
            return "";
        }

        @Override
        public Duration leaderLease() {
            return Duration.ofSeconds(15);
        }

        @Override
        public int nodePort() {
            return 6379;
        }
    }
}
