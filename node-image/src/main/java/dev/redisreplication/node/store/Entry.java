package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;

/**
 * Reads the header and key of an entry; an entry is an address, valid until its key is written, expired or removed.
 *
 * <p>Layout: one byte type (3 bits), encoding (3) and flags (2), one byte for {@link AccessClock}, eight bytes expiry if flagged,
 * the key's length as a varint, the key, then the payload that the encoding says. Members of large collections are entries
 * too, of their own kinds.
 */
public final class Entry {
    /** No time to live. */
    public static final long NO_EXPIRY = -1;

    /** A string: a varint length and the bytes. */
    public static final int RAW = 0;
    /** A string: eight bytes of integer. */
    public static final int INTEGER = 1;
    /** A long string in a block of its own: address (8), length (4), capacity (4). */
    public static final int BLOB = 2;
    /** A small collection: the address of a {@link Block}. */
    public static final int PACKED = 3;
    /** A large set or hash: the address of a table. */
    public static final int TABLE = 4;
    /** A list, sorted set or stream: the address of the root of its tree. A hash: that of a {@link TimedHash}. */
    public static final int TREE = 5;
    /** In a set's table: nothing more. */
    public static final int MEMBER = 6;
    /** In a sorted set's table: the score. */
    public static final int SCORED = 7;

    private static final int TYPE = 7;
    private static final int ENCODING_SHIFT = 3;
    private static final int FLAG_EXPIRY = 0x40;
    private static final int FLAG_GENERAL = 0x80;
    private static final long OWN_EXPIRY = 1L << 63; // in the expiry itself, which is no negative number
    private static final int HEAD = 2;

    private Entry() {}

    /** The type of the value. */
    public static Type type(long entry) {
        return Type.of(Memory.getByte(entry) & TYPE);
    }

    /** How the value is kept: one of the constants of this class. */
    public static int encoding(long entry) {
        return Memory.getByte(entry) >> ENCODING_SHIFT & 7;
    }

    /** When it expires, in milliseconds since 1970, or {@link #NO_EXPIRY}. */
    public static long expiry(long entry) {
        return hasExpiry(entry) ? Memory.getLong(entry + HEAD) & ~OWN_EXPIRY : NO_EXPIRY;
    }

    /** Whether it has a time to live. */
    public static boolean hasExpiry(long entry) {
        return (Memory.getByte(entry) & FLAG_EXPIRY) != 0;
    }

    /**
     * Whether the value was once what Redis keeps in its general form only (raw, hashtable, skiplist): it is called so from then
     * on, however small it gets. What it is here, {@link #encoding} says.
     */
    public static boolean isGeneral(long entry) {
        return (Memory.getByte(entry) & FLAG_GENERAL) != 0;
    }

    /** Says what {@link #isGeneral} answers until the key is put anew. */
    public static void general(long entry, boolean on) {
        int head = Memory.getByte(entry);
        Memory.putByte(entry, on ? head | FLAG_GENERAL : head & ~FLAG_GENERAL);
    }

    /** Whether its time to live was given by a client of this node while it was a replica: no master will end it. */
    static boolean hasOwnExpiry(long entry) {
        return hasExpiry(entry) && Memory.getLong(entry + HEAD) < 0;
    }

    /** Of an entry with an expiry. */
    static void ownExpiry(long entry, boolean on) {
        Memory.putLong(entry + HEAD, expiry(entry) | (on ? OWN_EXPIRY : 0));
    }

    /** The byte of {@link AccessClock}, 0 to 255. */
    static int access(long entry) {
        return Memory.getUnsignedByte(entry + 1);
    }

    static void access(long entry, int code) {
        Memory.putByte(entry + 1, code);
    }

    /** Where the key's bytes begin. */
    public static long keyAddress(long entry) {
        long at = key(entry);
        return at + Varint.lengthAt(at);
    }

    /** How many bytes the key has. */
    public static int keyLength(long entry) {
        return Varint.get(key(entry));
    }

    /** Where the payload begins. */
    public static long payload(long entry) {
        long at = key(entry);
        int length = Varint.get(at);
        return at + Varint.size(length) + length;
    }

    /** The eight bytes of payload of a collection. */
    public static long root(long entry) {
        return Memory.getLong(payload(entry));
    }

    /** Changes the encoding and the eight bytes of payload of a collection. */
    public static void root(long entry, int encoding, long root) {
        encoding(entry, encoding);
        Memory.putLong(payload(entry), root);
    }

    static void encoding(long entry, int encoding) {
        Memory.putByte(entry, Memory.getByte(entry) & ~(7 << ENCODING_SHIFT) | encoding << ENCODING_SHIFT);
    }

    /** Where the bytes of a RAW or BLOB string are. */
    public static long textAddress(long entry) {
        long payload = payload(entry);
        return encoding(entry) == BLOB ? Memory.getLong(payload) : payload + Varint.lengthAt(payload);
    }

    /** How many bytes a RAW or BLOB string has. */
    public static int textLength(long entry) {
        long payload = payload(entry);
        return encoding(entry) == BLOB ? Memory.getInt(payload + 8) : Varint.get(payload);
    }

    private static long key(long entry) {
        return entry + HEAD + ((Memory.getByte(entry) & FLAG_EXPIRY) >> 3);
    }

    static boolean keyEquals(long entry, long key, int length) {
        long at = key(entry);
        int first = Memory.getUnsignedByte(at);
        if ((first & 1) == 0) {
            return first == length << 1 && Memory.equal(at + 1, key, length);
        }
        return Varint.get(at) == length && Memory.equal(at + Varint.lengthAt(at), key, length);
    }

    /** Bytes that the entry takes with a key, an expiry and a payload of these sizes. */
    static long size(int keyLength, boolean expiry, long payload) {
        return HEAD + (expiry ? 8 : 0) + Varint.size(keyLength) + keyLength + payload;
    }

    /** Bytes that this entry takes. */
    static long size(long entry) {
        long payload = payload(entry);
        return payload - entry + payloadSize(entry, payload);
    }

    static long payloadSize(long entry, long payload) {
        return switch (encoding(entry)) {
            case RAW -> {
                int length = Varint.get(payload);
                yield Varint.size(length) + length;
            }
            case MEMBER -> 0;
            case BLOB -> 16;
            default -> 8;
        };
    }

    /** Writes head, expiry (a time before 1970 is 1970) and key; returns where the payload begins. */
    static long write(long entry, Type type, int encoding, long expiresAt, long key, int keyLength) {
        boolean expiry = expiresAt != NO_EXPIRY;
        Memory.putByte(entry, type.ordinal() | encoding << ENCODING_SHIFT | (expiry ? FLAG_EXPIRY : 0));
        Memory.putByte(entry + 1, 0);
        long at = entry + HEAD;
        if (expiry) {
            Memory.putLong(at, Math.max(0, expiresAt));
            at += 8;
        }
        at = Varint.put(at, keyLength);
        Memory.copy(key, at, keyLength);
        return at + keyLength;
    }

    static void expiresAt(long entry, long millis) {
        Memory.putLong(entry + HEAD, Math.max(0, millis));
    }
}
