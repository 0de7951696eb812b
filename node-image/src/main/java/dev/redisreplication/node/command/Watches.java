package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Which client watches which key; reads in the journal which of them change. */
public final class Watches implements Journal.Reader {
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
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

    /** What a client knows of a key that it watches: what was there when it began, since nobody has touched it. */
    static final class Watch {
        private final Client client;
        private State state;

        private Watch(Client client, State state) {
            this.client = client;
            this.state = state;
        }
    }

    private enum State {
        PRESENT,
        /** Still in the table although its time is over: that it goes is no change to whoever watches it. */
        OVER,
        ABSENT
    }

    private final Map<Key, List<Watch>> watchers = new HashMap<>();
    private final Node node;
    private final Journal.Subscription journal;

    Watches(Node node) {
        this.node = node;
        this.journal = node.journal().subscribe(this);
    }

    /** WATCH for argument {@code i}. */
    public void watch(Call call, int i) {
        Client client = call.client();
        Key k = new Key(client.db, call.asBytes(i));
        Transaction t = client.transaction;
        if (t.watched == null) {
            t.watched = new HashMap<>();
        }
        if (t.watched.containsKey(k)) {
            return;
        }
        node.heldNames().take(client, k.bytes.length);
        journal.on(true);
        Watch watch = new Watch(client, state(k));
        t.watched.put(k, watch);
        watchers.computeIfAbsent(k, x -> new ArrayList<>(1)).add(watch);
    }

    /** UNWATCH. */
    public void unwatchAll(Client client) {
        if (client.transaction.watched == null) {
            return;
        }
        client.transaction.watched.forEach((k, watch) -> {
            node.heldNames().give(client, k.bytes.length);
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
            if (watched.getValue().state == State.PRESENT && state(watched.getKey()) != State.PRESENT) {
                return true;
            }
        }
        return false;
    }

    private State state(Key k) {
        try (NativeBuffer key = new NativeBuffer(k.bytes.length)) {
            key.put(k.bytes);
            var db = node.store().db(k.db);
            int length = k.bytes.length;
            return db.contains(key.address(), length)
                    ? State.PRESENT
                    : db.findAsIs(key.address(), length) != 0 ? State.OVER : State.ABSENT;
        }
    }

    @Override
    public void read(Event event, int db, long key, int length) {
        switch (event) {
            case FLUSHED -> inDatabase(db, (k, watch) -> flushed(watch));
            case EXCHANGED -> inDatabase(db, this::exchanged);
            default -> {
                if (event.modifies() && length <= Call.MAX_COPIED) { // nobody can watch a longer one
                    Key k = new Key(db, Ascii.bytes(key, length));
                    watchers.getOrDefault(k, List.of()).forEach(watch -> changed(event, k, watch));
                }
            }
        }
    }

    private void changed(Event event, Key k, Watch watch) {
        boolean justGone = watch.state == State.OVER && (event == Event.EXPIRED || state(k) == State.ABSENT);
        if (justGone) {
            watch.state = State.ABSENT;
        } else {
            touch(watch);
        }
    }

    private static void flushed(Watch watch) {
        if (watch.state == State.PRESENT) {
            touch(watch);
        } else {
            watch.state = State.ABSENT;
        }
    }

    private void exchanged(Key k, Watch watch) {
        State now = state(k);
        if (watch.state == State.PRESENT || now == State.PRESENT) {
            touch(watch);
        } else {
            watch.state = now;
        }
    }

    private static void touch(Watch watch) {
        watch.client.transaction.touched = true;
    }

    private void inDatabase(int db, BiConsumer<Key, Watch> then) {
        watchers.forEach((k, all) -> {
            if (db == Journal.ALL || k.db == db) {
                all.forEach(watch -> then.accept(k, watch));
            }
        });
    }
}
