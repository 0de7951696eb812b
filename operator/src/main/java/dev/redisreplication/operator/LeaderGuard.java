package dev.redisreplication.operator;

import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.Leadership;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Leader election, and the proof by a local clock that this process still leads.
 *
 * <p>The elector ends the process when it loses its lease, but a process that was paused acts before it notices. So the lease is
 * read now and then: when it has been renewed since the last reading, nobody else can have taken it before that reading plus its
 * duration, by this process' own monotonic clock.
 */
@ApplicationScoped
public class LeaderGuard implements Leadership {

    private static final Logger LOG = Logger.getLogger(LeaderGuard.class);
    private static final String LEASE = "redis-replication-operator";

    private final Clock clock = Clock.MONOTONIC;
    private final KubernetesClient client;
    private final boolean elected;
    private final Duration duration;
    private final Duration renewDeadline;
    private final Duration retry;
    private final long marginMs;
    private final String namespace;
    private final String identity;
    private volatile long since = clock.millis();
    private volatile long validUntil;
    private volatile boolean stopped;

    LeaderGuard(KubernetesClient client, OperatorSettings settings) {
        this.client = client;
        this.elected = settings.leaderElection();
        this.duration = settings.leaderLease();
        // Nearly the proportions of Kubernetes' own components: 15, 10 and 2 seconds. Of the default of 4 s a standby
        // leads within
        // 4.7 s, as an attempt comes up to a fifth later than it is due.
        this.renewDeadline = duration.multipliedBy(2).dividedBy(3);
        this.retry = duration.multipliedBy(3).dividedBy(20);
        this.marginMs = duration.toMillis() / 15;
        this.namespace = Objects.requireNonNullElse(System.getenv("POD_NAMESPACE"), "default");
        String pod = Objects.requireNonNullElse(System.getenv("POD_NAME"), "operator");
        // A pod's name outlives its process.
        this.identity = pod + "_" + UUID.randomUUID();
        this.validUntil = elected ? 0 : Long.MAX_VALUE;
    }

    /** For the Java Operator SDK; null when election is off. */
    LeaderElectionConfiguration configuration() {
        if (!elected) {
            return null;
        }
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withLeaseDuration(duration)
                .withRenewDeadline(renewDeadline)
                .withRetryPeriod(retry)
                .withExitOnStopLeading(false) // it would do so inside the process' own end too, and wait there for ever
                .withLeaderCallbacks(new LeaderCallbacks(this::started, this::lost, leader -> {}))
                .build();
    }

    private void started() {
        since = clock.millis();
        // The lease was won within the last renew deadline at the latest.
        validUntil = since + duration.minus(renewDeadline).toMillis() - marginMs;
        LOG.infof("leading as %s", identity);
        Thread.ofPlatform().name("leader-guard").daemon().start(this::watch);
    }

    /**
     * The lease was lost, or is given back because the process ends already: then the exit here waits for that end, which a
     * daemon may.
     */
    private void lost() {
        ended();
        Thread.ofPlatform().daemon().name("leader-exit").start(() -> System.exit(1));
    }

    private void ended() {
        validUntil = 0;
    }

    private void watch() {
        Object renewal = null;
        long readAt = 0;
        boolean proven = false;
        while (!stopped) {
            long asked = clock.millis();
            try {
                Lease lease =
                        client.leases().inNamespace(namespace).withName(LEASE).get();
                boolean mine = lease != null && identity.equals(lease.getSpec().getHolderIdentity());
                if (!mine) {
                    ended();
                    return;
                }
                Object now = lease.getSpec().getRenewTime();
                if (readAt != 0 && !Objects.equals(now, renewal)) {
                    // Renewed after the reading before this one.
                    validUntil = Math.max(validUntil, readAt + duration.toMillis() - marginMs);
                    proven = true;
                }
                renewal = now;
                readAt = asked;
            } catch (KubernetesClientException e) {
                LOG.debugf("the leader's lease could not be read: %s", e.getMessage());
            }
            // Two readings make a proof, and one may fail: four a duration leave time for both.
            LockSupport.parkNanos((proven ? duration.dividedBy(4) : retry).toNanos());
        }
    }

    /** This process does not act as leader any more, whatever becomes of the lease. */
    void end() {
        stopped = true;
    }

    /**
     * Gives the lease back, if this process still holds it: whoever waits for it need not wait until it runs out. Only to be
     * called when nothing can leave this process any more, and when its elector has ended.
     *
     * @param millis how long to wait for the API server
     */
    void release(long millis) {
        if (!elected) {
            return;
        }
        Thread release = Thread.ofPlatform().name("leader-release").daemon().start(() -> {
            if (LeaderLease.release(client, namespace, LEASE, identity)) {
                LOG.infof("%s gave the leader's lease back", identity);
            }
        });
        try {
            release.join(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean leading() {
        return !stopped && clock.millis() < validUntil;
    }

    @Override
    public long since() {
        return since;
    }
}
