package dev.redisreplication.operator;

import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.observe.NodeLoop;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * The order in which this process ends when it is asked to: it stops to act, the SDK stops, and only then, and only if it is certain
 * that nothing can leave it any more, the leader's lease is given back. What cannot be told within the bounds here ends without
 * that; the next leader then waits for the lease, as after a crash. All bounds together are well within the 30 s that Kubernetes
 * gives a pod.
 */
@Singleton
public class CleanEnd {

    private static final Logger LOG = Logger.getLogger(CleanEnd.class);

    /**
     * How long each step may take, in milliseconds.
     *
     * @param acts a failover under way may come to its end
     * @param loop the thread that talks to the nodes
     * @param requests what is still under way then can order nothing any more, but waits for the API server
     * @param release of the lease
     */
    record Bounds(long acts, long loop, long requests, long release) {}

    private final LeaderGuard leadership;
    private final NodeLoop nodes;
    private final InFlight inFlight;
    private final Bounds bounds;
    private boolean silent;

    @Inject
    CleanEnd(LeaderGuard leadership, NodeLoop nodes, InFlight inFlight) {
        this(leadership, nodes, inFlight, new Bounds(5_000, 2_000, 3_000, 3_000));
    }

    CleanEnd(LeaderGuard leadership, NodeLoop nodes, InFlight inFlight, Bounds bounds) {
        this.leadership = leadership;
        this.nodes = nodes;
        this.inFlight = inFlight;
        this.bounds = bounds;
    }

    /** Of this process; whoever acts asks for it. */
    @Singleton
    static class InFlightProducer {
        @Produces
        @Singleton
        InFlight inFlight() {
            return new InFlight();
        }
    }

    /** Before the SDK's own end, which interrupts whoever is about to write. The elector still renews the lease meanwhile. */
    void stopActing(@Observes @Priority(1) ShutdownEvent event) {
        inFlight.close(bounds.acts());
        leadership.end();
        boolean deaf = nodes.end(bounds.loop());
        silent = inFlight.close(bounds.requests()) && deaf;
    }

    /** After the SDK's end: the elector would take the lease again. */
    void giveBack(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        if (!silent) {
            LOG.warn("something is still under way; the leader's lease is left to run out");
            return;
        }
        leadership.release(bounds.release());
    }
}
