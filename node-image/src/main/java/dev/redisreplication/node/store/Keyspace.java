package dev.redisreplication.node.store;

/**
 * One database: keys, their entries and times to live, in memory of its own. Get one from {@link Store#db}. Used by one
 * thread at a time.
 *
 * <p>Entries are addresses. One from {@link #find} may be read until the next write to this database; to change a value,
 * take it from {@link #findForWrite}, which lets a running snapshot have the old value first.
 */
public final class Keyspace {
    /** For {@code expiresAt} parameters: leave the time to live as it is. */
    public static final long KEEP_EXPIRY = -2;

    Keyspace() {}

    /** The entry of a key, or 0 when it is absent or (by {@link Store#expiryMode}) expired. */
    public long find(long key, int length) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #find}, for a value that the caller is about to change in place through the {@code type} classes. */
    public long findForWrite(long key, int length) {
        throw new UnsupportedOperationException();
    }

    /** Tells WATCH that the key changed; the {@code type} classes call it themselves. */
    public void changed(long key, int length) {
        throw new UnsupportedOperationException();
    }

    /** Removes a key and gives back all memory of its value. Returns whether it was there (and not expired). */
    public boolean remove(long key, int length) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sets the time to live of a key.
     *
     * @param expiresAt milliseconds since 1970, or {@link Entry#NO_EXPIRY} to persist the key; a time in the past does
     *     not delete the key here
     * @return the entry, which may have moved, or 0 when the key is absent
     */
    public long expire(long key, int length, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    /** Gives a value another name, replacing what was there; its time to live goes with it. False: no such key. */
    public boolean rename(long from, int fromLength, long to, int toLength) {
        throw new UnsupportedOperationException();
    }

    /**
     * Copies or moves to come through the {@code type} classes; this tells how many keys there are, expired ones that
     * were not deleted yet included.
     */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** How many keys have a time to live. */
    public long volatileSize() {
        throw new UnsupportedOperationException();
    }

    /** Mean time to live in ms of the keys that have one, estimated from a sample; 0 when none has. */
    public long averageTtl() {
        throw new UnsupportedOperationException();
    }

    /**
     * One step of SCAN. Visits the entries (not the expired ones) of at least one bucket and goes on until about {@code count} were seen.
     * Every key that is there from the first call (cursor 0) to the last is visited at least once, whatever is written
     * in between; a key may be visited twice.
     *
     * @return the next cursor, 0 at the end; to be read as unsigned
     */
    public long scan(long cursor, int count, EntryVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** A random entry that is not expired, or 0 when there is none. */
    public long random() {
        throw new UnsupportedOperationException();
    }

    /** Removes all keys; the cost does not depend on their number (pages are unmapped elsewhere). */
    public void flush() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that keys, values and their structures use, exactly. */
    public long usedMemory() {
        throw new UnsupportedOperationException();
    }

    /** Bytes mapped from the operating system. */
    public long reservedMemory() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that one entry with its value and its share of the table uses (MEMORY USAGE). */
    public long memoryOf(long entry) {
        throw new UnsupportedOperationException();
    }
}
