package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.resp.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds clients back before their next command, or before their next write: for CLIENT PAUSE, while the node ends, while it hands
 * its role over, until it has a role again, and while keys move to another server. These are apart, as in Redis: CLIENT UNPAUSE
 * ends the first only. A client that is held counts as blocked; its request is put aside and dispatched when the pause is over.
 * Meanwhile no key is expired either, so that the data stay as they are.
 */
final class Pause implements Awaited {
    private final Loop loop;
    private final Suspensions suspensions;
    private final Runnable changed;
    private final Map<Client, Suspension> held = new LinkedHashMap<>();
    private long until;
    private boolean byCommand;
    private boolean all;
    private boolean whileEnding;
    private boolean whileFailingOver;
    private boolean withoutRole;
    private int moves; // keys are on their way to another server
    private Timer timer;

    /** @param changed is called when one has begun, and before one is over */
    Pause(Loop loop, Suspensions suspensions, Runnable changed) {
        this.loop = loop;
        this.suspensions = suspensions;
        this.changed = changed;
    }

    /** Begins or prolongs that of CLIENT PAUSE; as in Redis a later end wins, and so does the stricter mode. */
    void pause(long millis, boolean everything) {
        long now = loop.now();
        long end = now + Math.min(millis, Long.MAX_VALUE - now);
        all = everything || (byCommand && all);
        until = byCommand ? Math.max(until, end) : end;
        byCommand = true;
        if (timer != null) {
            timer.cancel();
        }
        timer = loop.after(until - now, this::resume);
        changed.run();
    }

    /** Ends that of CLIENT PAUSE. */
    void resume() {
        byCommand = false;
        all = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        release();
    }

    /** Holds writes back, or no longer, because the node is about to end. */
    void whileEnding(boolean on) {
        whileEnding = on;
        release();
    }

    /** Holds writes back, or no longer, because a replica is to take over. */
    void whileFailingOver(boolean on) {
        whileFailingOver = on;
        release();
    }

    /** Holds back, or no longer, what is refused only as the node has no role: it is to get one in a moment. */
    void withoutRole(boolean on) {
        withoutRole = on;
        release();
    }

    /** Holds writes back, or no longer, because keys are on their way to another server, and are to be there what they are here. */
    void whileMoving(boolean on) {
        moves += on ? 1 : -1;
        release();
    }

    /** Whoever was held has its request looked at again; it may be held once more. */
    private void release() {
        changed.run();
        for (Suspension s : new ArrayList<>(held.values())) {
            suspensions.release(s);
        }
    }

    /** Whether {@code client} has to wait with this command; it is put aside then. */
    boolean holds(Client client, CommandRow row, int flags, Request request) {
        if (!on() || !client.isNormal() || client.monitor || row.has(Flag.NO_PAUSE)) {
            return false;
        }
        boolean writes = (flags & (Flag.WRITE.bit | Flag.MAY_REPLICATE.bit)) != 0
                || (row.name.equals("exec") && client.transaction.writes());
        if (!all && !writes) {
            return false;
        }
        held.put(client, suspensions.suspend(client, row, request, null, this, 0));
        return true;
    }

    /** Whether {@code client} has to wait with this command, which is refused as the node has no role; it is put aside then. */
    boolean holdsWithoutRole(Client client, CommandRow row, Request request) {
        if (!withoutRole || !client.isNormal() || client.monitor) {
            return false;
        }
        held.put(client, suspensions.suspend(client, row, request, null, this, 0));
        return true;
    }

    /** Whether writes are held back, and so whatever else would change the data. */
    boolean on() {
        return byCommand || whileEnding || whileFailingOver || moves > 0;
    }

    @Override
    public boolean mayBeUnblocked() {
        return false;
    }

    @Override
    public boolean endsWithRole() {
        return false;
    }

    @Override
    public void ended(Client client) {
        held.remove(client);
    }
}
