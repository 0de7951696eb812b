package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Roots;
import dev.redisreplication.node.store.Tree;
import dev.redisreplication.node.store.TreeCursor;
import dev.redisreplication.node.store.Type;

/**
 * Streams: entries of field-value pairs by ascending id (milliseconds, sequence; both unsigned), in a tree of blocks of up to
 * 100 entries or 4 KiB. An empty stream keeps its key. Its consumer groups are in {@link Groups}.
 */
public final class Streams {
    // As stream-node-max-entries and stream-node-max-bytes of Redis.
    private static final int MOST_ENTRIES = 100;
    private static final int MOST_BYTES = 4096;

    private Streams() {}

    /** The stream at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return Keys.find(db, key, keyLength, Type.STREAM);
    }

    /** The stream at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return Keys.findForWrite(db, key, keyLength, Type.STREAM);
    }

    /** The stream at a key for writing; an empty one is made when absent. @throws TypeError WRONG_TYPE */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        long entry = findForWrite(db, key, keyLength);
        if (entry == 0) {
            entry = db.put(Type.STREAM, Entry.TREE, key, keyLength, 8, expiresAt);
            long root = db.slabs().allocate(Roots.STREAM);
            Memory.zero(root, Roots.STREAM);
            Memory.putLong(Entry.payload(entry), root);
        }
        return entry;
    }

    private static long tree(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_TREE);
    }

    /** How many entries. */
    public static long length(long entry) {
        long tree = tree(entry);
        return tree == 0 ? 0 : Tree.count(tree);
    }

    /** The largest id ever added: milliseconds. */
    public static long lastMilliseconds(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_LAST);
    }

    /** The largest id ever added: sequence. */
    public static long lastSequence(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_LAST + 8);
    }

    /** How many entries were ever added. */
    public static long entriesAdded(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_ADDED);
    }

    /** Sets what XSETID and an RDB set. */
    public static void setLast(Keyspace db, long entry, long milliseconds, long sequence, long entriesAdded) {
        long root = Entry.root(entry);
        Memory.putLong(root + Roots.STREAM_LAST, milliseconds);
        Memory.putLong(root + Roots.STREAM_LAST + 8, sequence);
        Memory.putLong(root + Roots.STREAM_ADDED, entriesAdded);
    }

    /** The largest id that was deleted (XDEL), as XSETID and an RDB set it. */
    public static void setMaxDeleted(Keyspace db, long entry, long milliseconds, long sequence) {
        long root = Entry.root(entry);
        Memory.putLong(root + Roots.STREAM_DELETED, milliseconds);
        Memory.putLong(root + Roots.STREAM_DELETED + 8, sequence);
    }

    /** The largest id deleted: milliseconds. */
    public static long maxDeletedMilliseconds(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_DELETED);
    }

    /** The largest id deleted: sequence. */
    public static long maxDeletedSequence(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.STREAM_DELETED + 8);
    }

    /** The order of two ids: negative, zero or positive. */
    public static int compare(long milliseconds1, long sequence1, long milliseconds2, long sequence2) {
        int byTime = Long.compareUnsigned(milliseconds1, milliseconds2);
        return byTime != 0 ? byTime : Long.compareUnsigned(sequence1, sequence2);
    }

    private static TreeCursor.KeyOrder key(long milliseconds, long sequence) {
        return (ownMilliseconds, ownSequence) -> compare(ownMilliseconds, ownSequence, milliseconds, sequence);
    }

    /**
     * Appends an entry. Its pairs are given as an array of native slices: {@code 2 * pairs} elements of 16 bytes, each
     * an address (8 bytes) and a length (8 bytes), field and value in turn.
     *
     * @throws TypeError STREAM_ID_TOO_SMALL, STREAM_ID_ZERO
     */
    public static void append(Keyspace db, long entry, long milliseconds, long sequence, int pairs, long slices) {
        if ((milliseconds | sequence) == 0) {
            throw TypeError.STREAM_ID_ZERO;
        }
        if (compare(milliseconds, sequence, lastMilliseconds(entry), lastSequence(entry)) <= 0) {
            throw TypeError.STREAM_ID_TOO_SMALL;
        }
        long size = StreamRecord.size(pairs, slices);
        long root = Entry.root(entry);
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            long tree = tree(entry);
            if (tree == 0) {
                long block = Block.create(db.slabs(), size);
                tree = Tree.create(db.slabs(), block, 0, milliseconds, sequence);
                Memory.putLong(root + Roots.STREAM_TREE, tree);
            }
            cursor.seekLast(tree);
            long block = cursor.leaf();
            int count = Block.count(block);
            if (count >= MOST_ENTRIES || count > 0 && Block.bytes(block) + size > MOST_BYTES) {
                long fresh = Block.create(db.slabs(), size);
                cursor.insertAfter(
                        db.slabs(),
                        add(db, fresh, milliseconds, sequence, pairs, slices, size),
                        1,
                        milliseconds,
                        sequence);
            } else {
                moved(cursor, add(db, block, milliseconds, sequence, pairs, slices, size));
            }
        }
        setLast(db, entry, milliseconds, sequence, entriesAdded(entry) + 1);
    }

    private static long add(
            Keyspace db, long block, long milliseconds, long sequence, int pairs, long slices, long size) {
        int position = Block.bytes(block);
        long moved = Block.resize(db.slabs(), block, position, (int) size);
        StreamRecord.write(Block.first(moved) + position, milliseconds, sequence, pairs, slices, (int) size);
        Block.count(moved, Block.count(moved) + 1);
        return moved;
    }

    private static void moved(TreeCursor cursor, long block) {
        long first = Block.first(block);
        cursor.update(block, Block.count(block), StreamRecord.milliseconds(first), StreamRecord.sequence(first));
    }

    /** What is told an id. */
    @FunctionalInterface
    public interface IdVisitor {
        void id(long milliseconds, long sequence);
    }

    /** Visits the id of each block's first entry, upwards. */
    public static void blockIds(long entry, IdVisitor visitor) {
        long tree = tree(entry);
        if (tree != 0) {
            Tree.leaves(tree, (block, count) -> {
                long first = Block.first(block);
                visitor.id(StreamRecord.milliseconds(first), StreamRecord.sequence(first));
            });
        }
    }

    /** Visits the id of the first or the last entry, if there is any. */
    public static void edge(Keyspace db, long entry, boolean last, IdVisitor visitor) {
        long tree = tree(entry);
        if (tree == 0) {
            return;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            if (last) {
                cursor.seekLast(tree);
            } else {
                cursor.seekFirst(tree);
            }
            long block = cursor.leaf();
            long record = last ? StreamRecord.previous(Block.end(block)) : Block.first(block);
            visitor.id(StreamRecord.milliseconds(record), StreamRecord.sequence(record));
        }
    }

    /** Visits at most {@code count} entries (−1: all) with from ≤ id ≤ to, upwards or downwards. Returns how many. */
    public static long range(
            Keyspace db,
            long entry,
            long fromMilliseconds,
            long fromSequence,
            long toMilliseconds,
            long toSequence,
            boolean reverse,
            long count,
            StreamVisitor visitor) {
        long tree = tree(entry);
        if (tree == 0 || count == 0 || compare(fromMilliseconds, fromSequence, toMilliseconds, toSequence) > 0) {
            return 0;
        }
        long visited = 0;
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            cursor.seekKey(tree, reverse ? key(toMilliseconds, toSequence) : key(fromMilliseconds, fromSequence));
            do {
                long block = cursor.leaf();
                long at = reverse ? Block.end(block) : Block.first(block);
                long last = reverse ? Block.first(block) : Block.end(block);
                while (at != last) {
                    long record = reverse ? StreamRecord.previous(at) : at;
                    at = reverse ? record : StreamRecord.next(record);
                    int toFrom = StreamRecord.compare(record, fromMilliseconds, fromSequence);
                    int toTo = StreamRecord.compare(record, toMilliseconds, toSequence);
                    if (reverse ? toFrom < 0 : toTo > 0) {
                        return visited;
                    }
                    if (toFrom >= 0 && toTo <= 0) {
                        StreamRecord.visit(record, visitor);
                        if (++visited == count) {
                            return visited;
                        }
                    }
                }
            } while (reverse ? cursor.previous() : cursor.next());
        }
        return visited;
    }

    /** Whether there is an entry with this id. */
    public static boolean contains(Keyspace db, long entry, long milliseconds, long sequence) {
        long tree = tree(entry);
        if (tree == 0) {
            return false;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            cursor.seekKey(tree, key(milliseconds, sequence));
            return find(cursor.leaf(), milliseconds, sequence) != 0;
        }
    }

    /** The record of an id in a block, or 0. */
    private static long find(long block, long milliseconds, long sequence) {
        for (long at = Block.first(block); at != Block.end(block); at = StreamRecord.next(at)) {
            int order = StreamRecord.compare(at, milliseconds, sequence);
            if (order >= 0) {
                return order == 0 ? at : 0;
            }
        }
        return 0;
    }

    /** XDEL of one entry: whether it was there. */
    public static boolean delete(Keyspace db, long entry, long milliseconds, long sequence) {
        long tree = tree(entry);
        if (tree == 0) {
            return false;
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            cursor.seekKey(tree, key(milliseconds, sequence));
            long at = find(cursor.leaf(), milliseconds, sequence);
            if (at == 0) {
                return false;
            }
            removeRecords(db, entry, cursor, at, 1);
        }
        if (compare(milliseconds, sequence, maxDeletedMilliseconds(entry), maxDeletedSequence(entry)) > 0) {
            setMaxDeleted(db, entry, milliseconds, sequence);
        }
        return true;
    }

    private static void removeRecords(Keyspace db, long entry, TreeCursor cursor, long from, int records) {
        long block = cursor.leaf();
        int count = Block.count(block) - records;
        if (count == 0) {
            boolean others = cursor.remove(db.slabs());
            Block.free(db.slabs(), block);
            if (!others) {
                Tree.free(db.slabs(), tree(entry));
                Memory.putLong(Entry.root(entry) + Roots.STREAM_TREE, 0);
            }
            return;
        }
        long end = from;
        for (int i = 0; i < records; i++) {
            end = StreamRecord.next(end);
        }
        int position = (int) (from - Block.first(block));
        Block.count(block, count);
        moved(cursor, Block.resize(db.slabs(), block, position, (int) (from - end)));
    }

    /**
     * XTRIM MAXLEN: removes the oldest entries until {@code maxLength} remain; {@code approximate} removes whole blocks
     * only. Returns how many went.
     */
    public static long trimToLength(Keyspace db, long entry, long maxLength, boolean approximate) {
        long removed = 0;
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            for (long excess = length(entry) - maxLength; excess > 0; excess = length(entry) - maxLength) {
                cursor.seekFirst(tree(entry));
                int count = (int) cursor.count();
                if (approximate && count > excess) {
                    break;
                }
                int records = (int) Math.min(count, excess);
                removeRecords(db, entry, cursor, Block.first(cursor.leaf()), records);
                removed += records;
            }
        }
        if (removed != 0) {}
        return removed;
    }

    /** XTRIM MINID: removes entries below an id; returns how many went. */
    public static long trimBelow(Keyspace db, long entry, long milliseconds, long sequence, boolean approximate) {
        long removed = 0;
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            while (length(entry) > 0) {
                cursor.seekFirst(tree(entry));
                long block = cursor.leaf();
                int below = 0;
                long at = Block.first(block);
                while (at != Block.end(block) && StreamRecord.compare(at, milliseconds, sequence) < 0) {
                    at = StreamRecord.next(at);
                    below++;
                }
                boolean whole = below == Block.count(block);
                if (below == 0 || approximate && !whole) {
                    break;
                }
                removeRecords(db, entry, cursor, Block.first(block), below);
                removed += below;
                if (!whole) {
                    break;
                }
            }
        }
        if (removed != 0) {}
        return removed;
    }
}
