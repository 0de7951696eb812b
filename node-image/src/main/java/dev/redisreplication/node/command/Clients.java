package dev.redisreplication.node.command;

import dev.redisreplication.node.config.OutputLimit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All clients with a connection, by id in the order they came. On the event loop only. */
public final class Clients {
    private final Map<Long, Client> byId = new LinkedHashMap<>();
    private long lastId;

    long nextId() {
        return ++lastId;
    }

    void add(Client client) {
        byId.put(client.id(), client);
    }

    void remove(Client client) {
        byId.remove(client.id());
    }

    /** The client with this id, or null. */
    public Client find(long id) {
        return byId.get(id);
    }

    /** Everybody; do not close clients while walking over it, copy it first. */
    public Collection<Client> all() {
        return byId.values();
    }

    /**
     * Closes ordinary clients that let more output wait than they may, or for longer. A client that floods itself is met
     * by its session at once; this finds those that just do not read.
     *
     * @param node knows the limits
     * @param now monotonic milliseconds
     */
    public void closeSlow(Node node, long now) {
        List<Client> slow = new ArrayList<>();
        for (Client c : byId.values()) {
            if (c.isNormal() && c.isTooSlow(node.access().outputLimit(c), now)) {
                slow.add(c);
            }
        }
        for (Client c : slow) {
            c.tellOfOverflow(node);
            c.close(OutputLimit.REASON);
        }
    }

    /** How many there are. */
    public int count() {
        return byId.size();
    }
}
