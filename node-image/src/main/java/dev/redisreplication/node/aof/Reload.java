package dev.redisreplication.node.aof;

import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.rdb.DumpFile;
import dev.redisreplication.node.rdb.LoadProgress;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.type.Types;
import java.io.IOException;
import java.nio.file.Path;

/**
 * DEBUG RELOAD and DEBUG LOADAOF: the data are exchanged for what the files hold, in one step, in which the event loop
 * stands still. What cannot be loaded leaves the data as they are. History and offset stay, as in Redis: they are those of the data
 * as long as the files are.
 */
final class Reload {
    private static final long STEP_NANOS = 100_000_000;
    private static final int SCANNED = 1000; // entries a step

    private final Node node;
    private final Replay executes;

    Reload(Node node, Replay executes) {
        this.node = node;
        this.executes = executes;
    }

    /** The data of a dump instead of those in memory. */
    void replaceBy(Path dump) throws IOException {
        Store fresh = load(dump);
        Store before = node.store();
        node.store(fresh);
        before.close();
    }

    /**
     * The data of a dump beside those in memory.
     *
     * @param replace whether a key that is there already becomes the dump's, and is no error
     */
    void addFrom(Path dump, boolean replace) throws IOException {
        try (Store fresh = load(dump)) {
            Store data = node.store();
            if (!replace) {
                forEach(fresh, (from, entry) -> refuseTwo(data.db(from.index()), entry));
            }
            forEach(fresh, (from, entry) -> copy(from, entry, data.db(from.index())));
        }
    }

    private static void refuseTwo(Keyspace db, long entry) throws IOException {
        if (db.findAsIs(Entry.keyAddress(entry), Entry.keyLength(entry)) != 0) {
            throw new IOException("a key of the dump is there already");
        }
    }

    private static void copy(Keyspace from, long entry, Keyspace to) {
        long key = Entry.keyAddress(entry);
        int length = Entry.keyLength(entry);
        to.remove(key, length);
        Types.copy(from, entry, to, key, length, Entry.expiry(entry));
    }

    /** What is to be done with each entry. */
    @FunctionalInterface
    private interface Visitor {
        void entry(Keyspace db, long entry) throws IOException;
    }

    private static void forEach(Store store, Visitor visitor) throws IOException {
        IOException[] failure = new IOException[1];
        for (int i = 0; i < store.databases(); i++) {
            Keyspace db = store.db(i);
            long cursor = 0;
            do {
                cursor = db.scan(cursor, SCANNED, entry -> {
                    try {
                        visitor.entry(db, entry);
                    } catch (IOException e) {
                        failure[0] = e;
                    }
                });
            } while (cursor != 0 && failure[0] == null);
        }
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** The data of an append-only directory instead of those in memory. */
    void replaceBy(Path folder, AofManifest parts) throws IOException {
        Store before = node.store();
        Store fresh = emptyStore();
        boolean whole = false;
        node.store(fresh);
        node.loading(true);
        try {
            if (parts.base() != null) {
                Path base = folder.resolve(parts.base().name());
                replay(
                        base,
                        DumpFile.isDump(base)
                                ? DumpFile.load(base, fresh, new LoadProgress()).bytes()
                                : 0);
            }
            for (Part part : parts.increments()) {
                replay(folder.resolve(part.name()), 0);
            }
            whole = true;
        } finally {
            node.loading(false);
            if (!whole) {
                node.store(before);
            }
            (whole ? before : fresh).close();
        }
    }

    private void replay(Path file, long from) throws IOException {
        try (AofReplay replay = new AofReplay(node.execution(), executes, file, from, null)) {
            boolean done = false;
            while (!done) {
                done = replay.step(STEP_NANOS);
            }
            if (replay.isTorn()) {
                throw new IOException(file + " ends in the middle of a command");
            }
        }
    }

    private Store load(Path dump) throws IOException {
        Store fresh = emptyStore();
        try {
            DumpFile.load(dump, fresh, new LoadProgress());
            return fresh;
        } catch (IOException | RuntimeException e) {
            fresh.close();
            throw e;
        }
    }

    /** Within an execution time stands still. */
    private Store emptyStore() {
        Store fresh = node.newStore();
        fresh.clock(node.store().now());
        return fresh;
    }
}
