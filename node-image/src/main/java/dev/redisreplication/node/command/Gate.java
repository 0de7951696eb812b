package dev.redisreplication.node.command;

import dev.redisreplication.node.store.ExpiryMode;

/**
 * Whether this node may serve: role, lease, link to the master. Implemented by replication. {@link Admission} asks on the event
 * loop, once a command of a client, so the answers have to be at hand; the master's own stream is not asked about.
 */
public interface Gate {
    /** The error that refuses writes, and PING, as data cannot be kept now ({@code MISCONF ...}); or null. */
    CommandError disk();

    /** The error that refuses writes now ({@code NOREPLICAS ...}, {@code READONLY ...}), by role and lease; or null. */
    CommandError write();

    /** The error that refuses all that needs a role, as this node has none ({@code MASTERDOWN ...}); or null. */
    CommandError role();

    /** The error that refuses what may not be answered from old data, as the master is away; or null. */
    CommandError stale();

    /** Something that the answers depend on has changed. */
    default void update() {}

    /**
     * Asked by the {@link Barrier} before replies to writes leave: whether they may still be acknowledged. If not, the
     * connections that wrote are closed without their replies.
     */
    boolean mayAcknowledge();

    /**
     * What happens here to keys whose time is over, as far as role and lease say it (a replica waits for its master's DEL);
     * {@link Node#settleExpiry} asks.
     */
    ExpiryMode expiry();

    /** Whether this node is a replica, or has no role that would make it a master. */
    default boolean isReplica() {
        return false;
    }

    /** Null when the node is fit to serve, or the reason that /readyz gives. */
    String notReady();

    /** Always open. */
    Gate OPEN = new Gate() {
        @Override
        public CommandError disk() {
            return null;
        }

        @Override
        public CommandError write() {
            return null;
        }

        @Override
        public CommandError role() {
            return null;
        }

        @Override
        public CommandError stale() {
            return null;
        }

        @Override
        public boolean mayAcknowledge() {
            return true;
        }

        @Override
        public ExpiryMode expiry() {
            return ExpiryMode.DELETE;
        }

        @Override
        public String notReady() {
            return null;
        }
    };
}
