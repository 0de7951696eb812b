package dev.redisreplication.node.store;

/**
 * All databases of a node. Used by one thread at a time: an RDB loader fills a new one and hands it over.
 */
public final class Store implements AutoCloseable {
    /** @param databases how many, as the directive {@code databases} says */
    public Store(int databases) {
        throw new UnsupportedOperationException("" + databases);
    }

    public int databases() {
        throw new UnsupportedOperationException();
    }

    /** The database of this number; ask again after {@link #swap}. */
    public Keyspace db(int index) {
        throw new UnsupportedOperationException("" + index);
    }

    /** SWAPDB. */
    public void swap(int a, int b) {
        throw new UnsupportedOperationException();
    }

    /** Sets the time that expiry is judged by; call it once a command. Milliseconds since 1970. */
    public void clock(long now) {
        throw new UnsupportedOperationException();
    }

    /** What {@link #clock} set. */
    public long now() {
        throw new UnsupportedOperationException();
    }

    /** What happens to keys whose time is over; {@link ExpiryMode#DELETE} at first. */
    public void expiryMode(ExpiryMode mode) {
        throw new UnsupportedOperationException();
    }

    public ExpiryMode expiryMode() {
        throw new UnsupportedOperationException();
    }

    /** Who is told about changed and expired keys; one at most. */
    public void listener(StoreListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Whether {@link StoreListener#changed} is called: on while any client watches a key. */
    public void watching(boolean on) {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes keys whose time is over (nothing unless the mode is DELETE), for at most about this long. Call it some ten
     * times a second.
     *
     * @return how many were deleted
     */
    public int expireCycle(long budgetNanos) {
        throw new UnsupportedOperationException();
    }

    /** How many keys were deleted because of their time to live, since the start. */
    public long expiredKeys() {
        throw new UnsupportedOperationException();
    }

    /** Removes all keys of all databases; a running snapshot still gets them. */
    public void flush() {
        throw new UnsupportedOperationException();
    }

    /** Bytes used by all databases, exactly. */
    public long usedMemory() {
        throw new UnsupportedOperationException();
    }

    /** Bytes mapped from the operating system by all databases. */
    public long reservedMemory() {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins a snapshot of all databases as they are now; nothing is emitted before the first step or write.
     *
     * @throws IllegalStateException when one is running
     */
    public Snapshot snapshot(SnapshotSink sink) {
        throw new UnsupportedOperationException();
    }

    /** Unmaps everything at once; every address becomes invalid. May be called on any thread that owns the store then. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
