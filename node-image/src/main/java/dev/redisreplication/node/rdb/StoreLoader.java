package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.Streams;
import dev.redisreplication.node.type.Strings;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Fills a store with what a dump holds. On the thread that owns the store. Keys whose time is over are kept, on a master
 * as on a replica: deleting them is the master's, later, so that its replicas and its file hear of it.
 */
public final class StoreLoader implements RdbVisitor, AutoCloseable {
    private static final int SLICE_BYTES = 16;

    private final Store store;
    private final LoadProgress progress;
    private final Map<String, String> facts = new HashMap<>();
    private final Set<String> leftOut = new LinkedHashSet<>();
    private final Slice keyCopy = new Slice();

    private final GroupLoader groups = new GroupLoader();
    private Keyspace db;
    private Type type;
    private Slice key;
    private long expireAt;
    private long idleSeconds = -1;
    private int frequency = -1;
    private long entry;
    private int longest; // member of the sorted set that is loaded
    private long keys;
    private long pairs;
    private long pairsSize;

    /**
     * A loader into {@code store}.
     *
     * @param progress is told how far it has come
     */
    public StoreLoader(Store store, LoadProgress progress) {
        this.progress = progress;
        this.store = store;
        this.db = store.db(0);
    }

    /** The dump's own facts, such as {@code repl-id}. */
    public Map<String, String> facts() {
        return facts;
    }

    /** What the dump holds and this node does not keep. */
    public Set<String> leftOut() {
        return leftOut;
    }

    /** Keys loaded. */
    public long keys() {
        return keys;
    }

    @Override
    public void library(Slice code) {
        store.libraries().add(Memory.bytes(code.address(), code.length()));
    }

    @Override
    public void aux(String name, String value) {
        facts.put(name, value);
        if (name.equals("used-mem") && value.matches("\\d{1,18}")) {
            progress.usedMemory(Long.parseLong(value));
        }
    }

    @Override
    public void reached(long offset) {
        progress.bytes(offset);
    }

    @Override
    public void selectDb(int index) throws RdbException {
        if (index >= store.databases()) {
            throw new RdbException(
                    0, "database " + index + " is used, 'databases' allows 0 to " + (store.databases() - 1));
        }
        db = store.db(index);
    }

    @Override
    public void sizes(long count, long expiring) {
        db.expect(count);
    }

    @Override
    public void use(long idle, int count) {
        idleSeconds = idle;
        frequency = count;
    }

    @Override
    public void begin(Type keyType, Slice name, long expiry) {
        type = keyType;
        key = keyCopy.copyOf(name.address(), name.length());
        expireAt = expiry;
        entry = 0;
        if (keyType == Type.STREAM) {
            entry = Streams.create(db, key.address(), key.length(), expireAt);
        }
    }

    @Override
    public void element(Slice value) throws RdbException {
        switch (type) {
            case STRING ->
                entry = Strings.set(db, key.address(), key.length(), value.address(), value.length(), expireAt);
            case LIST -> {
                if (entry == 0) {
                    entry = Lists.create(db, key.address(), key.length(), expireAt);
                }
                Lists.pushLast(db, entry, value.address(), value.length());
            }
            default -> {
                if (entry == 0) {
                    entry = Sets.create(db, key.address(), key.length(), expireAt);
                }
                refuseTwice(Sets.add(db, entry, value.address(), value.length()), "member");
            }
        }
    }

    @Override
    public void field(Slice field, Slice value) throws RdbException {
        field(field, value, Entry.NO_EXPIRY);
    }

    @Override
    public void field(Slice field, Slice value, long expiresAt) throws RdbException {
        if (entry == 0) {
            entry = Hashes.create(db, key.address(), key.length(), expireAt);
        }
        boolean isNew =
                Hashes.set(db, entry, field.address(), field.length(), value.address(), value.length(), expiresAt);
        refuseTwice(isNew, "field");
    }

    private void refuseTwice(boolean isNew, String what) throws RdbException {
        if (!isNew) {
            throw new RdbException(0, "key '" + Foreign.shown(key) + "' has the same " + what + " twice");
        }
    }

    @Override
    public void member(Slice member, double score) throws RdbException {
        if (entry == 0) {
            entry = SortedSets.create(db, key.address(), key.length(), expireAt);
            Entry.general(entry, true); // until its end has shown that it is small
            longest = 0;
        }
        longest = Math.max(longest, member.length());
        refuseTwice(SortedSets.add(db, entry, member.address(), member.length(), score), "member");
    }

    @Override
    public void entry(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) {
        long needed = (long) count * SLICE_BYTES;
        if (needed > pairsSize) {
            close();
            pairsSize = Math.max(needed, 4096);
            pairs = Memory.map(pairsSize);
        }
        for (int i = 0; i < count; i++) {
            Memory.putLong(pairs + (long) i * SLICE_BYTES, fieldsAndValues[i].address());
            Memory.putLong(pairs + (long) i * SLICE_BYTES + 8, fieldsAndValues[i].length());
        }
        Streams.append(db, entry, milliseconds, sequence, count / 2, pairs);
    }

    @Override
    public void streamFacts(StreamFacts stream) {
        Streams.setLast(db, entry, stream.lastMs(), stream.lastSequence(), stream.entriesAdded());
        Streams.setMaxDeleted(db, entry, stream.maxDeletedMs(), stream.maxDeletedSequence());
    }

    @Override
    public void group(Slice name, long lastMs, long lastSequence, long entriesRead) throws RdbException {
        groups.begin(db, entry, name, lastMs, lastSequence, entriesRead);
    }

    @Override
    public void pending(long ms, long sequence, long deliveredAt, long deliveries) throws RdbException {
        groups.pending(ms, sequence, deliveredAt, deliveries);
    }

    @Override
    public void consumer(Slice name, long seen, long active) throws RdbException {
        groups.consumer(name, seen, active);
    }

    @Override
    public void pendingWith(long ms, long sequence) throws RdbException {
        groups.pendingWith(ms, sequence);
    }

    @Override
    public void end() throws RdbException {
        groups.end();
        if (type == Type.ZSET && entry != 0) {
            SortedSets.compactIfSmall(db, entry, longest);
        }
        if (entry != 0 && (idleSeconds >= 0 || frequency >= 0)) {
            db.restoreUse(entry, idleSeconds, frequency);
        }
        idleSeconds = -1;
        frequency = -1;
        keys++;
    }

    @Override
    public void leftOut(String what) {
        leftOut.add(what);
    }

    @Override
    public void close() {
        if (pairs != 0) {
            Memory.unmap(pairs, pairsSize);
            pairs = 0;
            pairsSize = 0;
        }
    }
}
