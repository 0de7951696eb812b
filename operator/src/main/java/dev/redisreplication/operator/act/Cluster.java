package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.RoleLabel;

/** What the actor does to the Kubernetes objects of one group. */
public interface Cluster {

    /** The status as last read or written. */
    RedisReplicationGroupStatus status();

    /**
     * Writes the status if nobody else has written the resource since {@link #status()} was read.
     *
     * @return whether it was written for certain; when not, {@link #status()} has been read anew if that was possible
     */
    boolean write(RedisReplicationGroupStatus next);

    /**
     * Sets a pod's role label.
     *
     * @param uid the pod meant; a later one of the same name is left alone
     * @return whether it was set
     */
    boolean label(String pod, String uid, RoleLabel role);

    /** Announces something to whoever looks at the resource's events; returns at once. */
    void announce(boolean warning, String reason, String message);
}
