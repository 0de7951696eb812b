package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.concurrent.CompletableFuture;

/**
 * The Kubernetes objects of one group, as far as its loop acts on them. Every call returns at once; what is promised comes about on any
 * thread.
 */
public interface Cluster {

    /**
     * The resource as it was stored.
     *
     * @param version its resource version
     */
    record Stored(String version, RedisReplicationGroupStatus status) {

        /** Whether it is of another and not an older version. */
        public boolean isNewerThan(Stored other) {
            return !version.equals(other.version) && number(version) >= number(other.version);
        }

        private static long number(String version) {
            try {
                return Long.parseLong(version);
            } catch (NumberFormatException e) {
                // Kubernetes promises numbers since 1.35 and always gave them; without, the newest read wins.
                return Long.MAX_VALUE;
            }
        }
    }

    /**
     * What became of a write.
     *
     * @param done it was carried out for certain
     * @param now the resource after it, or as read anew when it failed; null if that was not possible
     */
    record Written(boolean done, Stored now) {}

    /** Writes the status if nobody else has written the resource since {@code from} was stored. */
    CompletableFuture<Written> write(Stored from, RedisReplicationGroupStatus next);

    /**
     * Sets a pod's role label.
     *
     * @param uid the pod meant; a later one of the same name is left alone
     * @return whether it was set
     */
    CompletableFuture<Boolean> label(String pod, String uid, RoleLabel role);

    /**
     * Takes an order for a switchover off the resource, unless another one stands there by now.
     *
     * @return whether it is gone for certain
     */
    CompletableFuture<Boolean> forgetOrder(String order);

    /** Announces something to whoever looks at the resource's events. */
    void announce(boolean warning, String reason, String message);
}
