package dev.redisreplication.node.command;

import dev.redisreplication.node.store.ExpiryMode;

/**
 * Whether this node may serve: role, lease, link to the master. Implemented by replication; called on the event loop,
 * once a command, so it has to be quick.
 */
public interface Gate {
    /**
     * The error that refuses a change now ({@code MISCONF ...}, {@code NOREPLICAS ...}, {@code READONLY ...}), or null to
     * let the command pass. Neither this nor {@link #refuse} is asked for {@linkplain Client#isMaster() the master's own
     * stream}.
     */
    CommandError refuseChange(CommandRow row);

    /** The error that refuses any command that this node cannot answer now ({@code MASTERDOWN ...}), or null. */
    CommandError refuse(CommandRow row);

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
        public CommandError refuseChange(CommandRow row) {
            return null;
        }

        @Override
        public CommandError refuse(CommandRow row) {
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
