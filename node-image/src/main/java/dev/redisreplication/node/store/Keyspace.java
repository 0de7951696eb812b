package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * One database: keys, their entries and times to live, in memory of its own. Get one from {@link Store#db}. Used by one
 * thread at a time.
 *
 * <p>Entries are addresses. One from {@link #find} may be read until the next write to this database; to change a value,
 * take it from {@link #findForWrite}, which lets a running snapshot have the old value first.
 */
public final class Keyspace implements RehashGuard {
    /** For {@code expiresAt} parameters: leave the time to live as it is. */
    public static final long KEEP_EXPIRY = -2;

    final StoreCore core;
    /** The number of this database, or the one it had when the running snapshot began. */
    int index;

    int snapshotIndex;
    private Slabs slabs;
    private long table;
    private long volatileSize;
    private long timedHashes;
    private boolean refilled; // the next key that is created was there until now
    private Guard snapshot; // of the one that is running, or null

    /** A running snapshot: is to have entries before they change. */
    interface Guard {
        /** An entry of this bucket is about to change. */
        void beforeWrite(Keyspace keyspace, long bucket);

        /** All entries of this segment are about to move. */
        void beforeRehash(Keyspace keyspace, long segment);

        /** Takes over the contents of a database that is being emptied; false when they are not needed any more. */
        boolean adopt(Keyspace emptied, Keyspace contents);
    }

    Keyspace(StoreCore core, int index) {
        this.core = core;
        this.index = index;
        slabs = new Slabs(core.usage);
    }

    /** A snapshot begins, which knows this database by its number, or (null) ends. */
    void guard(Guard running) {
        snapshot = running;
    }

    /** The number of this database. */
    public int index() {
        return index;
    }

    /** The entry of a key, or 0 when it is absent or (by {@link Store#expiryMode}) expired. Counted as a read. */
    public long find(long key, int length) {
        return told(counted(look(key, length, false)), key, length);
    }

    private long counted(long entry) {
        if (entry != 0) {
            core.hits++;
        } else {
            core.misses++;
        }
        return entry;
    }

    private long told(long entry, long key, int length) {
        if (entry == 0) {
            core.listener.missed(index, key, length);
        }
        return entry;
    }

    /** As {@link #find}, and counted too, but no use of the key: what is asked is about it, and not about its value. */
    public long glance(long key, int length) {
        return told(inspect(key, length), key, length);
    }

    /** As {@link #glance}, where nobody is told of a key that is not there. */
    public long inspect(long key, int length) {
        long entry = findAsIs(key, length);
        return counted(entry != 0 && isOver(entry) ? expired(entry, false) : entry);
    }

    /** As {@link #find}, not counted: for a look that is part of a write. */
    public long peek(long key, int length) {
        return look(key, length, true);
    }

    private long look(long key, int length, boolean writes) {
        if (table == 0) {
            return 0;
        }
        long hash = HashTable.hash(key, length);
        long segment = HashTable.segmentFor(table, hash);
        long slot = HashTable.findSlotIn(segment, key, length, hash);
        if (slot == 0) {
            return 0;
        }
        long entry = HashTable.entryAt(slot);
        if (isOver(entry)) {
            return expired(entry, writes);
        }
        if (segment >= 0) { // not marked as fresh
            renew(segment, hash);
        }
        int stamp = core.access.stamp;
        if (stamp >= 0) {
            if (Entry.access(entry) != stamp) { // a line of the cache that stays clean costs less
                Entry.access(entry, stamp);
            }
        } else {
            core.access.used(entry);
        }
        return entry;
    }

    @Override
    public long renew(long segment, long hash) {
        if (segment < 0) {
            return segment;
        }
        core.access.renew(segment);
        return HashTable.markFresh(table, hash);
    }

    /** Whether a key is there and its time is not over. Nothing is counted, nothing deleted. */
    public boolean contains(long key, int length) {
        long entry = findAsIs(key, length);
        return entry != 0 && isVisible(entry);
    }

    /** The entry of a key that is kept, its time over or not, or 0. Nothing is counted, nothing deleted. */
    public long findAsIs(long key, int length) {
        return table == 0 ? 0 : HashTable.find(table, key, length, HashTable.hash(key, length));
    }

    /** As {@link #find}, for a value that the caller is about to change in place through the {@code type} classes. */
    public long findForWrite(long key, int length) {
        long entry = peek(key, length);
        if (entry != 0 && snapshot != null) {
            beforeWrite(HashTable.hash(key, length));
        }
        return entry;
    }

    boolean isOver(long entry) {
        return Entry.hasExpiry(entry) && core.now > Entry.expiry(entry);
    }

    private long expired(long entry, boolean writes) {
        switch (core.expiryMode) {
            case IGNORE -> {
                return entry;
            }
            case DELETE -> expireNow(entry);
            case DELETE_ON_WRITE -> {
                if (writes) {
                    expireNow(entry);
                }
            }
            case HIDE -> {}
        }
        return 0;
    }

    /** Whether the active search may delete an entry whose time is over. */
    boolean mayEnd(long entry) {
        return switch (core.expiryMode) {
            case DELETE -> true;
            case DELETE_ON_WRITE -> Entry.hasOwnExpiry(entry);
            case HIDE, IGNORE -> false;
        };
    }

    void expireNow(long entry) {
        core.listener.expired(index, Entry.keyAddress(entry), Entry.keyLength(entry));
        core.expiredKeys++;
        removeEntry(entry);
    }

    /** Removes an entry to make room, or because its time is over anyway. */
    void evict(long entry, long hash) {
        if (isOver(entry) && core.expiryMode == ExpiryMode.DELETE) {
            expireNow(entry);
            return;
        }
        core.listener.evicted(index, Entry.keyAddress(entry), Entry.keyLength(entry));
        removeEntry(entry, hash);
    }

    private void beforeWrite(long hash) {
        snapshot.beforeWrite(this, HashTable.bucketOf(table, hash));
    }

    @Override
    public void beforeRehash(long segment) {
        if (snapshot != null) {
            snapshot.beforeRehash(this, segment);
        }
    }

    @Override
    public int epoch() {
        return core.epoch;
    }

    /** Removes a key and gives back all memory of its value. Returns whether it was there (and not expired). */
    public boolean remove(long key, int length) {
        long entry = peek(key, length);
        if (entry == 0) {
            return false;
        }
        removeEntry(entry);
        return true;
    }

    /**
     * As {@link #remove}, for a command that gives the key another value.
     *
     * @param refilled whether it does so next: who hears of created keys does not hear of this one then, if it was there
     */
    public boolean clear(long key, int length, boolean refilled) {
        boolean removed = remove(key, length);
        this.refilled = removed && refilled;
        return removed;
    }

    /** Removes an entry that was just found. */
    public void removeEntry(long entry) {
        removeEntry(entry, HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
    }

    private void removeEntry(long entry, long hash) {
        if (snapshot != null) {
            beforeWrite(hash);
        }
        unlink(entry, hash);
        Values.free(slabs, entry);
    }

    private void unlink(long entry, long hash) {
        HashTable.remove(slabs, table, HashTable.slotOf(table, entry, hash), hash, this);
        if (Entry.hasExpiry(entry)) {
            volatileSize--;
        }
        forgetTimes(entry);
    }

    /** An entry is to go, or its value. */
    private void forgetTimes(long entry) {
        if (TimedHash.is(entry) && TimedHash.times(entry) != 0) {
            timedHashes--;
        }
    }

    private void link(long entry, long hash) {
        if (Entry.hasExpiry(entry)) {
            volatileSize++;
            noteExpiry(entry, hash);
        }
        if (TimedHash.is(entry) && TimedHash.times(entry) != 0) {
            timedHashes++;
            noteEarliest(TimedHash.earliest(entry), hash);
        }
        renew(HashTable.segmentFor(table, hash), hash);
        HashTable.insert(slabs, table, entry, hash, this);
        if (!refilled) {
            core.listener.created(index, Entry.keyAddress(entry), Entry.keyLength(entry));
        }
        refilled = false;
    }

    private void noteExpiry(long entry, long hash) {
        Entry.ownExpiry(entry, core.expiryMode == ExpiryMode.DELETE_ON_WRITE);
        noteEarliest(Entry.expiry(entry), hash);
    }

    private void noteEarliest(long expiresAt, long hash) {
        long segment = HashTable.segmentFor(table, hash);
        if (expiresAt < Segments.earliest(segment)) {
            Segments.earliest(segment, expiresAt);
        }
    }

    // ---- fields with a time to live, for FieldTimes

    /** A field of this hash has got this time. */
    void noteFieldTime(long entry, long expiresAt) {
        noteEarliest(expiresAt, HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
    }

    /** Hashes that have got, or lost, the only time of a field. */
    void countTimed(int more) {
        timedHashes += more;
    }

    void fieldExpired(long entry, long field, int length) {
        core.expiredFields++;
        core.listener.fieldExpired(index, Entry.keyAddress(entry), Entry.keyLength(entry), field, length);
    }

    void fieldsExpired(long entry, boolean gone) {
        core.listener.fieldsExpired(index, Entry.keyAddress(entry), Entry.keyLength(entry), gone);
    }

    /** An entry that was found for reading is to change: a running snapshot gets it first. */
    void beforeChange(long entry) {
        if (snapshot != null) {
            beforeWrite(HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
        }
    }

    /** Whether a field with this time to live (or {@link Entry#NO_EXPIRY}) is there for a reader. */
    public boolean showsField(long expiresAt) {
        return expiresAt == Entry.NO_EXPIRY || core.now <= expiresAt || core.expiryMode == ExpiryMode.IGNORE;
    }

    /** Whether a look at a field whose time is over deletes it: where it is not the master's to do so. */
    public boolean endsFields() {
        return core.expiryMode == ExpiryMode.DELETE;
    }

    /** How many hashes have a field with a time to live. */
    public long timedHashes() {
        return timedHashes;
    }

    /**
     * So many keys are about to come: makes room for them at once if there are none yet, a few millions at most. The number may be
     * wrong, that costs some memory.
     */
    public void expect(long count) {
        if (table == 0) {
            table = HashTable.create(slabs, core.epoch, count);
        }
    }

    /**
     * Makes the entry of a key, replacing what was there: the primitive under all creating commands. The caller writes the
     * payload at {@link Entry#payload} before anything else is done; neither key nor payload may come from the entry that is
     * replaced.
     *
     * @param payload bytes of payload, as the encoding says
     */
    public long put(Type type, int encoding, long key, int length, long payload, long expiresAt) {
        long hash = HashTable.hash(key, length);
        if (table == 0) {
            table = HashTable.create(slabs, core.epoch, 0);
        }
        if (snapshot != null) {
            beforeWrite(hash);
        }
        long segment = HashTable.segmentFor(table, hash);
        long slot = HashTable.findSlotIn(segment, key, length, hash);
        if (slot != 0 && isOver(HashTable.entryAt(slot))) {
            // Whoever hears of changes has to hear of this one too: a KEEPTTL means another time there otherwise.
            expired(HashTable.entryAt(slot), true);
            segment = HashTable.segmentFor(table, hash);
            slot = HashTable.findSlotIn(segment, key, length, hash);
        }
        if (slot == 0) {
            long expiry = expiresAt == KEEP_EXPIRY ? Entry.NO_EXPIRY : expiresAt;
            long entry = slabs.allocate(Entry.size(length, expiry != Entry.NO_EXPIRY, payload));
            Entry.write(entry, type, encoding, expiry, key, length);
            Entry.access(entry, core.access.born());
            link(entry, hash);
            return entry;
        }
        long old = HashTable.entryAt(slot);
        if (segment >= 0) { // not marked as fresh
            renew(segment, hash);
        }
        int access = core.access.rewritten(Entry.access(old));
        boolean had = Entry.hasExpiry(old);
        long expiry =
                expiresAt != KEEP_EXPIRY ? expiresAt : had && isVisible(old) ? Entry.expiry(old) : Entry.NO_EXPIRY;
        boolean has = expiry != Entry.NO_EXPIRY;
        long oldSize = Slabs.usable(Entry.size(old));
        long size = Entry.size(length, has, payload);
        forgetTimes(old);
        Values.freeOwned(slabs, old);
        long entry = old;
        if (Slabs.usable(size) != oldSize) {
            slabs.free(old, oldSize);
            entry = slabs.allocate(size);
            HashTable.replace(slot, entry);
        }
        Entry.write(entry, type, encoding, expiry, key, length);
        Entry.access(entry, access);
        if (had != has) {
            volatileSize += has ? 1 : -1;
        }
        if (has) {
            noteExpiry(entry, hash);
        }
        return entry;
    }

    /**
     * Gives an entry that was found for writing another size of payload and encoding, keeping key, expiry and the leading bytes of the
     * payload (of a BLOB the 16 bytes, not what they point at). Returns the entry, which may have moved.
     */
    public long resize(long entry, int encoding, long payload) {
        long at = Entry.payload(entry);
        long head = at - entry;
        long oldSize = Entry.size(entry);
        long size = head + payload;
        Entry.encoding(entry, encoding);
        if (Slabs.usable(size) == Slabs.usable(oldSize)) {
            return entry;
        }
        long moved = slabs.allocate(size);
        Memory.copy(entry, moved, Math.min(oldSize, size));
        replace(entry, moved);
        slabs.free(entry, oldSize);
        return moved;
    }

    private void replace(long entry, long moved) {
        long hash = HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
        HashTable.replace(HashTable.slotOf(table, entry, hash), moved);
    }

    /**
     * Sets the time to live of a key.
     *
     * @param expiresAt milliseconds since 1970, or {@link Entry#NO_EXPIRY} to persist the key; a time in the past does
     *     not delete the key here
     * @return the entry, which may have moved, or 0 when the key is absent
     */
    public long expire(long key, int length, long expiresAt) {
        long entry = findForWrite(key, length);
        if (entry == 0) {
            return 0;
        }
        boolean had = Entry.hasExpiry(entry);
        boolean has = expiresAt != Entry.NO_EXPIRY;
        if (had && has) {
            Entry.expiresAt(entry, expiresAt);
        } else if (had != has) {
            long moved = Values.withHead(slabs, entry, expiresAt, Entry.keyAddress(entry), Entry.keyLength(entry));
            replace(entry, moved);
            slabs.free(entry, Entry.size(entry));
            entry = moved;
            volatileSize += has ? 1 : -1;
        }
        if (has) {
            noteExpiry(entry, HashTable.hash(key, length));
        }
        return entry;
    }

    /** Gives a value another name, replacing what was there; its time to live goes with it. False: no such key. */
    public boolean rename(long from, int fromLength, long to, int toLength) {
        long entry = findForWrite(from, fromLength);
        if (entry == 0) {
            return false;
        }
        if (fromLength == toLength && Memory.equal(from, to, toLength)) {
            return true;
        }
        long target = peek(to, toLength);
        if (target != 0) {
            removeEntry(target);
        }
        long hash = HashTable.hash(to, toLength);
        unlink(entry, HashTable.hash(from, fromLength));
        if (snapshot != null) {
            beforeWrite(hash);
        }
        link(Values.withHead(slabs, entry, Entry.expiry(entry), to, toLength), hash);
        slabs.free(entry, Entry.size(entry));
        return true;
    }

    /** How many keys there are, expired ones that were not deleted yet included. */
    public long size() {
        return table == 0 ? 0 : HashTable.count(table);
    }

    /** How many keys have a time to live. */
    public long volatileSize() {
        return volatileSize;
    }

    /**
     * One step of SCAN. Visits the entries of at least one bucket, those too whose time is over, and goes on until about
     * {@code count} were seen. Every key that is there from the first call (cursor 0) to the last is visited at least once,
     * whatever is written in between; a key may be visited twice.
     *
     * @return the next cursor, 0 at the end; to be read as unsigned
     */
    public long scan(long cursor, int count, EntryVisitor visitor) {
        if (table == 0) {
            return 0;
        }
        return HashTable.scan(table, cursor, count, visitor);
    }

    /** Whether an entry that was just visited is there for a reader: its time is not over, or that does not count now. */
    public boolean isVisible(long entry) {
        return core.expiryMode == ExpiryMode.IGNORE || !isOver(entry);
    }

    /** The same for a reader that deletes what is over, if the mode says so; no more to be used then. */
    public boolean isVisibleOrEnds(long entry) {
        return !isOver(entry) || expired(entry, false) != 0;
    }

    /** Removes all keys; the cost does not depend on their number (pages are unmapped elsewhere). */
    public void flush() {
        if (table == 0) {
            return;
        }
        Keyspace old = new Keyspace(core, index);
        Slabs fresh = old.slabs;
        old.slabs = slabs;
        slabs.uncount();
        old.table = table;
        old.volatileSize = volatileSize;
        old.timedHashes = timedHashes;
        old.snapshotIndex = snapshotIndex;
        slabs = fresh;
        table = 0;
        volatileSize = 0;
        timedHashes = 0;
        if (snapshot == null || !snapshot.adopt(this, old)) {
            old.closeElsewhere();
        }
    }

    void closeElsewhere() {
        Thread.ofPlatform().daemon().name("unmap").start(slabs::close);
    }

    void close() {
        slabs.close();
        table = 0;
        volatileSize = 0;
        timedHashes = 0;
    }

    void resetEpochs() {
        if (table != 0) {
            HashTable.resetEpochs(table);
        }
    }

    void forgetFresh() {
        if (table != 0) {
            HashTable.forgetFresh(table);
        }
    }

    long table() {
        return table;
    }

    /** For how many seconds an entry of this database has not been used: to a second at first, later to a fourteenth of it. */
    public long idleSeconds(long entry) {
        return core.access.idle(segmentOf(entry), entry) / 1000;
    }

    /** How often it is used, 0 to 255 on a logarithmic scale; while the policy is an LFU one. */
    public int frequency(long entry) {
        return core.access.frequency(segmentOf(entry), entry);
    }

    private long segmentOf(long entry) {
        return HashTable.segmentFor(table, HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
    }

    /**
     * Says how a key was used before it came here, as far as the policy keeps it.
     *
     * @param idleSeconds since the last use, or -1 for not known
     * @param frequency 0 to 255, or -1 for not known
     */
    public void restoreUse(long entry, long idleSeconds, int frequency) {
        renew(segmentOf(entry), HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
        if (idleSeconds >= 0) {
            core.access.restoreIdle(entry, idleSeconds);
        }
        if (frequency >= 0) {
            core.access.restoreFrequency(entry, frequency);
        }
    }

    /** Where the values of this database live; for the {@code type} classes. */
    public Slabs slabs() {
        return slabs;
    }

    /** Things that the {@code type} classes reuse. */
    public StoreCore store() {
        return core;
    }

    /** Bytes that keys, values and their structures use, exactly. */
    public long usedMemory() {
        return slabs.used();
    }

    /** Bytes mapped from the operating system. */
    public long reservedMemory() {
        return slabs.reserved();
    }
}
