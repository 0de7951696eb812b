package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.EntryVisitor;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Tree;
import dev.redisreplication.node.store.TreeCursor;

/**
 * Records of one size, ordered by the id of a stream's entry that each begins with (milliseconds, sequence): a tree of blocks whose
 * address is kept in a field of the owner; 0 there is the empty one. A record is its address, valid until the next record is
 * added or removed.
 */
final class PendingIds {
    private static final int MOST_IN_BLOCK = 100;
    private static final int FIRST_ROOM = 48;

    private PendingIds() {}

    static long count(long field) {
        long tree = Memory.getLong(field);
        return tree == 0 ? 0 : Tree.count(tree);
    }

    static long milliseconds(long record) {
        return Memory.getLong(record);
    }

    static long sequence(long record) {
        return Memory.getLong(record + 8);
    }

    private static int compare(long record, long milliseconds, long sequence) {
        return Streams.compare(milliseconds(record), sequence(record), milliseconds, sequence);
    }

    private static void seek(TreeCursor cursor, long tree, long milliseconds, long sequence) {
        cursor.seekKey(
                tree,
                (ownMilliseconds, ownSequence) ->
                        Streams.compare(ownMilliseconds, ownSequence, milliseconds, sequence));
    }

    /** The index of the first record of a block that does not come before an id. */
    private static int lowerBound(long block, int size, long milliseconds, long sequence) {
        int low = 0;
        int high = Block.count(block);
        while (low < high) {
            int middle = low + high >>> 1;
            if (compare(Block.first(block) + (long) middle * size, milliseconds, sequence) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The record of an id, or 0. */
    static long find(Keyspace db, long field, int size, long milliseconds, long sequence) {
        long record = ceiling(db, field, size, milliseconds, sequence);
        return record != 0 && compare(record, milliseconds, sequence) == 0 ? record : 0;
    }

    /** The record of an id, or of the next larger one that is there, or 0. */
    static long ceiling(Keyspace db, long field, int size, long milliseconds, long sequence) {
        long tree = Memory.getLong(field);
        if (tree == 0) {
            return 0;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            seek(cursor, tree, milliseconds, sequence);
            long block = cursor.leaf();
            int index = lowerBound(block, size, milliseconds, sequence);
            if (index < Block.count(block)) {
                return Block.first(block) + (long) index * size;
            }
            return cursor.next() ? Block.first(cursor.leaf()) : 0;
        }
    }

    /** The record of the largest id; there must be one. */
    static long last(Keyspace db, long field, int size) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            cursor.seekLast(Memory.getLong(field));
            return Block.end(cursor.leaf()) - size;
        }
    }

    /** Adds the record of an id that is not there yet; what follows the id in it is for the caller to write. */
    static long add(Keyspace db, long field, int size, long milliseconds, long sequence) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long tree = Memory.getLong(field);
            if (tree == 0) {
                tree = Tree.create(db.slabs(), Block.create(db.slabs(), FIRST_ROOM), 0, milliseconds, sequence);
                Memory.putLong(field, tree);
            }
            seek(cursor, tree, milliseconds, sequence);
            long block = cursor.leaf();
            int index = lowerBound(block, size, milliseconds, sequence);
            if (Block.count(block) == MOST_IN_BLOCK) {
                if (index == MOST_IN_BLOCK && cursor.isLast()) {
                    long fresh = put(db, Block.create(db.slabs(), FIRST_ROOM), size, 0, milliseconds, sequence);
                    cursor.insertAfter(db.slabs(), fresh, 1, milliseconds, sequence);
                    return Block.first(fresh);
                }
                split(db, cursor, size);
                seek(cursor, tree, milliseconds, sequence);
                block = cursor.leaf();
                index = lowerBound(block, size, milliseconds, sequence);
            }
            long moved = put(db, block, size, index, milliseconds, sequence);
            update(cursor, moved);
            return Block.first(moved) + (long) index * size;
        }
    }

    private static long put(Keyspace db, long block, int size, int index, long milliseconds, long sequence) {
        long moved = Block.resize(db.slabs(), block, index * size, size);
        Block.count(moved, Block.count(moved) + 1);
        long record = Block.first(moved) + (long) index * size;
        Memory.putLong(record, milliseconds);
        Memory.putLong(record + 8, sequence);
        return moved;
    }

    private static void split(Keyspace db, TreeCursor cursor, int size) {
        long block = cursor.leaf();
        int half = MOST_IN_BLOCK / 2;
        long right = Block.split(db.slabs(), block, half * size, MOST_IN_BLOCK - half);
        update(cursor, block);
        long first = Block.first(right);
        cursor.insertAfter(db.slabs(), right, Block.count(right), milliseconds(first), sequence(first));
    }

    private static void update(TreeCursor cursor, long block) {
        long first = Block.first(block);
        cursor.update(block, Block.count(block), milliseconds(first), sequence(first));
    }

    /** Visits all records in the order of their ids; it must not add or remove any. */
    static void forEach(long field, int size, EntryVisitor visitor) {
        long tree = Memory.getLong(field);
        if (tree != 0) {
            Tree.leaves(tree, (block, count) -> {
                for (long record = Block.first(block); record != Block.end(block); record += size) {
                    visitor.entry(record);
                }
            });
        }
    }

    /** Removes the record of an id, which must be there. */
    static void remove(Keyspace db, long field, int size, long milliseconds, long sequence) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long tree = Memory.getLong(field);
            seek(cursor, tree, milliseconds, sequence);
            long block = cursor.leaf();
            int left = Block.count(block) - 1;
            if (left > 0) {
                int position = lowerBound(block, size, milliseconds, sequence) * size;
                Block.count(block, left);
                update(cursor, Block.resize(db.slabs(), block, position, -size));
                return;
            }
            boolean others = cursor.remove(db.slabs());
            Block.free(db.slabs(), block);
            if (!others) {
                Tree.free(db.slabs(), tree);
                Memory.putLong(field, 0);
            }
        }
    }
}
