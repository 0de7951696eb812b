package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;

/**
 * Reads the header and key of an entry; an entry is an address, valid until its key is written, expired or removed.
 *
 * <p>Layout: one byte type and encoding, one byte flags, eight bytes expiry if flagged, the key's length as a varint, the
 * key, then what the encoding says.
 */
public final class Entry {
    /** No time to live. */
    public static final long NO_EXPIRY = -1;

    static final int FLAG_EXPIRY = 1;

    private Entry() {}

    /** The type of the value. */
    public static Type type(long entry) {
        return Type.of(Memory.getByte(entry) & 0xf);
    }

    /** The internal encoding number of the value; its meaning depends on the type. */
    public static int encoding(long entry) {
        return Memory.getUnsignedByte(entry) >> 4;
    }

    /** When it expires, in milliseconds since 1970, or {@link #NO_EXPIRY}. */
    public static long expiry(long entry) {
        return hasExpiry(entry) ? Memory.getLong(entry + 2) : NO_EXPIRY;
    }

    /** Whether it has a time to live. */
    public static boolean hasExpiry(long entry) {
        return (Memory.getByte(entry + 1) & FLAG_EXPIRY) != 0;
    }

    /** Where the key's bytes begin. */
    public static long keyAddress(long entry) {
        long at = entry + 2 + (hasExpiry(entry) ? 8 : 0);
        return at + Varint.lengthAt(at);
    }

    /** How many bytes the key has. */
    public static int keyLength(long entry) {
        return Varint.get(entry + 2 + (hasExpiry(entry) ? 8 : 0));
    }
}
