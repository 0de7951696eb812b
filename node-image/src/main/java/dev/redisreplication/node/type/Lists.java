package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;

/**
 * Lists. Indexes and ranges follow Redis: zero-based, negative from the end, out-of-range ends clipped. A list that gets
 * empty is removed with its key; the entry must not be used again then.
 */
public final class Lists {
    private Lists() {}

    /** The list at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The list at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The list at a key for writing; a new one is made when absent (push to it before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    public static long length(long entry) {
        throw new UnsupportedOperationException();
    }

    /** LPUSH of one element; returns the new length. */
    public static long pushFirst(Keyspace db, long entry, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** RPUSH of one element; returns the new length. */
    public static long pushLast(Keyspace db, long entry, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** Takes the first element (a copy in {@code out}); returns the remaining length, 0 when the key is gone. */
    public static long popFirst(Keyspace db, long entry, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Takes the last element (a copy in {@code out}); returns the remaining length, 0 when the key is gone. */
    public static long popLast(Keyspace db, long entry, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code out} at an element; false when the index is out of range. */
    public static boolean get(Keyspace db, long entry, long index, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** LSET: false when the index is out of range. */
    public static boolean set(Keyspace db, long entry, long index, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** How many elements {@link #range} would visit. */
    public static long rangeLength(long entry, long start, long stop) {
        throw new UnsupportedOperationException();
    }

    /** Visits the elements of a range in order, both ends included. */
    public static void range(Keyspace db, long entry, long start, long stop, ElementVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** LINSERT next to the first element equal to the pivot; returns the new length, or -1 when there is no such one. */
    public static long insert(
            Keyspace db, long entry, boolean before, long pivot, int pivotLength, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** LREM: count > 0 from the head, < 0 from the tail, 0 all; returns how many went. The key goes with the last. */
    public static long remove(Keyspace db, long entry, long count, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** LTRIM; returns the remaining length, 0 when the key is gone. */
    public static long trim(Keyspace db, long entry, long start, long stop) {
        throw new UnsupportedOperationException();
    }
}
