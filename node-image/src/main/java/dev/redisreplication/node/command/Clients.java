package dev.redisreplication.node.command;

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

    /** How many there are. */
    public int count() {
        return byId.size();
    }
}
