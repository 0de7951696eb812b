package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;
import java.math.BigDecimal;

/** Hashes. A hash that gets empty is removed with its key; the entry must not be used again then. */
public final class Hashes {
    private Hashes() {}

    /** The hash at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The hash at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The hash at a key for writing; a new one is made when absent (set a field before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    public static long size(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Sets a field; whether it was new. */
    public static boolean set(Keyspace db, long entry, long field, int fieldLength, long value, int valueLength) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code out} at a field's value; false when there is no such field. */
    public static boolean get(Keyspace db, long entry, long field, int fieldLength, Slice out) {
        throw new UnsupportedOperationException();
    }

    public static boolean contains(Keyspace db, long entry, long field, int fieldLength) {
        throw new UnsupportedOperationException();
    }

    /** Whether the field was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long field, int fieldLength) {
        throw new UnsupportedOperationException();
    }

    /** HINCRBY; returns the new value. @throws TypeError HASH_NOT_AN_INTEGER, OVERFLOW */
    public static long increment(Keyspace db, long entry, long field, int fieldLength, long by) {
        throw new UnsupportedOperationException();
    }

    /** HINCRBYFLOAT; {@code out} gets the new value as text. @throws TypeError HASH_NOT_A_FLOAT */
    public static void incrementFloat(Keyspace db, long entry, long field, int fieldLength, BigDecimal by, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Points the slices at a random field and its value. */
    public static void random(Keyspace db, long entry, Slice field, Slice value) {
        throw new UnsupportedOperationException();
    }

    /** Visits all fields. */
    public static void forEach(Keyspace db, long entry, FieldVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** One step of HSCAN, with the guarantees of {@link Keyspace#scan}. A small hash is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, FieldVisitor visitor) {
        throw new UnsupportedOperationException();
    }
}
