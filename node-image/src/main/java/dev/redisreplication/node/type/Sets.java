package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;

/** Sets. A set that gets empty is removed with its key; the entry must not be used again then. */
public final class Sets {
    private Sets() {}

    /** The set at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The set at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The set at a key for writing; a new one is made when absent (add to it before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    public static long size(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Whether the member was new. */
    public static boolean add(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    /** Whether the member was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    public static boolean contains(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    /** Removes a random member (a copy in {@code out}); returns the remaining size, 0 when the key is gone. */
    public static long popRandom(Keyspace db, long entry, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code out} at a random member. */
    public static void random(Keyspace db, long entry, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Visits all members. */
    public static void forEach(Keyspace db, long entry, ElementVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** One step of SSCAN, with the guarantees of {@link Keyspace#scan}. A small set is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, ElementVisitor visitor) {
        throw new UnsupportedOperationException();
    }
}
