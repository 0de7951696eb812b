package dev.redisreplication.node.command;

import dev.redisreplication.node.store.ExpiryMode;

/**
 * What this node is at the moment, as far as it decides what becomes of commands: its role, which replication says by a
 * {@link Gate} and by where {@link Effects} go; whether it loads data or applies its master's stream. On the event loop.
 */
final class Standing {
    private final Dataset data;
    private final Pause pause;
    private Gate gate = Gate.OPEN;
    private Effects effects = Effects.NONE;
    private boolean loading;
    private boolean applying;

    Standing(Dataset data, Pause pause) {
        this.data = data;
        this.pause = pause;
    }

    /** The role, and what follows from it, are said by these from now on. */
    void replicatedBy(Gate next, Effects to) {
        gate = next;
        effects = to;
        settleExpiry();
    }

    /** Whether this node may serve. */
    Gate gate() {
        return gate;
    }

    /** Where changes go. */
    Effects effects() {
        return effects;
    }

    /** Whether data is being loaded. */
    boolean loading() {
        return loading;
    }

    void loading(boolean on) {
        loading = on;
        settleExpiry();
    }

    /** Says that the execution of a master's stream begins or ends. */
    void applying(boolean on) {
        applying = on;
        settleExpiry();
    }

    /** For commands of clients between those of a master's stream. @return whether one is applied, to be restored */
    boolean pauseApplying() {
        boolean before = applying;
        if (before) {
            applying(false);
        }
        return before;
    }

    /** Whether nothing but a master, or the end of what holds it up, may change the data now. */
    boolean isHeldStill() {
        return loading || pause.on();
    }

    /** See {@link Node#settleExpiry}. */
    void settleExpiry() {
        if (data.store() != null) {
            data.store()
                    .expiryMode(loading || applying ? ExpiryMode.IGNORE : pause.on() ? ExpiryMode.HIDE : gate.expiry());
        }
    }
}
