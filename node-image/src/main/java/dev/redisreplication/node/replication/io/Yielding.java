package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.replication.ManagedNode;
import dev.redisreplication.node.replication.ManagedNode.Role;

/**
 * The pause of a planned switchover ({@code LEASE YIELD}). A master holds its clients' writes back, so that its offset stands
 * still and a replica can have all of it. Three things end that: time, {@code LEASE RESUME}, and the silence of the operator, as
 * nobody would take the role then. If a fence comes first, all requests wait, as the node cannot answer them any more: until the
 * node follows the new master, when their clients are told to go by the end of their connections, or until it is master
 * again and has its lease. On the event loop.
 */
final class Yielding {
    private enum Phase {
        NONE,
        /** Master: writes wait. */
        STILL,
        /** Fenced, or promoted again and without a lease as yet: whatever needs a role waits. */
        FENCED
    }

    private final Node node;
    private final ManagedNode state;
    private final Runnable askForAcks;
    private final Runnable closeClients;
    private Phase phase = Phase.NONE;
    private long bound;
    private long end;
    private Timer timer;

    /**
     * @param askForAcks has all replicas tell how far they are
     * @param closeClients ends the connections of all clients
     */
    Yielding(Node node, ManagedNode state, Runnable askForAcks, Runnable closeClients) {
        this.node = node;
        this.state = state;
        this.askForAcks = askForAcks;
        this.closeClients = closeClients;
    }

    /**
     * Begins. One that has begun already goes on as it is: who asks twice does not get more time.
     *
     * @return milliseconds until it ends
     */
    long begin(long millis) {
        if (phase == Phase.STILL) {
            return remaining();
        }
        askForAcks.run(); // once: then the offset stands still
        bound = millis;
        phase = Phase.STILL;
        within(millis, () -> resume("nobody took the role within " + millis + " ms"));
        Log.notice("Holding writes back for at most " + millis + " ms: the role is to go to a replica");
        node.pauseWhileFailingOver(true);
        return millis;
    }

    private void within(long millis, Runnable over) {
        if (timer != null) {
            timer.cancel();
        }
        end = node.loop().now() + millis;
        timer = node.loop().after(millis, over);
    }

    /** Milliseconds until writes are taken again if nothing else comes; 0 while they are not held back for this. */
    long remaining() {
        return phase == Phase.STILL ? Math.max(1, end - node.loop().now()) : 0;
    }

    /** Whether this node is master and its offset stands still. */
    boolean isStill() {
        return phase == Phase.STILL;
    }

    /** Whether requests wait until this node is promoted again or follows another one. */
    boolean isFenced() {
        return phase == Phase.FENCED;
    }

    /**
     * Writes are taken again.
     *
     * @return whether they were held back
     */
    boolean resume(String why) {
        if (phase != Phase.STILL) {
            return false;
        }
        Log.notice("Taking writes again: " + why);
        over();
        return true;
    }

    /**
     * The node is fenced.
     *
     * @return whether clients wait now; else nobody told them to
     */
    boolean fenced() {
        if (phase != Phase.STILL) {
            return phase == Phase.FENCED;
        }
        phase = Phase.FENCED;
        within(bound, this::notHeard);
        node.pauseWithoutRole(true);
        return true;
    }

    private void notHeard() {
        if (state.role() == Role.FENCED) {
            Log.notice("Closing the connections of clients: no order came for " + bound + " ms after the fence");
            closeClients.run();
        }
        over();
    }

    /** The lease was renewed, so what the clients of a master that was promoted again wait for can be done. */
    void leased() {
        if (phase == Phase.FENCED) {
            Log.notice("Taking writes again: the role came back");
            over();
        }
    }

    /** It is over; whoever still waits is looked at again. */
    void over() {
        if (phase == Phase.NONE) {
            return;
        }
        phase = Phase.NONE;
        timer.cancel();
        timer = null;
        node.pauseWithoutRole(false);
        node.pauseWhileFailingOver(false);
    }
}
