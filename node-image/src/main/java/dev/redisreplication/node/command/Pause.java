package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Timer;
import java.util.ArrayList;
import java.util.List;

/**
 * CLIENT PAUSE: clients are held back before their next command, or before their next write. Meanwhile no key is expired
 * either, so that the data stay as they are.
 */
final class Pause {
    private final Node node;
    private final List<Client> held = new ArrayList<>();
    private long until;
    private boolean all;
    private boolean on;
    private Timer timer;

    Pause(Node node) {
        this.node = node;
    }

    /** Begins or prolongs it; as in Redis a later end wins, and so does the stricter mode. */
    void pause(long millis, boolean everything) {
        long end = node.loop().now() + millis;
        all = everything || (on && all);
        until = on ? Math.max(until, end) : end;
        on = true;
        if (timer != null) {
            timer.cancel();
        }
        timer = node.loop().after(until - node.loop().now(), this::resume);
        node.settleExpiry();
    }

    void resume() {
        on = false;
        node.settleExpiry();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        List<Client> waiting = new ArrayList<>(held);
        held.clear();
        for (Client c : waiting) {
            c.held = false;
            if (c.connection().isOpen()) {
                c.connection().processInput();
            }
        }
    }

    /** Whether {@code client} has to wait with this command; it is remembered then. */
    boolean holds(Client client, CommandRow row) {
        if (!on || !client.isNormal() || row.has(Flag.NO_PAUSE)) {
            return false;
        }
        boolean writes = row.has(Flag.WRITE) || row.has(Flag.MAY_REPLICATE) || client.transaction.writes();
        if (!all && !(writes && (!client.transaction.active || row.has(Flag.NO_QUEUE)))) {
            return false;
        }
        client.held = true;
        held.add(client);
        return true;
    }

    void forget(Client client) {
        held.remove(client);
    }

    boolean on() {
        return on;
    }
}
