package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Which client watches which key. Costs a command nothing as long as nobody watches. */
public final class Watches {
    /** @param gone whether it did not exist (or had expired) when it was watched; no part of its identity */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
    record Key(int db, byte[] bytes, boolean gone) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Key k && k.db == db && Arrays.equals(k.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes) * 31 + db;
        }
    }

    private final Map<Key, List<Client>> watchers = new HashMap<>();

    private final Node node;

    Watches(Node node) {
        this.node = node;
    }

    boolean any() {
        return !watchers.isEmpty();
    }

    /** WATCH for argument {@code i}. */
    public void watch(Call call, int i) {
        Client client = call.client();
        boolean gone = !call.db().contains(call.address(i), call.length(i));
        Key k = new Key(client.db, call.asBytes(i), gone);
        Transaction t = client.transaction;
        if (t.watched == null) {
            t.watched = new HashSet<>();
        }
        if (t.watched.contains(k)) {
            return;
        }
        node.heldNames().take(client, k.bytes.length);
        call.store().watching(true);
        t.watched.add(k);
        watchers.computeIfAbsent(k, x -> new ArrayList<>(1)).add(client);
    }

    /** UNWATCH. */
    public void unwatchAll(Client client) {
        if (client.transaction.watched == null) {
            return;
        }
        for (Key k : client.transaction.watched) {
            node.heldNames().give(client, k.bytes.length);
            List<Client> all = watchers.get(k);
            if (all != null) {
                all.remove(client);
                if (all.isEmpty()) {
                    watchers.remove(k);
                }
            }
        }
        client.transaction.watched = null;
        client.transaction.touched = false;
        if (watchers.isEmpty() && node.store() != null) {
            node.store().watching(false);
        }
    }

    /** Whether a key that was there when the client watched it has expired since without anybody noticing. */
    boolean expired(Client client) {
        if (client.transaction.watched == null) {
            return false;
        }
        for (Key k : client.transaction.watched) {
            if (!k.gone && !exists(k, k.db)) {
                return true;
            }
        }
        return false;
    }

    private boolean exists(Key k, int db) {
        try (NativeBuffer key = new NativeBuffer(k.bytes.length)) {
            key.put(k.bytes);
            return node.store().db(db).contains(key.address(), k.bytes.length);
        }
    }

    /** The key was changed: whoever watches it loses. */
    void touch(int db, long address, int length) {
        if (watchers.isEmpty() || length > Call.MAX_COPIED) { // nobody can watch a longer one
            return;
        }
        List<Client> all = watchers.get(new Key(db, Ascii.bytes(address, length), false));
        if (all != null) {
            for (Client c : all) {
                c.transaction.touched = true;
            }
        }
    }

    /** Database {@code db} is about to lose its keys (-1: all data was exchanged, and nobody knows which keys changed). */
    void touchAll(int db) {
        touchIf(key -> db < 0 || (key.db == db && exists(key, db)));
    }

    /** Two databases are about to be exchanged: a key changes that is in either of them. */
    void touchSwapped(int a, int b) {
        touchIf(key -> (key.db == a || key.db == b) && (exists(key, a) || exists(key, b)));
    }

    private void touchIf(Predicate<Key> changes) {
        watchers.forEach((key, clients) -> {
            if (changes.test(key)) {
                for (Client c : clients) {
                    c.transaction.touched = true;
                }
            }
        });
    }
}
