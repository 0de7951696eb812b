package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.CompactLimits;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.store.Varint;

/**
 * Hashes: one block of fields and values in turn, or a table of fields whose payload is the value. A hash that gets empty is
 * removed with its key; the entry must not be used again then.
 */
public final class Hashes {
    // What is in one block at most; a larger one is searched faster in a table.
    private static final int MOST_PACKED = 128;
    private static final int LONGEST_PACKED = 64;

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
        return isPacked(entry) ? Block.count(Entry.root(entry)) / 2 : Members.count(Entry.root(entry));
    }

    private static boolean isPacked(long entry) {
        return Entry.encoding(entry) == Entry.PACKED;
    }

    /** Sets a field; whether it was new. The bytes must not lie in this hash. */
    public static boolean set(Keyspace db, long entry, long field, int fieldLength, long value, int valueLength) {
        boolean isNew = put(db, entry, field, fieldLength, value, valueLength);
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
        putInTable(db, table, field, fieldLength, value, valueLength);
        return Members.count(table) != before;
    }

    private static void putInTable(Keyspace db, long table, long field, int fieldLength, long value, int valueLength) {
        if (Decimal.isCanonical(value, valueLength)) {
            long number = Decimal.parse(value, valueLength);
            long entry = Members.put(db.slabs(), table, Type.STRING, Entry.INTEGER, field, fieldLength, 8);
            Memory.putLong(Entry.payload(entry), number);
            return;
        }
        long payload = (long) Varint.size(valueLength) + valueLength;
        long entry = Members.put(db.slabs(), table, Type.STRING, Entry.RAW, field, fieldLength, payload);
        Memory.copy(value, Varint.put(Entry.payload(entry), valueLength), valueLength);
    }

    private static void toTable(Keyspace db, long entry) {
        long block = Entry.root(entry);
        long table = Members.create(db.slabs());
        forEach(
                db,
                entry,
                (field, fieldLength, value, valueLength) ->
                        putInTable(db, table, field, fieldLength, value, valueLength));
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
        long member = Members.find(root, field, fieldLength);
        if (member != 0) {
            Strings.get(member, out);
        }
        return member != 0;
    }

    public static boolean contains(Keyspace db, long entry, long field, int fieldLength) {
        return isPacked(entry)
                ? Block.find(Entry.root(entry), field, fieldLength, 2) != 0
                : Members.find(Entry.root(entry), field, fieldLength) != 0;
    }

    /** Whether the field was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long field, int fieldLength) {
        if (isPacked(entry)) {
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

    /** HINCRBY; returns the new value. @throws TypeError HASH_NOT_AN_INTEGER, OVERFLOW */
    public static long increment(Keyspace db, long entry, long field, int fieldLength, long by) {
        try (Frame frame = db.store().frame()) {
            Slice text = frame.first();
            long value = 0;
            if (get(db, entry, field, fieldLength, text)) {
                value = Numbers.parse(text.address(), text.length(), TypeError.HASH_NOT_AN_INTEGER);
            }
            long sum = Numbers.add(value, by);
            text.decimal(sum);
            set(db, entry, field, fieldLength, text.address(), text.length());
            return sum;
        }
    }

    /** Points the slices at a random field and its value. */
    public static void random(Keyspace db, long entry, Slice field, Slice value) {
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

    /** Visits all fields. */
    public static void forEach(Keyspace db, long entry, FieldVisitor visitor) {
        scan(db, entry, 0, Integer.MAX_VALUE, visitor);
    }

    /** One step of HSCAN, with the guarantees of {@link Keyspace#scan}. A small hash is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, FieldVisitor visitor) {
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
