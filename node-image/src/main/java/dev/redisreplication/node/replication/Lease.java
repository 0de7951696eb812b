package dev.redisreplication.node.replication;

import java.util.Arrays;

/**
 * How long a managed master may acknowledge writes. All times are milliseconds of the node's own monotonic clock; nobody
 * else's clock counts: a renewal carries a reading that this node gave out earlier, and extends the lease from there, so
 * that one that lay in a queue while the node stood still is worth nothing.
 */
public final class Lease {
    private long expiry = Long.MIN_VALUE;
    private long ttl;
    private int replicas;
    private long lastRenewal = Long.MIN_VALUE;
    private long lastAsked = Long.MIN_VALUE;

    /** Ends the lease at once; the next term starts without one. */
    public void drop() {
        expiry = Long.MIN_VALUE;
        ttl = 0;
        replicas = 0;
        lastRenewal = Long.MIN_VALUE;
        lastAsked = Long.MIN_VALUE;
    }

    /** Whether writes may be acknowledged at {@code now}. */
    public boolean holds(long now) {
        return now < expiry;
    }

    /** Milliseconds left, 0 when it ran out. */
    public long remaining(long now) {
        return holds(now) ? expiry - now : 0;
    }

    /**
     * The operator's heartbeat.
     *
     * @param clock a reading of this node's clock that the operator saw, not in the future
     * @param managedReplicas how many replicas the group has, for their votes
     */
    public void renew(long now, long clock, long ttlMillis, int managedReplicas) {
        ttl = ttlMillis;
        replicas = managedReplicas;
        lastRenewal = now;
        expiry = Math.max(expiry, clock + ttlMillis);
    }

    /** Replicas that must answer before their votes renew the lease. */
    public int majority() {
        return replicas / 2 + 1;
    }

    /**
     * Whether to ask the replicas now, because the operator has been silent for half the lease, or its renewals come so late
     * that less than half of it is left. Whether replicas answered before does not matter: a question may be lost with its link,
     * and five in a lease fill no log.
     *
     * @param connected managed replicas with a running stream
     */
    public boolean shouldAsk(long now, int connected) {
        return ttl > 0
                && replicas > 0
                && connected >= majority()
                && (now - lastRenewal >= ttl / 2 || remaining(now) <= ttl / 2)
                && (lastAsked == Long.MIN_VALUE || now - lastAsked >= Math.max(1, ttl / 5));
    }

    /** The question was sent. */
    public void asked(long now) {
        lastAsked = now;
    }

    /**
     * Counts the replicas' votes.
     *
     * @param echoes for each connected managed replica the newest clock reading it returned under this term, or
     *     {@link Long#MIN_VALUE}
     */
    public void vote(long[] echoes) {
        if (ttl <= 0 || replicas <= 0 || echoes.length < majority()) {
            return;
        }
        long[] sorted = echoes.clone();
        Arrays.sort(sorted);
        long agreed = sorted[sorted.length - majority()];
        if (agreed != Long.MIN_VALUE) {
            expiry = Math.max(expiry, agreed + ttl);
        }
    }
}
