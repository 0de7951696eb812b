package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who listens to which channel, and the messages to them. See
 * <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>. On the event loop only.
 */
public final class PubSub {
    private final HeldNames heldNames;
    private final OutputGuard outputs;
    private final Runnable inOrder;
    private final Map<Space, Map<Topic, Set<Client>>> listeners = new EnumMap<>(Space.class);

    /** @param inOrder sends what is due before another message is sent, or waited for: {@link Notifications#inOrder} */
    PubSub(HeldNames heldNames, OutputGuard outputs, Runnable inOrder) {
        this.heldNames = heldNames;
        this.outputs = outputs;
        this.inOrder = inOrder;
        for (Space space : Space.values()) {
            listeners.put(space, new LinkedHashMap<>());
        }
    }

    /** The names that anybody has subscribed to, in one space. */
    public List<byte[]> names(Space space) {
        return listeners.get(space).keySet().stream().map(Topic::bytes).toList();
    }

    /** The names that one client has subscribed to, in one space. */
    public List<byte[]> names(Client client, Space space) {
        return client.subscriptions(space) == 0
                ? List.of()
                : client.subscriptions.in(space).stream().map(Topic::bytes).toList();
    }

    /** How many clients have subscribed to this very name. */
    public int listeners(Space space, byte[] name) {
        Set<Client> all = listeners.get(space).get(new Topic(name));
        return all == null ? 0 : all.size();
    }

    /** Subscribes the client, and tells it. */
    public void subscribe(Client client, Space space, byte[] name) {
        inOrder.run();
        Topic key = new Topic(name);
        if (client.subscriptions == null || !client.subscriptions.in(space).contains(key)) {
            add(client, space, key);
        }
        confirm(client, space, space.subscribe, key);
    }

    private void add(Client client, Space space, Topic key) {
        heldNames.take(client, key.bytes().length);
        if (client.subscriptions == null) {
            client.subscriptions = new Subscriptions();
        }
        client.subscriptions.in(space).add(key);
        listeners.get(space).computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(client);
    }

    /** Takes a subscription back, and tells the client even if there was none. */
    public void unsubscribe(Client client, Space space, byte[] name) {
        inOrder.run();
        Topic key = new Topic(name);
        drop(client, space, key);
        confirm(client, space, space.unsubscribe, key);
    }

    /** Takes all subscriptions of one space back, and tells the client of each, or once that there was none. */
    public void unsubscribeAll(Client client, Space space) {
        inOrder.run();
        if (client.subscriptions(space) == 0) {
            confirm(client, space, space.unsubscribe, null);
            return;
        }
        for (Topic key : List.copyOf(client.subscriptions.in(space))) {
            drop(client, space, key);
            confirm(client, space, space.unsubscribe, key);
        }
    }

    /** Takes all subscriptions back without a word: RESET, or the end of the connection. */
    void forget(Client client) {
        for (Space space : Space.values()) {
            if (client.subscriptions(space) > 0) {
                List.copyOf(client.subscriptions.in(space)).forEach(key -> drop(client, space, key));
            }
        }
    }

    private void drop(Client client, Space space, Topic key) {
        if (client.subscriptions == null || !client.subscriptions.in(space).remove(key)) {
            return;
        }
        heldNames.give(client, key.bytes().length);
        if (client.subscriptions.isEmpty()) {
            client.subscriptions = null;
        }
        Set<Client> all = listeners.get(space).get(key);
        all.remove(client);
        if (all.isEmpty()) {
            listeners.get(space).remove(key);
        }
    }

    private static void confirm(Client client, Space space, String what, Topic name) {
        ReplyWriter reply = client.push();
        reply.push(3);
        reply.bulk(what);
        if (name == null) {
            reply.nil();
        } else {
            reply.bulk(name.bytes());
        }
        reply.integer(
                space == Space.SHARD
                        ? client.subscriptions(Space.SHARD)
                        : client.subscriptions(Space.CHANNEL) + client.subscriptions(Space.PATTERN));
        client.pushed();
    }

    /**
     * Sends a message to all who listen on this node.
     *
     * @param space CHANNEL, which those of patterns hear too, or SHARD
     * @param message the address of the message
     * @param length its bytes
     * @return how many received it; a client counts once for each of its subscriptions that fits
     */
    public int publish(Space space, byte[] channel, long message, int length) {
        inOrder.run();
        return send(space, channel, message, length);
    }

    /** Sends what {@link Notifications} has to say. */
    void deliver(byte[] channel, long message, int length) {
        send(Space.CHANNEL, channel, message, length);
    }

    /** Whether a message to any channel could be heard. */
    boolean anybodyListens() {
        return !listeners.get(Space.CHANNEL).isEmpty()
                || !listeners.get(Space.PATTERN).isEmpty();
    }

    private int send(Space space, byte[] channel, long message, int length) {
        int receivers = 0;
        Set<Client> direct = listeners.get(space).get(new Topic(channel));
        if (direct != null) {
            for (Client client : List.copyOf(direct)) { // a copy: who is closed for reading too slowly leaves the set
                ReplyWriter out = begin(client, space, 3);
                out.bulk(channel);
                send(client, out, message, length);
                receivers++;
            }
        }
        return space == Space.CHANNEL ? receivers + publishToPatterns(channel, message, length) : receivers;
    }

    private int publishToPatterns(byte[] channel, long message, int length) {
        Map<Topic, Set<Client>> patterns = listeners.get(Space.PATTERN);
        if (patterns.isEmpty()) {
            return 0;
        }
        int receivers = 0;
        for (Map.Entry<Topic, Set<Client>> entry : List.copyOf(patterns.entrySet())) {
            byte[] name = entry.getKey().bytes();
            if (!Glob.matches(name, channel)) {
                continue;
            }
            for (Client client : List.copyOf(entry.getValue())) {
                ReplyWriter out = begin(client, Space.PATTERN, 4);
                out.bulk(name);
                out.bulk(channel);
                send(client, out, message, length);
                receivers++;
            }
        }
        return receivers;
    }

    private static ReplyWriter begin(Client client, Space space, int elements) {
        ReplyWriter out = client.push();
        out.push(elements);
        out.bulk(space.message);
        return out;
    }

    private void send(Client client, ReplyWriter out, long message, int length) {
        out.bulk(message, length);
        outputs.sendPush(client);
    }
}
