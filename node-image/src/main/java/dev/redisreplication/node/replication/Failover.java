package dev.redisreplication.node.replication;

import dev.redisreplication.node.log.Log;
import java.util.List;

/**
 * FAILOVER on a master: holds writes back until a replica has everything, then follows that replica, which becomes master as
 * soon as it is asked for the stream ({@code PSYNC ... FAILOVER}). A state machine without sockets; on the event loop.
 */
public final class Failover {
    /** How far it is. */
    public enum State {
        NONE("no-failover"),
        /** Writes are held back until the replica has acknowledged everything. */
        WAITING("waiting-for-sync"),
        /** The replica is asked to take over. */
        IN_PROGRESS("failover-in-progress");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** As INFO says it. */
        public String text() {
            return text;
        }
    }

    /**
     * A replica that could take over.
     *
     * @param acked offset up to which it has acknowledged
     */
    public record Candidate(String host, long port, boolean online, long acked) {
        boolean is(String otherHost, long otherPort) {
            return port == otherPort && host.equals(otherHost);
        }
    }

    /** What it asks of the node. */
    public interface Side {
        /** All replicas, those first that came first. */
        List<Candidate> candidates();

        /** The offset that a replica must have acknowledged. */
        long offset();

        /** Monotonic milliseconds. */
        long now();

        /** Holds writes back, or no longer. */
        void hold(boolean on);

        /** Follows this node, and asks it to become the master. */
        void follow(String host, int port);

        /** Becomes master again. */
        void lead();
    }

    private final Side side;
    private State state = State.NONE;
    private String host; // null: any replica
    private long port;
    private boolean force;
    private long end; // monotonic milliseconds, 0 for never

    /** None is under way. */
    public Failover(Side side) {
        this.side = side;
    }

    /** How far it is. */
    public State state() {
        return state;
    }

    /** Whether one is under way. */
    public boolean isOn() {
        return state != State.NONE;
    }

    /** Whether the replica that is followed is asked to take over. */
    public boolean isInProgress() {
        return state == State.IN_PROGRESS;
    }

    /**
     * Begins one.
     *
     * @param toHost the replica that takes over, or null for the first that has everything
     * @param timeoutMillis how long to wait for it, 0 for ever
     * @param forced whether it takes over, when that time is over, even if it lacks something
     * @return null, or why it cannot begin
     */
    public String begin(String toHost, long toPort, long timeoutMillis, boolean forced) {
        List<Candidate> all = side.candidates();
        if (all.isEmpty()) {
            return "FAILOVER requires connected replicas.";
        }
        if (forced && (timeoutMillis == 0 || toHost == null)) {
            return "FAILOVER with force option requires both a timeout and target HOST and IP.";
        }
        if (toHost != null) {
            List<Candidate> named =
                    all.stream().filter(each -> each.is(toHost, toPort)).toList();
            if (named.isEmpty()) {
                return "FAILOVER target HOST and PORT is not a replica.";
            }
            if (!named.getFirst().online()) {
                return "FAILOVER target replica is not online.";
            }
        }
        host = toHost;
        port = toPort;
        force = forced;
        end = timeoutMillis == 0 ? 0 : side.now() + timeoutMillis;
        state = State.WAITING;
        Log.notice("FAILOVER requested to " + (host == null ? "any replica" : host + ":" + port) + ".");
        side.hold(true);
        return null;
    }

    /** Looks whether a replica has everything now, or the time is over. */
    public void check() {
        if (state != State.WAITING) {
            return;
        }
        if (end != 0 && side.now() >= end) {
            if (force) {
                Log.notice("FAILOVER to " + host + ":" + port + " time out exceeded, failing over.");
                handOver();
            } else {
                abort("Replica never caught up before timeout");
            }
            return;
        }
        for (Candidate each : side.candidates()) {
            boolean asked = host == null || each.is(host, port);
            if (asked && each.online() && each.acked() == side.offset()) {
                host = each.host();
                port = each.port();
                Log.notice("Failover target " + host + ":" + port + " is synced, failing over.");
                handOver();
                return;
            }
        }
    }

    private void handOver() {
        state = State.IN_PROGRESS;
        side.follow(host, (int) port);
    }

    /** The other one is master now, and this node its replica. */
    public void accepted() {
        if (state == State.IN_PROGRESS) {
            clear();
        }
    }

    /** The other one does not become master. */
    public void rejected() {
        abort("Failover target rejected psync request");
    }

    /** Gives it up, if one is under way: this node is, or becomes again, the master. */
    public void abort(String why) {
        if (!isOn()) {
            return;
        }
        Log.notice("FAILOVER to " + (host == null ? "any replica" : host + ":" + port) + " aborted: " + why);
        if (state == State.IN_PROGRESS) {
            side.lead();
        }
        clear();
    }

    private void clear() {
        state = State.NONE;
        side.hold(false);
    }
}
