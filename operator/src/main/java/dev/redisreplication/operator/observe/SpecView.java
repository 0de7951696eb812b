package dev.redisreplication.operator.observe;

/**
 * The parameters of the resource that matter for who is master.
 *
 * @param replicas pods in all
 * @param leaseMs {@code spec.failover.leaseMilliseconds}
 * @param persistent {@code persistence.mode} is AppendOnly
 * @param wishes who shall be master
 */
public record SpecView(int replicas, long leaseMs, boolean persistent, Wishes wishes) {

    /** One in which nobody in particular shall be master. */
    public SpecView(int replicas, long leaseMs, boolean persistent) {
        this(replicas, leaseMs, persistent, Wishes.NONE);
    }
}
