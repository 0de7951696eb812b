package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Connection;
import java.util.Collection;
import java.util.LinkedHashMap;
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
     * The stream of this node's master: a client like the others to CLIENT LIST and CLIENT KILL, but its commands are
     * neither refused nor answered. {@link Node#forget} takes it off the list.
     *
     * @param before the client of the same stream before it was interrupted, whose id and age this one keeps; or null
     * @param now monotonic milliseconds
     */
    public Client addMaster(Connection connection, Client before, long now) {
        Client client = new Client(before == null ? nextId() : before.id(), Origin.MASTER, connection, now);
        client.authenticated = true;
        client.createdAt = before == null ? now : before.createdAt;
        add(client);
        return client;
    }

    /** How many there are. */
    public int count() {
        return byId.size();
    }
}
