package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;
import java.math.BigDecimal;

/**
 * Strings: bytes, or a 64-bit integer kept as such. See the Redis documentation of the string commands.
 * {@code expiresAt} parameters take milliseconds since 1970, {@code Entry.NO_EXPIRY} or {@code Keyspace.KEEP_EXPIRY}.
 */
public final class Strings {
    private Strings() {}

    /** The string at a key, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** Puts a string, whatever was at the key. Integers in canonical form are kept as integers. Returns the entry. */
    public static long set(Keyspace db, long key, int keyLength, long value, int length, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    /** Puts an integer, whatever was at the key. Returns the entry. */
    public static long setLong(Keyspace db, long key, int keyLength, long value, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code out} at the bytes; an integer is rendered into its buffer. */
    public static void get(long entry, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** How many bytes the value has. */
    public static int length(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Whether the value is kept as an integer (OBJECT ENCODING int). */
    public static boolean isLong(long entry) {
        throw new UnsupportedOperationException();
    }

    /** The value as an integer. @throws TypeError NOT_AN_INTEGER */
    public static long asLong(long entry) {
        throw new UnsupportedOperationException();
    }

    /** APPEND: returns the new length; the key is created when absent. @throws TypeError */
    public static int append(Keyspace db, long key, int keyLength, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** SETRANGE: overwrites from an offset, filling a gap with zeros; returns the new length. @throws TypeError */
    public static int setRange(Keyspace db, long key, int keyLength, int offset, long value, int length) {
        throw new UnsupportedOperationException();
    }

    /** GETRANGE with Redis' negative offsets; points {@code out} at what is there, perhaps nothing. */
    public static void getRange(long entry, long start, long end, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** INCRBY: returns the new value; an absent key counts as 0. @throws TypeError */
    public static long increment(Keyspace db, long key, int keyLength, long by) {
        throw new UnsupportedOperationException();
    }

    /** INCRBYFLOAT with 17 significant digits; {@code out} gets the new value as text. @throws TypeError */
    public static void incrementFloat(Keyspace db, long key, int keyLength, BigDecimal by, Slice out) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes the value at least {@code length} bytes long (zeros are added; the key is created when absent) and not an
     * integer, and points {@code out} at its bytes, which the caller may overwrite in place: SETBIT, BITFIELD.
     *
     * @throws TypeError WRONG_TYPE
     */
    public static void writable(Keyspace db, long key, int keyLength, int length, Slice out) {
        throw new UnsupportedOperationException();
    }
}
