package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.memory.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** All databases of a node. Used by one thread at a time: an RDB loader fills a new one and hands it over. */
public final class Store implements AutoCloseable {
    private static final StoreListener NOBODY = new StoreListener() {};

    long now = System.currentTimeMillis();
    ExpiryMode expiryMode = ExpiryMode.DELETE;
    StoreListener listener = NOBODY;
    private CompactLimits limits = CompactLimits.DEFAULT;
    Snapshot snapshot;
    int epoch;
    long expiredKeys;
    long hits;
    long misses;
    final Randomness randomness = new Randomness(System.nanoTime());
    final Usage usage = new Usage();
    final AccessClock access = new AccessClock(this);
    private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
    private final Evictor evictor = new Evictor(this);
    private final Slice scratch = new Slice();
    private final ArrayList<Frame> frames = new ArrayList<>();
    private int framesInUse;
    private final Keyspace[] keyspaces;
    private final List<byte[]> libraries = new ArrayList<>(0);
    private int cancelled;
    private int nextToExpire;
    boolean expiryCut;

    /** @param databases how many, as the directive {@code databases} says */
    public Store(int databases) {
        keyspaces = new Keyspace[databases];
        for (int i = 0; i < databases; i++) {
            keyspaces[i] = new Keyspace(this, i);
        }
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
    }

    /** Sets the time that expiry is judged by; call it once a command. Milliseconds since 1970. */
    public void clock(long millis) {
        now = millis;
        access.tick(millis);
    }

    /** What {@link #clock} set. */
    public long now() {
        return now;
    }

    /** What happens to keys whose time is over; {@link ExpiryMode#DELETE} at first. */
    public void expiryMode(ExpiryMode mode) {
        expiryMode = Objects.requireNonNull(mode);
    }

    public ExpiryMode expiryMode() {
        return expiryMode;
    }

    /** Who is told about changed and expired keys; one at most, null for nobody. */
    public void listener(StoreListener told) {
        listener = told == null ? NOBODY : told;
    }

    /**
     * Which key goes when {@link #evict} is called, and what is kept of the use of keys; {@link EvictionPolicy#NOEVICTION} at
     * first.
     *
     * @param logFactor how much slower a count grows the higher it is, see the directive {@code lfu-log-factor}
     * @param decayMinutes in which time a count goes down by one; 0 for never
     */
    public void policy(EvictionPolicy next, long logFactor, long decayMinutes) {
        policy = Objects.requireNonNull(next);
        access.serve(next, logFactor, decayMinutes);
    }

    public EvictionPolicy policy() {
        return policy;
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
        access.still(!on);
    }

    /** A new period of the access clock begins. */
    void forgetFresh() {
        if (keyspaces != null) { // not while this store is being made
            for (Keyspace keyspace : keyspaces) {
                keyspace.forgetFresh();
            }
        }
    }

    Keyspace[] keyspaces() {
        return keyspaces;
    }

    /** When collections become general; {@link CompactLimits#DEFAULT} at first. */
    public CompactLimits limits() {
        return limits;
    }

    /** Changes it for what is written from now on. */
    public void limits(CompactLimits next) {
        limits = Objects.requireNonNull(next);
    }

    /** A slice for the {@code type} classes to render into; whoever uses it must be done before calling anything else. */
    public Slice scratch() {
        return scratch;
    }

    /**
     * A cursor and slices for one operation on a value; close it when done. Operations may nest: a visitor may read, or write to
     * another key.
     */
    public Frame frame() {
        if (framesInUse == frames.size()) {
            frames.add(new Frame(this));
        }
        return frames.get(framesInUse++);
    }

    void release() {
        framesInUse--;
    }

    /** Random numbers for commands that sample. */
    public Randomness randomness() {
        return randomness;
    }

    /**
     * Deletes keys whose time is over, as far as the mode lets it, for at most about this long. Call it some ten
     * times a second.
     *
     * @return how many were deleted
     */
    public int expireCycle(long budgetNanos) {
        if (expiryMode == ExpiryMode.HIDE || expiryMode == ExpiryMode.IGNORE) {
            return 0;
        }
        long deadline = System.nanoTime() + budgetNanos;
        expiryCut = false;
        int deleted = 0;
        for (int i = 0; i < keyspaces.length; i++) {
            deleted += keyspaces[nextToExpire].expireCycle(deadline);
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

    /** How many keys have a time to live. */
    public long volatileSize() {
        long sum = 0;
        for (Keyspace keyspace : keyspaces) {
            sum += keyspace.volatileSize();
        }
        return sum;
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
        return hits;
    }

    /** Reads ({@link Keyspace#find}) that found no key. */
    public long misses() {
        return misses;
    }

    /** Sets the counts of reads to what another store has counted, or to zero. */
    public void countReadsFrom(long hits, long misses) {
        this.hits = hits;
        this.misses = misses;
    }

    /** How many keys were deleted because of their time to live, since the start. */
    public long expiredKeys() {
        return expiredKeys;
    }

    /** Removes all keys of all databases; a running snapshot still gets them. */
    public void flush() {
        for (Keyspace keyspace : keyspaces) {
            keyspace.flush();
        }
    }

    /** Bytes used by all databases, exactly. */
    public long usedMemory() {
        return usage.bytes();
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
            epoch = 0;
        }
        epoch = epoch % HashTable.EPOCH_MASK + 1;
        snapshot = new Snapshot(this, keyspaces, epoch, sink);
        return snapshot;
    }

    /** The running snapshot, or null. */
    public Snapshot snapshot() {
        return snapshot;
    }

    void snapshotEnded(boolean complete) {
        snapshot = null;
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
