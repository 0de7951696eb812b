package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.Tree;
import dev.redisreplication.node.store.TreeCursor;
import dev.redisreplication.node.store.Type;

/**
 * Lists: one block, or a tree of blocks of up to 8 KiB. Indexes and ranges follow Redis: zero-based, negative from the end,
 * out-of-range ends clipped. A list that gets empty is removed with its key; the entry must not be used again then.
 */
public final class Lists {
    // As list-max-listpack-size -2 of Redis.
    private static final int MOST_BYTES = 8 << 10;

    private Lists() {}

    /** The list at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return Keys.find(db, key, keyLength, Type.LIST);
    }

    /** The list at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return Keys.findForWrite(db, key, keyLength, Type.LIST);
    }

    /** The list at a key for writing; a new one is made when absent (push to it before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        return Keys.create(db, key, keyLength, Type.LIST, expiresAt);
    }

    /** How many elements. */
    public static long length(long entry) {
        long root = Entry.root(entry);
        return isPacked(entry) ? Block.count(root) : Tree.count(root);
    }

    private static boolean isPacked(long entry) {
        return Entry.encoding(entry) == Entry.PACKED;
    }

    /** LPUSH of one element; returns the new length. */
    public static long pushFirst(Keyspace db, long entry, long value, int length) {
        return push(db, entry, true, value, length);
    }

    /** RPUSH of one element; returns the new length. */
    public static long pushLast(Keyspace db, long entry, long value, int length) {
        return push(db, entry, false, value, length);
    }

    private static long push(Keyspace db, long entry, boolean first, long value, int length) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            if (!isPacked(entry)) {
                if (first) {
                    cursor.seekFirst(Entry.root(entry));
                } else {
                    cursor.seekLast(Entry.root(entry));
                }
            }
            long block = isPacked(entry) ? Entry.root(entry) : cursor.leaf();
            if (Block.count(block) == 0 || Block.bytes(block) + Packed.sizeFor(value, length) <= MOST_BYTES) {
                block = Block.insert(db.slabs(), block, first ? 0 : Block.bytes(block), value, length);
                moved(cursor, entry, block);
            } else {
                toTree(db, cursor, entry);
                long fresh = Block.append(
                        db.slabs(), Block.create(db.slabs(), Packed.sizeFor(value, length)), value, length);
                if (first) {
                    cursor.update(fresh, 1, 0, 0);
                    cursor.insertAfter(db.slabs(), block, Block.count(block), 0, 0);
                } else {
                    cursor.insertAfter(db.slabs(), fresh, 1, 0, 0);
                }
            }
        }
        return length(entry);
    }

    // Makes a list of one block a tree of one leaf, and goes there.
    private static void toTree(Keyspace db, TreeCursor cursor, long entry) {
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            Entry.root(entry, Entry.TREE, Tree.create(db.slabs(), block, Block.count(block), 0, 0));
            cursor.seekFirst(Entry.root(entry));
        }
    }

    // The block with the element of this index; the cursor is there if it is a leaf.
    private static long blockOf(TreeCursor cursor, long entry, long index) {
        if (isPacked(entry)) {
            return Entry.root(entry);
        }
        cursor.seekRank(Entry.root(entry), index);
        return cursor.leaf();
    }

    private static long before(TreeCursor cursor, long entry) {
        return isPacked(entry) ? 0 : cursor.before();
    }

    private static void moved(TreeCursor cursor, long entry, long block) {
        if (isPacked(entry)) {
            Entry.root(entry, Entry.PACKED, block);
        } else {
            cursor.update(block, Block.count(block), 0, 0);
        }
    }

    private static int position(long block, long index) {
        return (int) (Block.element(block, (int) index, Block.count(block)) - Block.first(block));
    }

    /** Takes the first element (a copy in {@code out}); returns the remaining length, 0 when the key is gone. */
    public static long popFirst(Keyspace db, long entry, Slice out) {
        return pop(db, entry, 0, out);
    }

    /** Takes the last element (a copy in {@code out}); returns the remaining length, 0 when the key is gone. */
    public static long popLast(Keyspace db, long entry, Slice out) {
        return pop(db, entry, length(entry) - 1, out);
    }

    private static long pop(Keyspace db, long entry, long index, Slice out) {
        get(db, entry, index, out);
        out.copyOf(out.address(), out.length());
        return removeRange(db, entry, index, 1);
    }

    // Returns the remaining length; the key goes with the last element.
    private static long removeRange(Keyspace db, long entry, long from, long count) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            for (long left = count; left > 0; ) {
                long block = blockOf(cursor, entry, from);
                long offset = from - before(cursor, entry);
                int elements = (int) Math.min(left, Block.count(block) - offset);
                if (elements == Block.count(block) && !isPacked(entry)) {
                    // The last leaf stays in the tree, which goes with the key.
                    if (cursor.remove(db.slabs())) {
                        Block.free(db.slabs(), block);
                    }
                } else {
                    int position = position(block, offset);
                    moved(cursor, entry, Block.remove(db.slabs(), block, position, elements));
                }
                left -= elements;
            }
        }
        long rest = length(entry);
        if (rest == 0) {
            db.removeEntry(entry);
        }
        return rest;
    }

    /** Points {@code out} at an element; false when the index is out of range. */
    public static boolean get(Keyspace db, long entry, long index, Slice out) {
        long length = length(entry);
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return false;
        }
        try (Frame frame = db.store().frame()) {
            long block = blockOf(frame.cursor(), entry, at);
            long offset = at - before(frame.cursor(), entry);
            Packed.get(Block.element(block, (int) offset, Block.count(block)), out);
        }
        return true;
    }

    /** LSET: false when the index is out of range. */
    public static boolean set(Keyspace db, long entry, long index, long value, int length) {
        long elements = length(entry);
        long at = index < 0 ? index + elements : index;
        if (at < 0 || at >= elements) {
            return false;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long block = blockOf(cursor, entry, at);
            int position = position(block, at - before(cursor, entry));
            block = Block.replace(db.slabs(), block, position, value, length);
            moved(cursor, entry, block);
            halve(db, cursor, entry, block);
        }
        return true;
    }

    // A block that got too large in its middle becomes two.
    private static void halve(Keyspace db, TreeCursor cursor, long entry, long block) {
        int elements = Block.count(block);
        if (Block.bytes(block) <= MOST_BYTES || elements == 1) {
            return;
        }
        toTree(db, cursor, entry);
        int keep = elements / 2;
        long other = Block.split(db.slabs(), block, position(block, keep), elements - keep);
        cursor.update(block, keep, 0, 0);
        cursor.insertAfter(db.slabs(), other, elements - keep, 0, 0);
    }

    private static long start(long length, long start) {
        return Math.max(0, start < 0 ? start + length : start);
    }

    private static long stop(long length, long stop) {
        return Math.min(length - 1, stop < 0 ? Math.max(-1, stop + length) : stop);
    }

    /** How many elements {@link #range} would visit. */
    public static long rangeLength(long entry, long start, long stop) {
        long length = length(entry);
        return Math.max(0, stop(length, stop) - start(length, start) + 1);
    }

    /** Visits the elements of a range in order, both ends included. */
    public static void range(Keyspace db, long entry, long start, long stop, ElementVisitor visitor) {
        long left = rangeLength(entry, start, stop);
        if (left == 0) {
            return;
        }
        long from = start(length(entry), start);
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long block = blockOf(cursor, entry, from);
            long at = Block.element(block, (int) (from - before(cursor, entry)), Block.count(block));
            Slice out = frame.first();
            while (true) {
                Packed.get(at, out);
                visitor.element(out.address(), out.length());
                if (--left == 0) {
                    return;
                }
                at = Packed.next(at);
                if (at == Block.end(block)) {
                    cursor.next();
                    block = cursor.leaf();
                    at = Block.first(block);
                }
            }
        }
    }

    /** The index of the first element from {@code from} on (towards the head if {@code backwards}) equal to these bytes, or -1. */
    public static long indexOf(Keyspace db, long entry, long from, boolean backwards, long value, int length) {
        return indexOf(db, entry, from, backwards, Long.MAX_VALUE, value, length);
    }

    /** The same among the first {@code looked} elements (at least one) from {@code from} on. */
    public static long indexOf(
            Keyspace db, long entry, long from, boolean backwards, long looked, long value, int length) {
        long elements = length(entry);
        if (from < 0 || from >= elements) {
            return -1;
        }
        boolean number = Decimal.isCanonical(value, length);
        long parsed = number ? Decimal.parse(value, length) : 0;
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long block = blockOf(cursor, entry, from);
            long at = Block.element(block, (int) (from - before(cursor, entry)), Block.count(block));
            long index = from;
            long left = looked;
            while (!Packed.equal(at, value, length, number, parsed)) {
                if (--left == 0) {
                    return -1;
                }
                if (backwards) {
                    if (index-- == 0) {
                        return -1;
                    }
                    if (at == Block.first(block)) {
                        cursor.previous();
                        block = cursor.leaf();
                        at = Block.end(block);
                    }
                    at = Packed.previous(at);
                } else {
                    if (++index == elements) {
                        return -1;
                    }
                    at = Packed.next(at);
                    if (at == Block.end(block)) {
                        cursor.next();
                        block = cursor.leaf();
                        at = Block.first(block);
                    }
                }
            }
            return index;
        }
    }

    /** LINSERT next to the first element equal to the pivot; returns the new length, or -1 when there is no such one. */
    public static long insert(
            Keyspace db, long entry, boolean before, long pivot, int pivotLength, long value, int length) {
        long index = indexOf(db, entry, 0, false, pivot, pivotLength);
        if (index < 0) {
            return -1;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long block = blockOf(cursor, entry, index);
            long at = Block.element(block, (int) (index - before(cursor, entry)), Block.count(block));
            long place = before ? at : Packed.next(at);
            block = Block.insert(db.slabs(), block, (int) (place - Block.first(block)), value, length);
            moved(cursor, entry, block);
            halve(db, cursor, entry, block);
        }
        return length(entry);
    }

    /** LREM: count > 0 from the head, < 0 from the tail, 0 all; returns how many went. The key goes with the last. */
    public static long remove(Keyspace db, long entry, long count, long value, int length) {
        boolean backwards = count < 0;
        long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
        long removed = 0;
        long index = backwards ? length(entry) - 1 : 0;
        while (removed < most) {
            index = indexOf(db, entry, index, backwards, value, length);
            if (index < 0) {
                return removed;
            }
            removed++;
            if (removeRange(db, entry, index, 1) == 0) {
                return removed;
            }
            if (backwards) {
                index--;
            }
        }
        return removed;
    }

    /** LTRIM; returns the remaining length, 0 when the key is gone. */
    public static long trim(Keyspace db, long entry, long start, long stop) {
        long length = length(entry);
        long from = start(length, start);
        long keep = rangeLength(entry, start, stop);
        if (keep == 0) {
            db.removeEntry(entry);
            return 0;
        }
        if (from + keep < length) {
            removeRange(db, entry, from + keep, length - from - keep);
        }
        if (from > 0) {
            removeRange(db, entry, 0, from);
        }
        return keep;
    }
}
