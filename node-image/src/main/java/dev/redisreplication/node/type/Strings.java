package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.store.Varint;

/**
 * Strings: bytes, or a 64-bit integer kept as such. See the Redis documentation of the string commands.
 * {@code expiresAt} parameters take milliseconds since 1970, {@code Entry.NO_EXPIRY} or {@code Keyspace.KEEP_EXPIRY}.
 * Bytes given as values must not lie in the store.
 */
public final class Strings {
    /** The longest string, as {@code proto-max-bulk-len} is at first. */
    public static final int LONGEST = 512 << 20;

    // Longer ones get a block of their own, which can grow without moving the entry.
    private static final int MAX_EMBEDDED = 4096;

    private Strings() {}

    /** The string at a key, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return check(db.find(key, keyLength));
    }

    /** The same for a write: not counted as a read. */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return check(db.findForWrite(key, keyLength));
    }

    private static long check(long entry) {
        if (entry != 0 && Entry.type(entry) != Type.STRING) {
            throw TypeError.WRONG_TYPE;
        }
        return entry;
    }

    /** Puts a string, whatever was at the key. Integers in canonical form are kept as integers. Returns the entry. */
    public static long set(Keyspace db, long key, int keyLength, long value, int length, long expiresAt) {
        if (Decimal.isCanonical(value, length)) {
            return setLong(db, key, keyLength, Decimal.parse(value, length), expiresAt);
        }
        return setText(db, key, keyLength, value, length, expiresAt);
    }

    /** As {@link #set}, but kept as text even where it is an integer: what Redis does with sums of INCRBYFLOAT. */
    public static long setText(Keyspace db, long key, int keyLength, long value, int length, long expiresAt) {
        if (length > MAX_EMBEDDED) {
            return setBlob(db, key, keyLength, value, length, expiresAt);
        }
        long entry = db.put(Type.STRING, Entry.RAW, key, keyLength, (long) Varint.size(length) + length, expiresAt);
        Memory.copy(value, Varint.put(Entry.payload(entry), length), length);
        return entry;
    }

    private static long setBlob(Keyspace db, long key, int keyLength, long value, int length, long expiresAt) {
        long entry = db.put(Type.STRING, Entry.BLOB, key, keyLength, 16, expiresAt);
        long blob = db.slabs().allocate(length);
        Memory.copy(value, blob, length);
        putBlob(entry, blob, length, Slabs.usable(length));
        return entry;
    }

    private static void putBlob(long entry, long blob, int length, long capacity) {
        long payload = Entry.payload(entry);
        Memory.putLong(payload, blob);
        Memory.putInt(payload + 8, length);
        Memory.putInt(payload + 12, (int) capacity);
    }

    /** Puts an integer, whatever was at the key. Returns the entry. */
    public static long setLong(Keyspace db, long key, int keyLength, long value, long expiresAt) {
        long entry = db.put(Type.STRING, Entry.INTEGER, key, keyLength, 8, expiresAt);
        Memory.putLong(Entry.payload(entry), value);
        return entry;
    }

    /** Points {@code out} at the bytes; an integer is rendered into its buffer. */
    public static void get(long entry, Slice out) {
        if (Entry.encoding(entry) == Entry.INTEGER) {
            out.decimal(Memory.getLong(Entry.payload(entry)));
        } else {
            out.point(Entry.textAddress(entry), Entry.textLength(entry));
        }
    }

    /** How many bytes the value has. */
    public static int length(long entry) {
        return isLong(entry) ? Decimal.length(Memory.getLong(Entry.payload(entry))) : Entry.textLength(entry);
    }

    /** Whether the value is kept as an integer (OBJECT ENCODING int). */
    public static boolean isLong(long entry) {
        return Entry.encoding(entry) == Entry.INTEGER;
    }

    /** The value as an integer. @throws TypeError NOT_AN_INTEGER */
    public static long asLong(long entry) {
        if (isLong(entry)) {
            return Memory.getLong(Entry.payload(entry));
        }
        return Numbers.parse(Entry.textAddress(entry), Entry.textLength(entry), TypeError.NOT_AN_INTEGER);
    }

    /** APPEND: returns the new length; the key is created when absent. @throws TypeError */
    public static int append(Keyspace db, long key, int keyLength, long value, int length) {
        long entry = findForWrite(db, key, keyLength);
        if (entry == 0) {
            set(db, key, keyLength, value, length, Entry.NO_EXPIRY);
            return length;
        }
        int old = length(entry);
        entry = lengthen(db, entry, checkLength((long) old + length));
        Memory.copy(value, Entry.textAddress(entry) + old, length);
        Entry.general(entry, true);
        return old + length;
    }

    private static int checkLength(long length) {
        if (length > LONGEST) {
            throw TypeError.STRING_TOO_LONG;
        }
        return (int) length;
    }

    /** SETRANGE: overwrites from an offset, filling a gap with zeros; returns the new length. @throws TypeError */
    public static int setRange(Keyspace db, long key, int keyLength, int offset, long value, int length) {
        long entry = check(db.findForWrite(key, keyLength));
        if (length == 0) {
            return entry == 0 ? 0 : length(entry);
        }
        entry = atLeast(db, entry, key, keyLength, checkLength((long) offset + length));
        Memory.copy(value, Entry.textAddress(entry) + offset, length);
        return Entry.textLength(entry);
    }

    /** GETRANGE with Redis' negative offsets; points {@code out} at what is there, perhaps nothing. */
    public static void getRange(long entry, long start, long end, Slice out) {
        get(entry, out);
        long length = out.length();
        boolean bothBehind = start < 0 && end < 0 && start > end;
        long from = Math.max(0, start < 0 ? start + length : start);
        long to = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
        if (bothBehind || from > to) {
            out.point(out.address(), 0);
        } else {
            out.point(out.address() + from, (int) (to - from + 1));
        }
    }

    /** INCRBY: returns the new value; an absent key counts as 0. @throws TypeError */
    public static long increment(Keyspace db, long key, int keyLength, long by) {
        long entry = findForWrite(db, key, keyLength);
        if (entry == 0) {
            setLong(db, key, keyLength, by, Entry.NO_EXPIRY);
            return by;
        }
        long value = Numbers.add(asLong(entry), by);
        if (isLong(entry)) {
            Memory.putLong(Entry.payload(entry), value);
        } else {
            setLong(db, key, keyLength, value, Keyspace.KEEP_EXPIRY);
        }
        return value;
    }

    /**
     * Makes the value at least {@code length} bytes long (zeros are added; the key is created when absent) and not an
     * integer, and points {@code out} at its bytes, which the caller may overwrite in place: SETBIT, BITFIELD. Both bound the
     * length themselves.
     *
     * @throws TypeError WRONG_TYPE
     */
    public static void writable(Keyspace db, long key, int keyLength, int length, Slice out) {
        long entry = atLeast(db, check(db.findForWrite(key, keyLength)), key, keyLength, length);
        out.point(Entry.textAddress(entry), Entry.textLength(entry));
    }

    // The entry as text of at least this length, what was added being zeros; 0 stands for no entry yet.
    private static long atLeast(Keyspace db, long entry, long key, int keyLength, int length) {
        long found = entry == 0 ? setText(db, key, keyLength, 0, 0, Entry.NO_EXPIRY) : entry;
        int old = length(found);
        if (old < length || isLong(found)) {
            found = lengthen(db, found, Math.max(old, length));
            Memory.zero(Entry.textAddress(found) + old, Math.max(0, length - old));
        }
        Entry.general(found, true);
        return found;
    }

    /** Gives a string room and the length of {@code length} bytes, keeping its bytes; those added are undefined. */
    private static long lengthen(Keyspace db, long entry, int length) {
        return switch (Entry.encoding(entry)) {
            case Entry.INTEGER -> fromInteger(db, entry, length);
            case Entry.BLOB -> lengthenBlob(db, entry, length);
            default -> length > MAX_EMBEDDED ? toBlob(db, entry, length) : lengthenRaw(db, entry, length);
        };
    }

    private static long fromInteger(Keyspace db, long entry, int length) {
        Slice digits = db.store().scratch().decimal(Memory.getLong(Entry.payload(entry)));
        int size = digits.length();
        long text = db.resize(entry, Entry.RAW, (long) Varint.size(size) + size);
        Memory.copy(digits.address(), Varint.put(Entry.payload(text), size), size);
        return length == size ? text : lengthen(db, text, length);
    }

    private static long lengthenRaw(Keyspace db, long entry, int length) {
        int old = Entry.textLength(entry);
        long moved = db.resize(entry, Entry.RAW, (long) Varint.size(length) + length);
        long payload = Entry.payload(moved);
        if (Varint.size(length) != Varint.size(old)) {
            Memory.copy(payload + Varint.size(old), payload + Varint.size(length), old);
        }
        Varint.put(payload, length);
        return moved;
    }

    // Twice the room, so that a string built by APPENDs is copied a few times only.
    private static long capacityFor(int length) {
        return Slabs.usable(Math.min(LONGEST, 2L * length));
    }

    private static long toBlob(Keyspace db, long entry, int length) {
        long capacity = capacityFor(length);
        long blob = db.slabs().allocate(capacity);
        Memory.copy(Entry.textAddress(entry), blob, Entry.textLength(entry));
        long moved = db.resize(entry, Entry.BLOB, 16);
        putBlob(moved, blob, length, capacity);
        return moved;
    }

    private static long lengthenBlob(Keyspace db, long entry, int length) {
        long payload = Entry.payload(entry);
        long capacity = Integer.toUnsignedLong(Memory.getInt(payload + 12));
        if (length <= capacity) {
            Memory.putInt(payload + 8, length);
            return entry;
        }
        long blob = Memory.getLong(payload);
        long wider = capacityFor(length);
        long copy = db.slabs().allocate(wider);
        Memory.copy(blob, copy, Memory.getInt(payload + 8));
        db.slabs().free(blob, capacity);
        putBlob(entry, copy, length, wider);
        return entry;
    }
}
