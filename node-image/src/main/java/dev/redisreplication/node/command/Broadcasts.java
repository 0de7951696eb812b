package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which clients want to hear of all keys with a prefix, and the keys that changed in this round. On the event loop only. */
final class Broadcasts {
    private static final long MOST_COLLECTED =
            4 << 20; // bytes of keys on the heap; then they are sent before the round ends
    private static final int AROUND = 100; // bytes of the objects around a key

    /** Sends a message to a client, or to whom it wants its messages to be sent. */
    @FunctionalInterface
    interface Sender {
        void send(Client client, Consumer<ReplyWriter> keys);
    }

    private static final class Prefix {
        private final byte[] bytes;
        private final Set<Client> clients = new LinkedHashSet<>();
        private final TreeMap<byte[], Author> keys = new TreeMap<>(Arrays::compareUnsigned);

        private Prefix(byte[] bytes) {
            this.bytes = bytes;
        }

        private boolean begins(long key, int length) {
            if (length < bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (Memory.getByte(key + i) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param client who changed the key last; null if nobody did */
    private record Author(Client client) {}

    private final TreeMap<byte[], Prefix> prefixes = new TreeMap<>(Arrays::compareUnsigned);
    private final Sender sender;
    private long collected;

    Broadcasts(Sender sender) {
        this.sender = sender;
    }

    void add(Client client, byte[] prefix) {
        prefixes.computeIfAbsent(prefix, Prefix::new).clients.add(client);
    }

    void remove(Client client, byte[] prefix) {
        Prefix p = prefixes.get(prefix);
        p.clients.remove(client);
        if (p.clients.isEmpty()) {
            prefixes.remove(prefix);
        }
    }

    /** How many prefixes there are. */
    int size() {
        return prefixes.size();
    }

    /** Whether {@link #send} has something to send. */
    boolean anyCollected() {
        return collected > 0;
    }

    /** A key was changed by a client, or by nobody (null). */
    void changed(long key, int length, Client by) {
        if (prefixes.isEmpty()) {
            return;
        }
        if (length > HeldNames.LONGEST) {
            changedLong(key, length, by);
            return;
        }
        byte[] bytes = null;
        for (Prefix prefix : prefixes.values()) {
            if (prefix.begins(key, length)) {
                bytes = bytes == null ? Ascii.bytes(key, length) : bytes;
                prefix.keys.put(bytes, new Author(by));
                collected += AROUND + length;
            }
        }
        if (collected > MOST_COLLECTED) {
            send();
        }
    }

    /** Not to be copied to the heap: it is sent at once, by itself. */
    private void changedLong(long key, int length, Client by) {
        for (Prefix prefix : List.copyOf(prefixes.values())) {
            if (prefix.begins(key, length)) {
                for (Client client : List.copyOf(prefix.clients)) {
                    if (client.tracking != null && !(client.tracking.options.noLoop() && client == by)) {
                        sender.send(client, out -> {
                            out.array(1);
                            out.bulk(key, length);
                        });
                    }
                }
            }
        }
    }

    /** Sends what was collected. */
    void send() {
        collected = 0;
        for (Prefix prefix : List.copyOf(prefixes.values())) {
            if (prefix.keys.isEmpty()) {
                continue;
            }
            List<byte[]> all = List.copyOf(prefix.keys.keySet());
            for (Client client : List.copyOf(prefix.clients)) {
                if (client.tracking == null) { // closed, as an earlier message was too much for it
                    continue;
                }
                List<byte[]> keys = client.tracking.options.noLoop() ? ofOthers(prefix, client) : all;
                if (!keys.isEmpty()) {
                    sender.send(client, out -> {
                        out.array(keys.size());
                        keys.forEach(out::bulk);
                    });
                }
            }
            prefix.keys.clear();
        }
    }

    private static List<byte[]> ofOthers(Prefix prefix, Client client) {
        List<byte[]> keys = new ArrayList<>();
        prefix.keys.forEach((key, author) -> {
            if (author.client != client) {
                keys.add(key);
            }
        });
        return keys;
    }
}
