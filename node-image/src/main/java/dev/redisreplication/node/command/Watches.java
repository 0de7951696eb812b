package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which client watches which key. Costs a command nothing as long as nobody watches. */
public final class Watches {
    record Key(int db, byte[] bytes) {
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

    boolean any() {
        return !watchers.isEmpty();
    }

    void watch(Client client, byte[] key) {
        Key k = new Key(client.db, key);
        if (client.transaction.watched.contains(k)) {
            return;
        }
        client.transaction.watched.add(k);
        watchers.computeIfAbsent(k, x -> new ArrayList<>(1)).add(client);
    }

    void unwatchAll(Client client) {
        for (Key k : client.transaction.watched) {
            List<Client> all = watchers.get(k);
            if (all != null) {
                all.remove(client);
                if (all.isEmpty()) {
                    watchers.remove(k);
                }
            }
        }
        client.transaction.watched.clear();
        client.transaction.touched = false;
    }

    /** The key was changed: whoever watches it loses. */
    void touch(int db, long address, int length) {
        if (watchers.isEmpty()) {
            return;
        }
        List<Client> all = watchers.get(new Key(db, Ascii.bytes(address, length)));
        if (all != null) {
            for (Client c : all) {
                c.transaction.touched = true;
            }
        }
    }

    /** Database {@code db} was emptied or exchanged (-1: all of them). */
    void touchAll(int db) {
        watchers.forEach((key, clients) -> {
            if (db < 0 || key.db == db) {
                for (Client c : clients) {
                    c.transaction.touched = true;
                }
            }
        });
    }
}
