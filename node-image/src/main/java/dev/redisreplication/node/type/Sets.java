package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.Type;

/**
 * Sets: one block, or a table. A set that gets empty is removed with its key; the entry must not be used again then.
 */
public final class Sets {
    // What is in one block at most; a larger one is searched faster in a table.
    private static final int MOST_PACKED = 128;
    private static final int LONGEST_PACKED = 64;

    private Sets() {}

    /** The set at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return Keys.find(db, key, keyLength, Type.SET);
    }

    /** The set at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return Keys.findForWrite(db, key, keyLength, Type.SET);
    }

    /** The set at a key for writing; a new one is made when absent (add to it before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        return Keys.create(db, key, keyLength, Type.SET, expiresAt);
    }

    /** How many members. */
    public static long size(long entry) {
        return isPacked(entry) ? Block.count(Entry.root(entry)) : Members.count(Entry.root(entry));
    }

    private static boolean isPacked(long entry) {
        return Entry.encoding(entry) == Entry.PACKED;
    }

    /** Whether the member was new. */
    public static boolean add(Keyspace db, long entry, long member, int length) {
        if (contains(db, entry, member, length)) {
            return false;
        }
        if (!Entry.isGeneral(entry)
                && (size(entry) >= db.store().limits().integers() || !Decimal.isCanonical(member, length))) {
            Entry.general(entry, true);
        }
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            if (Block.count(block) < MOST_PACKED && length <= LONGEST_PACKED) {
                Entry.root(entry, Entry.PACKED, Block.append(db.slabs(), block, member, length));
                return true;
            }
            toTable(db, entry);
        }
        put(db, Entry.root(entry), member, length);
        return true;
    }

    private static void put(Keyspace db, long table, long member, int length) {
        Members.put(db.slabs(), table, Type.SET, Entry.MEMBER, member, length, 0);
    }

    private static void toTable(Keyspace db, long entry) {
        long block = Entry.root(entry);
        long table = Members.create(db.slabs());
        forEach(db, entry, (address, length) -> put(db, table, address, length));
        Entry.root(entry, Entry.TABLE, table);
        Block.free(db.slabs(), block);
    }

    /** Whether the member was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long member, int length) {
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            long at = Block.find(block, member, length, 1);
            if (at == 0) {
                return false;
            }
            removePacked(db, entry, at);
        } else {
            if (!Members.remove(db.slabs(), Entry.root(entry), member, length)) {
                return false;
            }
        }
        if (size(entry) == 0) {
            db.removeEntry(entry);
        }
        return true;
    }

    private static void removePacked(Keyspace db, long entry, long at) {
        long block = Entry.root(entry);
        Entry.root(entry, Entry.PACKED, Block.remove(db.slabs(), block, (int) (at - Block.first(block)), 1));
    }

    public static boolean contains(Keyspace db, long entry, long member, int length) {
        return isPacked(entry)
                ? Block.find(Entry.root(entry), member, length, 1) != 0
                : Members.find(Entry.root(entry), member, length) != 0;
    }

    /** Removes a random member (a copy in {@code out}); returns the remaining size, 0 when the key is gone. */
    public static long popRandom(Keyspace db, long entry, Slice out) {
        long at = pick(db, entry, out);
        out.copyOf(out.address(), out.length());
        if (isPacked(entry)) {
            removePacked(db, entry, at);
        } else {
            Members.removeEntry(db.slabs(), Entry.root(entry), at);
        }
        long rest = size(entry);
        if (rest == 0) {
            db.removeEntry(entry);
        }
        return rest;
    }

    /** Calls the set what it would be called if its members had been added to a new one just now. */
    public static void renew(Keyspace db, long entry) {
        boolean[] integers = {size(entry) <= db.store().limits().integers()};
        if (integers[0]) {
            forEach(db, entry, (member, length) -> integers[0] &= Decimal.isCanonical(member, length));
        }
        Entry.general(entry, !integers[0]);
    }

    /** Points {@code out} at a random member. */
    public static void random(Keyspace db, long entry, Slice out) {
        pick(db, entry, out);
    }

    // The packed element or the table's entry; the slice points at its bytes.
    private static long pick(Keyspace db, long entry, Slice out) {
        long root = Entry.root(entry);
        if (isPacked(entry)) {
            int count = Block.count(root);
            long at = Block.element(root, (int) db.store().randomness().below(count), count);
            Packed.get(at, out);
            return at;
        }
        long member = Members.random(root, db.store().randomness());
        out.point(Entry.keyAddress(member), Entry.keyLength(member));
        return member;
    }

    /** Visits all members. */
    public static void forEach(Keyspace db, long entry, ElementVisitor visitor) {
        scan(db, entry, 0, Integer.MAX_VALUE, visitor);
    }

    /** One step of SSCAN, with the guarantees of {@link Keyspace#scan}. A small set is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, ElementVisitor visitor) {
        long root = Entry.root(entry);
        if (!isPacked(entry)) {
            return Members.scan(
                    root, cursor, count, member -> visitor.element(Entry.keyAddress(member), Entry.keyLength(member)));
        }
        try (Frame frame = db.store().frame()) {
            Slice out = frame.first();
            long end = Block.end(root);
            for (long at = Block.first(root); at != end; at = Packed.next(at)) {
                Packed.get(at, out);
                visitor.element(out.address(), out.length());
            }
        }
        return 0;
    }
}
