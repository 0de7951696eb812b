package dev.redisreplication.node.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** All databases of a node. Used by one thread at a time: an RDB loader fills a new one and hands it over. */
public final class Store implements AutoCloseable {
    private final StoreCore core = new StoreCore(this::forgetFresh);
    private final Evictor evictor;
    private final Expirer[] expirers;
    private Snapshot snapshot;
    private final Keyspace[] keyspaces;
    private final List<byte[]> libraries = new ArrayList<>(0);
    private int cancelled;
    private int nextToExpire;
    private boolean expiryCut;

    /** @param databases how many, as the directive {@code databases} says */
    public Store(int databases) {
        keyspaces = new Keyspace[databases];
        expirers = new Expirer[databases];
        for (int i = 0; i < databases; i++) {
            keyspaces[i] = new Keyspace(core, i);
            expirers[i] = new Expirer(keyspaces[i]);
        }
        evictor = new Evictor(keyspaces, core);
    }

    /**
     * The code of each function library, in the order in which they came; belongs to the data, as they are kept and handed on
     * with it, but to no database. The caller changes it.
     */
    public List<byte[]> libraries() {
        return libraries;
    }

    public int databases() {
        return keyspaces.length;
    }

    /** The database of this number; ask again after {@link #swap}. */
    public Keyspace db(int index) {
        return keyspaces[index];
    }

    /** SWAPDB. */
    public void swap(int a, int b) {
        Keyspace first = keyspaces[a];
        keyspaces[a] = keyspaces[b];
        keyspaces[b] = first;
        keyspaces[a].index = a;
        keyspaces[b].index = b;
        Expirer ofFirst = expirers[a];
        expirers[a] = expirers[b];
        expirers[b] = ofFirst;
        evictor.swapped(a, b);
    }

    /** Sets the time that expiry is judged by; call it once a command. Milliseconds since 1970. */
    public void clock(long millis) {
        core.clock(millis);
    }

    /** What {@link #clock} set. */
    public long now() {
        return core.now;
    }

    /** What happens to keys whose time is over; {@link ExpiryMode#DELETE} at first. */
    public void expiryMode(ExpiryMode mode) {
        core.expiryMode = Objects.requireNonNull(mode);
    }

    public ExpiryMode expiryMode() {
        return core.expiryMode;
    }

    /** Who is told about changed and expired keys; one at most, null for nobody. */
    public void listener(StoreListener told) {
        core.listener = told == null ? StoreCore.NOBODY : told;
    }

    /**
     * Which key goes when {@link #evict} is called, and what is kept of the use of keys; {@link EvictionPolicy#NOEVICTION} at
     * first.
     *
     * @param logFactor how much slower a count grows the higher it is, see the directive {@code lfu-log-factor}
     * @param decayMinutes in which time a count goes down by one; 0 for never
     */
    public void policy(EvictionPolicy next, long logFactor, long decayMinutes) {
        core.policy = Objects.requireNonNull(next);
        core.access.serve(next, logFactor, decayMinutes);
    }

    public EvictionPolicy policy() {
        return core.policy;
    }

    /**
     * Deletes the key that the policy chooses, and tells the listener before.
     *
     * @param samples how many keys to look at for that; more is better and slower
     * @return whether there was one
     */
    public boolean evict(int samples) {
        return evictor.evict(samples);
    }

    /** Whether looking for keys changes what is known of their use (CLIENT NO-TOUCH). True at first. */
    public void noteUse(boolean on) {
        core.access.still(!on);
    }

    /** A new period of the access clock begins. */
    private void forgetFresh() {
        if (keyspaces != null) { // not while this store is being made
            for (Keyspace keyspace : keyspaces) {
                keyspace.forgetFresh();
            }
        }
    }

    /** When collections become general; {@link CompactLimits#DEFAULT} at first. */
    public CompactLimits limits() {
        return core.limits;
    }

    /** Changes it for what is written from now on. */
    public void limits(CompactLimits next) {
        core.limits = Objects.requireNonNull(next);
    }

    /** Random numbers for commands that sample. */
    public Randomness randomness() {
        return core.randomness;
    }

    /**
     * Deletes keys whose time is over, as far as the mode lets it, for at most about this long. Call it some ten
     * times a second.
     *
     * @return how many were deleted
     */
    public int expireCycle(long budgetNanos) {
        if (core.expiryMode == ExpiryMode.HIDE || core.expiryMode == ExpiryMode.IGNORE) {
            return 0;
        }
        long deadline = System.nanoTime() + budgetNanos;
        expiryCut = false;
        int deleted = 0;
        for (int i = 0; i < keyspaces.length; i++) {
            Keyspace keyspace = keyspaces[nextToExpire];
            if (keyspace.volatileSize() > 0 || keyspace.timedHashes() > 0) {
                deleted += expirers[nextToExpire].run(deadline);
                expiryCut |= expirers[nextToExpire].isCut();
            }
            nextToExpire = (nextToExpire + 1) % keyspaces.length;
            if (deleted != 0 && System.nanoTime() - deadline >= 0) {
                break;
            }
        }
        return deleted;
    }

    /** Whether the last {@link #expireCycle} ended because its time was up, and not because it had seen everything. */
    public boolean expiryCut() {
        return expiryCut;
    }

    /** Mean time to live in ms of the keys of a database that have one, estimated from a sample; 0 when none has. */
    public long averageTtl(int db) {
        return keyspaces[db].volatileSize() == 0 ? 0 : expirers[db].averageTtl();
    }

    /** How many keys have a time to live. */
    public long volatileSize() {
        long sum = 0;
        for (Keyspace keyspace : keyspaces) {
            sum += keyspace.volatileSize();
        }
        return sum;
    }

    /** How many hashes have a field with a time to live of its own. */
    public long timedHashes() {
        long sum = 0;
        for (Keyspace keyspace : keyspaces) {
            sum += keyspace.timedHashes();
        }
        return sum;
    }

    /** How many fields of hashes were deleted because of their time to live, since the start. */
    public long expiredFields() {
        return core.expiredFields;
    }

    /** How many keys there are, expired ones that were not deleted yet included. */
    public long size() {
        long sum = 0;
        for (Keyspace keyspace : keyspaces) {
            sum += keyspace.size();
        }
        return sum;
    }

    /** Reads ({@link Keyspace#find}) that found their key. */
    public long hits() {
        return core.hits;
    }

    /** Reads ({@link Keyspace#find}) that found no key. */
    public long misses() {
        return core.misses;
    }

    /** Sets the counts of reads to what another store has counted, or to zero. */
    public void countReadsFrom(long hits, long misses) {
        core.hits = hits;
        core.misses = misses;
    }

    /** How many keys were deleted because of their time to live, since the start. */
    public long expiredKeys() {
        return core.expiredKeys;
    }

    /** Removes all keys of all databases; a running snapshot still gets them. */
    public void flush() {
        for (Keyspace keyspace : keyspaces) {
            keyspace.flush();
        }
    }

    /** Bytes used by all databases, exactly. */
    public long usedMemory() {
        return core.usage.bytes();
    }

    /** Bytes mapped from the operating system by all databases. */
    public long reservedMemory() {
        long sum = 0;
        for (Keyspace keyspace : keyspaces) {
            sum += keyspace.reservedMemory();
        }
        return sum;
    }

    /**
     * Begins a snapshot of all databases as they are now; nothing is emitted before the first step or write.
     *
     * @throws IllegalStateException when one is running
     */
    public Snapshot snapshot(SnapshotSink sink) {
        if (snapshot != null) {
            throw new IllegalStateException("a snapshot is running");
        }
        // A cancelled snapshot leaves buckets of older epochs behind: before the numbers come round, all are made
        // equal.
        if (cancelled >= HashTable.EPOCH_MASK - 2) {
            for (Keyspace keyspace : keyspaces) {
                keyspace.resetEpochs();
            }
            cancelled = 0;
            core.epoch = 0;
        }
        core.epoch = core.epoch % HashTable.EPOCH_MASK + 1;
        snapshot = new Snapshot(this::snapshotEnded, keyspaces, core.epoch, sink);
        return snapshot;
    }

    /** The running snapshot, or null. */
    public Snapshot snapshot() {
        return snapshot;
    }

    private void snapshotEnded(boolean complete) {
        snapshot = null;
        for (Keyspace keyspace : keyspaces) {
            keyspace.guard(null);
        }
        cancelled = complete ? 0 : cancelled + 1;
    }

    /** Unmaps everything at once; every address becomes invalid. May be called on any thread that owns the store then. */
    @Override
    public void close() {
        if (snapshot != null) {
            snapshot.cancel();
        }
        for (Keyspace keyspace : keyspaces) {
            keyspace.close();
        }
    }
}
