package dev.redisreplication.operator;

import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.NodeLoop;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Starts the thread that watches all nodes, and lets Kubernetes restart this process should it ever stand still. */
@Liveness
@Singleton
class NodeThread implements HealthCheck {

    private static final Duration STILL = Duration.ofSeconds(20);

    private final Clock clock = Clock.MONOTONIC;
    private final NodeLoop loop = new NodeLoop(clock);

    @Produces
    @Singleton
    NodeLoop loop() {
        return loop;
    }

    @Override
    public HealthCheckResponse call() {
        boolean turns = clock.millis() - loop.turnedAt() < STILL.toMillis();
        return HealthCheckResponse.named("nodes are watched").status(turns).build();
    }
}
