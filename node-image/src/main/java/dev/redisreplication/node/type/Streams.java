package dev.redisreplication.node.type;

import dev.redisreplication.node.store.Keyspace;

/**
 * Streams: entries of field-value pairs by ascending id (milliseconds, sequence; both unsigned). An empty stream keeps its
 * key. Consumer groups are not here yet.
 */
public final class Streams {
    private Streams() {}

    /** The stream at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The stream at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The stream at a key for writing; an empty one is made when absent. @throws TypeError WRONG_TYPE */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    public static long length(long entry) {
        throw new UnsupportedOperationException();
    }

    /** The largest id ever added: milliseconds. */
    public static long lastMilliseconds(long entry) {
        throw new UnsupportedOperationException();
    }

    /** The largest id ever added: sequence. */
    public static long lastSequence(long entry) {
        throw new UnsupportedOperationException();
    }

    /** How many entries were ever added. */
    public static long entriesAdded(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Sets what XSETID and an RDB set. */
    public static void setLast(Keyspace db, long entry, long milliseconds, long sequence, long entriesAdded) {
        throw new UnsupportedOperationException();
    }

    /** The largest id that was deleted (XDEL), as XSETID and an RDB set it. */
    public static void setMaxDeleted(Keyspace db, long entry, long milliseconds, long sequence) {
        throw new UnsupportedOperationException();
    }

    public static long maxDeletedMilliseconds(long entry) {
        throw new UnsupportedOperationException();
    }

    public static long maxDeletedSequence(long entry) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends an entry. Its pairs are given as an array of native slices: {@code 2 * pairs} elements of 16 bytes, each
     * an address (8 bytes) and a length (8 bytes), field and value in turn.
     *
     * @throws TypeError STREAM_ID_TOO_SMALL, STREAM_ID_ZERO
     */
    public static void append(Keyspace db, long entry, long milliseconds, long sequence, int pairs, long slices) {
        throw new UnsupportedOperationException();
    }

    /** Visits at most {@code count} entries (−1: all) with from ≤ id ≤ to, upwards or downwards. Returns how many. */
    public static long range(
            Keyspace db,
            long entry,
            long fromMilliseconds,
            long fromSequence,
            long toMilliseconds,
            long toSequence,
            boolean reverse,
            long count,
            StreamVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** XDEL of one entry: whether it was there. */
    public static boolean delete(Keyspace db, long entry, long milliseconds, long sequence) {
        throw new UnsupportedOperationException();
    }

    /**
     * XTRIM MAXLEN: removes the oldest entries until {@code maxLength} remain; {@code approximate} removes whole blocks
     * only. Returns how many went.
     */
    public static long trimToLength(Keyspace db, long entry, long maxLength, boolean approximate) {
        throw new UnsupportedOperationException();
    }

    /** XTRIM MINID: removes entries below an id; returns how many went. */
    public static long trimBelow(Keyspace db, long entry, long milliseconds, long sequence, boolean approximate) {
        throw new UnsupportedOperationException();
    }
}
