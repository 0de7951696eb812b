package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.CompactLimits;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.FieldTimes;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.TimedHash;
import dev.redisreplication.node.store.Type;

/**
 * Hashes: one block of fields and values in turn, or a table of fields whose payload is the value; or, once a field had a time to
 * live, a {@link TimedHash}. A hash that gets empty is removed with its key; the entry must not be used again then.
 *
 * <p>A field whose time is over is not there for what reads values ({@link #get}, {@link #contains}, {@link #forEach}, {@link
 * #scan}, {@link #random}), as the mode of the store says. It is there for the rest, as in Redis: {@link #size} counts it, and {@link
 * #set} and {@link #remove} find it.
 */
public final class Hashes {
    // What is in one block at most; a larger one is searched faster in a table.
    static final int MOST_PACKED = 128;
    static final int LONGEST_PACKED = 64;

    /** For a time to live: there is no such field. */
    public static final long ABSENT = -2;

    private static final long FOREVER = 3_600_000_000_000L; // nanoseconds
    private static final int MOST_TRIES = 64; // at a random field that is there, until all are looked at

    private Hashes() {}

    /** The hash at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return Keys.find(db, key, keyLength, Type.HASH);
    }

    /** The hash at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return Keys.findForWrite(db, key, keyLength, Type.HASH);
    }

    /** The hash at a key for writing; a new one is made when absent (set a field before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        return Keys.create(db, key, keyLength, Type.HASH, expiresAt);
    }

    /** How many fields. */
    public static long size(long entry) {
        if (isPacked(entry)) {
            return Block.count(Entry.root(entry)) / 2;
        }
        return TimedHash.is(entry) ? TimedHash.size(entry) : Members.count(Entry.root(entry));
    }

    /** How many fields a reader sees. */
    public static long visibleSize(Keyspace db, long entry) {
        if (!mayHide(db, entry)) {
            return size(entry);
        }
        long[] seen = {0, Long.MAX_VALUE};
        TimedHashes.scan(db, entry, 0, Integer.MAX_VALUE, (field, fieldLength, value, valueLength, expiresAt) -> {
            seen[0] += db.showsField(expiresAt) ? 1 : 0;
            seen[1] = expiresAt == Entry.NO_EXPIRY ? seen[1] : Math.min(seen[1], expiresAt);
        });
        TimedHash.earliest(entry, seen[1]); // what was deleted since may have been the first
        return seen[0];
    }

    private static boolean mayHide(Keyspace db, long entry) {
        return TimedHash.is(entry) && !db.showsField(TimedHash.earliest(entry));
    }

    private static boolean isPacked(long entry) {
        return Entry.encoding(entry) == Entry.PACKED;
    }

    /** Makes a hash that was found for writing one whose fields can have times, if it is none yet. */
    public static void makeTimed(Keyspace db, long entry) {
        if (!TimedHash.is(entry)) {
            FieldTimes.of(db, entry);
        }
    }

    /** Sets a field, which has no time to live then; whether it was new. The bytes must not lie in this hash. */
    public static boolean set(Keyspace db, long entry, long field, int fieldLength, long value, int valueLength) {
        return set(db, entry, field, fieldLength, value, valueLength, Entry.NO_EXPIRY);
    }

    /**
     * Sets a field; whether it was new. The bytes must not lie in this hash.
     *
     * @param expiresAt ms since 1970, {@link Entry#NO_EXPIRY}, or {@link Keyspace#KEEP_EXPIRY}
     */
    public static boolean set(
            Keyspace db, long entry, long field, int fieldLength, long value, int valueLength, long expiresAt) {
        if (expiresAt >= 0) {
            makeTimed(db, entry);
        }
        boolean isNew = TimedHash.is(entry)
                ? TimedHashes.put(db, entry, field, fieldLength, value, valueLength, notZero(expiresAt))
                : put(db, entry, field, fieldLength, value, valueLength);
        if (!Entry.isGeneral(entry)) {
            CompactLimits limits = db.store().limits();
            if (size(entry) > limits.hashEntries() || Math.max(fieldLength, valueLength) > limits.hashValue()) {
                Entry.general(entry, true);
            }
        }
        return isNew;
    }

    private static boolean put(Keyspace db, long entry, long field, int fieldLength, long value, int valueLength) {
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            long at = Block.find(block, field, fieldLength, 2);
            boolean fits = fieldLength <= LONGEST_PACKED && valueLength <= LONGEST_PACKED;
            if (fits && at != 0) {
                int position = (int) (Packed.next(at) - Block.first(block));
                Entry.root(entry, Entry.PACKED, Block.replace(db.slabs(), block, position, value, valueLength));
                return false;
            }
            if (fits && Block.count(block) < 2 * MOST_PACKED) {
                block = Block.append(db.slabs(), block, field, fieldLength);
                Entry.root(entry, Entry.PACKED, Block.append(db.slabs(), block, value, valueLength));
                return true;
            }
            toTable(db, entry);
        }
        long table = Entry.root(entry);
        long before = Members.count(table);
        FieldTable.put(db, table, field, fieldLength, value, valueLength, Entry.NO_EXPIRY);
        return Members.count(table) != before;
    }

    private static void toTable(Keyspace db, long entry) {
        long block = Entry.root(entry);
        long table = Members.create(db.slabs());
        forEach(
                db,
                entry,
                (field, fieldLength, value, valueLength) ->
                        FieldTable.put(db, table, field, fieldLength, value, valueLength, Entry.NO_EXPIRY));
        Entry.root(entry, Entry.TABLE, table);
        Block.free(db.slabs(), block);
    }

    /** Points {@code out} at a field's value; false when there is no such field. */
    public static boolean get(Keyspace db, long entry, long field, int fieldLength, Slice out) {
        long root = Entry.root(entry);
        if (isPacked(entry)) {
            long at = Block.find(root, field, fieldLength, 2);
            if (at != 0) {
                Packed.get(Packed.next(at), out);
            }
            return at != 0;
        }
        if (TimedHash.is(entry)) {
            long expiresAt = TimedHashes.get(entry, field, fieldLength, out);
            return expiresAt != ABSENT && db.showsField(expiresAt);
        }
        long member = Members.find(root, field, fieldLength);
        if (member != 0) {
            Strings.get(member, out);
        }
        return member != 0;
    }

    public static boolean contains(Keyspace db, long entry, long field, int fieldLength) {
        if (TimedHash.is(entry)) {
            long expiresAt = TimedHashes.expiry(entry, field, fieldLength);
            return expiresAt != ABSENT && db.showsField(expiresAt);
        }
        return isThere(entry, field, fieldLength);
    }

    private static boolean isThere(long entry, long field, int fieldLength) {
        return isPacked(entry)
                ? Block.find(Entry.root(entry), field, fieldLength, 2) != 0
                : Members.find(Entry.root(entry), field, fieldLength) != 0;
    }

    // ---- times to live

    /** When a field expires: ms since 1970, {@link Entry#NO_EXPIRY}, or {@link #ABSENT}; a time that is over as well. */
    public static long expiry(long entry, long field, int fieldLength) {
        if (TimedHash.is(entry)) {
            return TimedHashes.expiry(entry, field, fieldLength);
        }
        return isThere(entry, field, fieldLength) ? Entry.NO_EXPIRY : ABSENT;
    }

    /**
     * Gives a field that is there a time to live, or takes it; a time in the past deletes nothing here.
     *
     * @param expiresAt ms since 1970, or {@link Entry#NO_EXPIRY}
     */
    public static void expire(Keyspace db, long entry, long field, int fieldLength, long expiresAt) {
        if (expiresAt == Entry.NO_EXPIRY && !TimedHash.is(entry)) {
            return;
        }
        makeTimed(db, entry);
        TimedHashes.expire(db, entry, field, fieldLength, notZero(expiresAt));
    }

    private static long notZero(long expiresAt) {
        return expiresAt == 0 ? 1 : expiresAt;
    }

    /**
     * Deletes a field if its time is over and the mode of the store is to delete it, and the hash with the last one.
     *
     * @return the entry, or 0 if the hash is gone
     */
    public static long endIfOver(Keyspace db, long entry, long field, int fieldLength) {
        return endQuietly(db, entry, field, fieldLength) ? FieldTimes.settle(db, entry) : entry;
    }

    /**
     * The same, but nobody hears that fields have expired, and an empty hash stays: both are the caller's.
     *
     * @return whether the field was deleted
     */
    public static boolean endQuietly(Keyspace db, long entry, long field, int fieldLength) {
        boolean over = isToEnd(db, entry, field, fieldLength);
        if (over) {
            FieldTimes.end(db, entry, field, fieldLength);
        }
        return over;
    }

    /**
     * Deletes all fields whose time is over, if the mode of the store is to delete them.
     *
     * @return the entry, or 0 if the hash is gone
     */
    public static long endAllOver(Keyspace db, long entry) {
        return mayHide(db, entry) && db.endsFields() ? FieldTimes.sweep(db, entry, System.nanoTime() + FOREVER) : entry;
    }

    /** Whether a look at this field would delete it: its time is over, and the mode of the store is to delete. */
    private static boolean isToEnd(Keyspace db, long entry, long field, int fieldLength) {
        if (!mayHide(db, entry) || !db.endsFields()) {
            return false;
        }
        long expiresAt = TimedHashes.expiry(entry, field, fieldLength);
        return expiresAt != ABSENT && !db.showsField(expiresAt);
    }

    /** Whether the field was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long field, int fieldLength) {
        if (TimedHash.is(entry)) {
            if (!FieldTimes.remove(db, entry, field, fieldLength)) {
                return false;
            }
        } else if (isPacked(entry)) {
            long block = Entry.root(entry);
            long at = Block.find(block, field, fieldLength, 2);
            if (at == 0) {
                return false;
            }
            int position = (int) (at - Block.first(block));
            Entry.root(entry, Entry.PACKED, Block.remove(db.slabs(), block, position, 2));
        } else if (!Members.remove(db.slabs(), Entry.root(entry), field, fieldLength)) {
            return false;
        }
        if (size(entry) == 0) {
            db.removeEntry(entry);
        }
        return true;
    }

    /** HINCRBY, which leaves the time to live; returns the new value. @throws TypeError HASH_NOT_AN_INTEGER, OVERFLOW */
    public static long increment(Keyspace db, long entry, long field, int fieldLength, long by) {
        try (Frame frame = db.store().frame()) {
            Slice text = frame.first();
            long value = 0;
            if (get(db, entry, field, fieldLength, text)) {
                value = Numbers.parse(text.address(), text.length(), TypeError.HASH_NOT_AN_INTEGER);
            }
            long sum = Numbers.add(value, by);
            text.decimal(sum);
            set(db, entry, field, fieldLength, text.address(), text.length(), Keyspace.KEEP_EXPIRY);
            return sum;
        }
    }

    /** Points the slices at a random field that a reader sees, and at its value; there must be one. */
    public static void random(Keyspace db, long entry, Slice field, Slice value) {
        if (TimedHash.is(entry)) {
            for (int i = 0; i < MOST_TRIES; i++) {
                if (db.showsField(TimedHashes.random(db, entry, field, value))) {
                    return;
                }
            }
            randomOfVisible(db, entry, field, value);
            return;
        }
        long root = Entry.root(entry);
        if (isPacked(entry)) {
            int count = Block.count(root);
            int index = 2 * (int) db.store().randomness().below(count / 2);
            long at = Block.element(root, index, count);
            Packed.get(at, field);
            Packed.get(Packed.next(at), value);
        } else {
            long member = Members.random(root, db.store().randomness());
            field.point(Entry.keyAddress(member), Entry.keyLength(member));
            Strings.get(member, value);
        }
    }

    private static void randomOfVisible(Keyspace db, long entry, Slice field, Slice value) {
        long[] left = {db.store().randomness().below(visibleSize(db, entry))};
        forEach(db, entry, (name, nameLength, text, length) -> {
            if (left[0]-- == 0) {
                field.copyOf(name, nameLength);
                value.copyOf(text, length);
            }
        });
    }

    /** Visits all fields that a reader sees. */
    public static void forEach(Keyspace db, long entry, FieldVisitor visitor) {
        scan(db, entry, 0, Integer.MAX_VALUE, visitor);
    }

    /** Visits all fields with their times to live, those included whose time is over. */
    public static void forEachTimed(Keyspace db, long entry, TimedFieldVisitor visitor) {
        if (TimedHash.is(entry)) {
            TimedHashes.scan(db, entry, 0, Integer.MAX_VALUE, visitor);
        } else {
            forEach(
                    db,
                    entry,
                    (field, fieldLength, value, valueLength) ->
                            visitor.field(field, fieldLength, value, valueLength, Entry.NO_EXPIRY));
        }
    }

    /** One step of HSCAN, with the guarantees of {@link Keyspace#scan}. A small hash is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, FieldVisitor visitor) {
        if (TimedHash.is(entry)) {
            return TimedHashes.scan(db, entry, cursor, count, (field, fieldLength, value, valueLength, expiresAt) -> {
                if (db.showsField(expiresAt)) {
                    visitor.field(field, fieldLength, value, valueLength);
                }
            });
        }
        long root = Entry.root(entry);
        try (Frame frame = db.store().frame()) {
            Slice field = frame.first();
            Slice value = frame.second();
            if (!isPacked(entry)) {
                return Members.scan(root, cursor, count, member -> {
                    Strings.get(member, value);
                    visitor.field(Entry.keyAddress(member), Entry.keyLength(member), value.address(), value.length());
                });
            }
            long end = Block.end(root);
            for (long at = Block.first(root); at != end; at = Packed.next(at)) {
                Packed.get(at, field);
                at = Packed.next(at);
                Packed.get(at, value);
                visitor.field(field.address(), field.length(), value.address(), value.length());
            }
        }
        return 0;
    }
}
