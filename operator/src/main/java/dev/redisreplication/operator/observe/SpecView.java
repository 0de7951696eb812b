package dev.redisreplication.operator.observe;

/**
 * The parameters of the resource that matter for a failover.
 *
 * @param replicas pods in all
 * @param leaseMs {@code spec.failover.leaseMilliseconds}
 * @param persistent {@code persistence.mode} is AppendOnly
 */
public record SpecView(int replicas, long leaseMs, boolean persistent) {}
