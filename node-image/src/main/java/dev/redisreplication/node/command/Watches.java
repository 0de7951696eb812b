package dev.redisreplication.node.command;

import dev.redisreplication.node.command.Transaction.Key;
import dev.redisreplication.node.command.Transaction.Presence;
import dev.redisreplication.node.command.Transaction.Watch;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Which client watches which key; reads in the journal which of them change. */
public final class Watches implements Journal.Reader {
    private final Map<Key, List<Watch>> watchers = new HashMap<>();
    private final HeldNames heldNames;
    private final Dataset data;
    private final Journal.Subscription journal;

    Watches(Journal journal, HeldNames heldNames, Dataset data) {
        this.heldNames = heldNames;
        this.data = data;
        this.journal = journal.subscribe(this);
    }

    /** WATCH for one key of the client's database; {@link HeldNames#requireRoom} comes before. */
    public void watch(Client client, byte[] key) {
        Key k = new Key(client.db, key);
        Transaction t = client.transaction;
        if (t.watched == null) {
            t.watched = new HashMap<>();
        }
        if (t.watched.containsKey(k)) {
            return;
        }
        heldNames.take(client, k.bytes().length);
        journal.on(true);
        Watch watch = t.new Watch(state(k));
        t.watched.put(k, watch);
        watchers.computeIfAbsent(k, x -> new ArrayList<>(1)).add(watch);
    }

    /** UNWATCH. */
    public void unwatchAll(Client client) {
        if (client.transaction.watched == null) {
            return;
        }
        client.transaction.watched.forEach((k, watch) -> {
            heldNames.give(client, k.bytes().length);
            List<Watch> all = watchers.get(k);
            all.remove(watch);
            if (all.isEmpty()) {
                watchers.remove(k);
            }
        });
        client.transaction.watched = null;
        client.transaction.touched = false;
        journal.on(!watchers.isEmpty());
    }

    /** Whether a key that was there when the client watched it has expired since without anybody noticing. */
    boolean expired(Client client) {
        if (client.transaction.watched == null) {
            return false;
        }
        for (Map.Entry<Key, Watch> watched : client.transaction.watched.entrySet()) {
            if (watched.getValue().state == Presence.PRESENT && state(watched.getKey()) != Presence.PRESENT) {
                return true;
            }
        }
        return false;
    }

    private Presence state(Key k) {
        try (NativeBuffer key = new NativeBuffer(k.bytes().length)) {
            key.put(k.bytes());
            var db = data.store().db(k.db());
            int length = k.bytes().length;
            return db.contains(key.address(), length)
                    ? Presence.PRESENT
                    : db.findAsIs(key.address(), length) != 0 ? Presence.OVER : Presence.ABSENT;
        }
    }

    @Override
    public void read(Event event, int db, long key, int length) {
        switch (event) {
            case FLUSHED -> inDatabase(db, (k, watch) -> flushed(watch));
            case EXCHANGED -> inDatabase(db, this::exchanged);
            default -> {
                if (event.modifies() && length <= HeldNames.LONGEST) { // nobody can watch a longer one
                    Key k = new Key(db, Ascii.bytes(key, length));
                    watchers.getOrDefault(k, List.of()).forEach(watch -> changed(event, k, watch));
                }
            }
        }
    }

    private void changed(Event event, Key k, Watch watch) {
        boolean justGone = watch.state == Presence.OVER && (event == Event.EXPIRED || state(k) == Presence.ABSENT);
        if (justGone) {
            watch.state = Presence.ABSENT;
        } else {
            touch(watch);
        }
    }

    private static void flushed(Watch watch) {
        if (watch.state == Presence.PRESENT) {
            touch(watch);
        } else {
            watch.state = Presence.ABSENT;
        }
    }

    private void exchanged(Key k, Watch watch) {
        Presence now = state(k);
        if (watch.state == Presence.PRESENT || now == Presence.PRESENT) {
            touch(watch);
        } else {
            watch.state = now;
        }
    }

    private static void touch(Watch watch) {
        watch.touch();
    }

    private void inDatabase(int db, BiConsumer<Key, Watch> then) {
        watchers.forEach((k, all) -> {
            if (db == Journal.ALL || k.db() == db) {
                all.forEach(watch -> then.accept(k, watch));
            }
        });
    }
}
