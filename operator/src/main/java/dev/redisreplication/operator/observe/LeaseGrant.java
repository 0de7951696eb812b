package dev.redisreplication.operator.observe;

/**
 * What a LEASE RENEW carries besides term and clock.
 *
 * @param ttlMs length of the lease
 * @param replicas how many replicas the master has by the spec; {@link #majority()} of them can prolong the lease
 */
public record LeaseGrant(long ttlMs, int replicas) {
    /** Votes that prolong a lease while the operator is away. */
    public int majority() {
        return replicas / 2 + 1;
    }

    /** The most generous of both: longest lease, fewest votes needed. What holds against it holds against either. */
    public LeaseGrant widest(LeaseGrant other) {
        return new LeaseGrant(Math.max(ttlMs, other.ttlMs), Math.min(replicas, other.replicas));
    }
}
