package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.CompactLimits;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.Roots;
import dev.redisreplication.node.store.TreeCursor;
import dev.redisreplication.node.store.Type;

/**
 * Sorted sets, ordered by (score, member): one block of members and scores in turn, or a table and a tree. Ranges of scores
 * and of members are first turned into ranges of ranks, which costs a descent each; then {@link #range} visits them or
 * {@link #removeRange} takes them away. A sorted set that gets empty is removed with its key; the entry must not be used
 * again then.
 */
public final class SortedSets {
    private static final long MINUS_ZERO = Double.doubleToRawLongBits(-0.0);
    // What is in one block at most; a larger one is searched faster in a table.
    private static final int MOST_PACKED = 128;
    private static final int LONGEST_PACKED = 64;

    private SortedSets() {}

    /** The sorted set at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        return Keys.find(db, key, keyLength, Type.ZSET);
    }

    /** The sorted set at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        return Keys.findForWrite(db, key, keyLength, Type.ZSET);
    }

    /** The sorted set at a key for writing; a new one is made when absent (add before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        return Keys.create(db, key, keyLength, Type.ZSET, expiresAt);
    }

    /** How many members. */
    public static long size(long entry) {
        return isPacked(entry) ? Block.count(Entry.root(entry)) / 2 : Members.count(table(entry));
    }

    private static boolean isPacked(long entry) {
        return Entry.encoding(entry) == Entry.PACKED;
    }

    private static long table(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.ZSET_TABLE);
    }

    private static long tree(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.ZSET_TREE);
    }

    private static double scoreOf(long member) {
        return Memory.getDouble(Entry.payload(member));
    }

    /**
     * Sets a member's score (not NaN; -0 is kept only where it is {@linkplain Entry#isGeneral general}, as in Redis); whether the
     * member was new. The bytes must not lie in this sorted set.
     */
    public static boolean add(Keyspace db, long entry, long member, int length, double given) {
        double old = score(db, entry, member, length);
        boolean isNew = Double.isNaN(old);
        if (isNew && !Entry.isGeneral(entry)) {
            CompactLimits limits = db.store().limits();
            if (size(entry) >= limits.sortedSetEntries() || length > limits.sortedSetValue()) {
                Entry.general(entry, true);
            }
        }
        double score = Entry.isGeneral(entry) ? given : given + 0.0;
        if (!isNew && Double.doubleToRawLongBits(old) == Double.doubleToRawLongBits(score)) {
            return false;
        }
        try (Frame frame = db.store().frame()) {
            if (isPacked(entry)) {
                if (!isNew) {
                    removePacked(db, entry, member, length);
                }
                long block = Entry.root(entry);
                if (Block.count(block) < 2 * MOST_PACKED && length <= LONGEST_PACKED) {
                    Entry.root(entry, Entry.PACKED, insertPacked(db, frame, block, member, length, score));
                    return isNew;
                }
                toTree(db, frame.cursor(), entry, member, length, score);
            } else if (isNew) {
                insert(db, frame.cursor(), entry, member, length, score);
            } else {
                long found = Members.find(table(entry), member, length);
                move(db, frame.cursor(), tree(entry), found, score);
            }
        }
        return isNew;
    }

    /**
     * Has a sorted set that was loaded as a {@linkplain Entry#isGeneral general} one be none, where it is small: Redis makes such a
     * one compact then, and -0 becomes 0.
     *
     * @param longest the length of its longest member, in bytes
     */
    public static void compactIfSmall(Keyspace db, long entry, int longest) {
        CompactLimits limits = db.store().limits();
        if (size(entry) > limits.sortedSetEntries() || longest > limits.sortedSetValue()) {
            return;
        }
        Entry.general(entry, false);
        range(db, entry, 0, size(entry), false, (member, length, score) -> {
            if (Double.doubleToRawLongBits(score) == MINUS_ZERO) {
                setZero(entry, member, length);
            }
        });
    }

    // In its place: the order of -0 is that of 0.
    private static void setZero(long entry, long member, int length) {
        if (isPacked(entry)) {
            Packed.writeScore(Packed.next(Block.find(Entry.root(entry), member, length, 2)), 0);
        } else {
            Memory.putDouble(Entry.payload(Members.find(table(entry), member, length)), 0);
        }
    }

    private static void move(Keyspace db, TreeCursor cursor, long tree, long member, double score) {
        double old = scoreOf(member);
        // Removed last and added first, lest the tree get empty in between. Equal orders (0.0 and -0.0) need no move.
        if (ScoreTree.order(old) != ScoreTree.order(score)) {
            ScoreTree.insert(db.slabs(), cursor, tree, score, member);
            ScoreTree.remove(db.slabs(), cursor, tree, old, member);
        }
        Memory.putDouble(Entry.payload(member), score);
    }

    private static long newMember(Keyspace db, long table, long member, int length, double score) {
        long found = Members.put(db.slabs(), table, Type.ZSET, Entry.SCORED, member, length, 8);
        Memory.putDouble(Entry.payload(found), score);
        return found;
    }

    private static void insert(Keyspace db, TreeCursor cursor, long entry, long member, int length, double score) {
        long added = newMember(db, table(entry), member, length, score);
        ScoreTree.insert(db.slabs(), cursor, tree(entry), score, added);
    }

    // Makes a block a table and a tree, with one member more.
    private static void toTree(Keyspace db, TreeCursor cursor, long entry, long member, int length, double score) {
        long block = Entry.root(entry);
        long table = Members.create(db.slabs());
        long tree = ScoreTree.create(db.slabs(), score, newMember(db, table, member, length, score));
        range(db, entry, 0, size(entry), false, (address, size, packedScore) -> {
            long added = newMember(db, table, address, size, packedScore);
            ScoreTree.insert(db.slabs(), cursor, tree, packedScore, added);
        });
        long root = db.slabs().allocate(Roots.ZSET);
        Memory.putLong(root + Roots.ZSET_TABLE, table);
        Memory.putLong(root + Roots.ZSET_TREE, tree);
        Entry.root(entry, Entry.TREE, root);
        Block.free(db.slabs(), block);
    }

    private static long insertPacked(Keyspace db, Frame frame, long block, long member, int length, double score) {
        long end = Block.end(block);
        long at = Block.first(block);
        while (at != end && packedOrder(frame, at, member, length, score) < 0) {
            at = Packed.next(Packed.next(at));
        }
        int position = (int) (at - Block.first(block));
        int size = Packed.sizeFor(member, length) + Packed.SCORE_SIZE;
        long moved = Block.resize(db.slabs(), block, position, size);
        Packed.writeScore(Packed.write(Block.first(moved) + position, member, length), score);
        Block.count(moved, Block.count(moved) + 2);
        return moved;
    }

    private static int packedOrder(Frame frame, long at, long member, int length, double score) {
        int byScore = Long.compare(ScoreTree.order(Packed.score(Packed.next(at))), ScoreTree.order(score));
        return byScore != 0 ? byScore : Packed.compare(at, member, length, frame.second());
    }

    private static void removePacked(Keyspace db, long entry, long member, int length) {
        long block = Entry.root(entry);
        int position = (int) (Block.find(block, member, length, 2) - Block.first(block));
        Entry.root(entry, Entry.PACKED, Block.remove(db.slabs(), block, position, 2));
    }

    /** The member's score, or NaN when it is not there. */
    public static double score(Keyspace db, long entry, long member, int length) {
        if (isPacked(entry)) {
            long at = Block.find(Entry.root(entry), member, length, 2);
            return at == 0 ? Double.NaN : Packed.score(Packed.next(at));
        }
        long found = Members.find(table(entry), member, length);
        return found == 0 ? Double.NaN : scoreOf(found);
    }

    /** Adds to a member's score (0 when new); returns the new one. @throws TypeError SCORE_NAN */
    public static double increment(Keyspace db, long entry, long member, int length, double by) {
        double old = score(db, entry, member, length);
        double sum = Double.isNaN(old) ? by : old + by;
        if (Double.isNaN(sum)) {
            throw TypeError.SCORE_NAN;
        }
        add(db, entry, member, length, sum);
        return sum;
    }

    /** Whether the member was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long member, int length) {
        double score = score(db, entry, member, length);
        if (Double.isNaN(score)) {
            return false;
        }
        if (isPacked(entry)) {
            removePacked(db, entry, member, length);
        } else {
            try (Frame frame = db.store().frame()) {
                long found = Members.find(table(entry), member, length);
                ScoreTree.remove(db.slabs(), frame.cursor(), tree(entry), score, found);
                Members.removeEntry(db.slabs(), table(entry), found);
            }
        }
        if (size(entry) == 0) {
            db.removeEntry(entry);
        }
        return true;
    }

    /** The member's rank from the lowest score (0), or -1. */
    public static long rank(Keyspace db, long entry, long member, int length) {
        double score = score(db, entry, member, length);
        if (Double.isNaN(score)) {
            return -1;
        }
        if (!isPacked(entry)) {
            return seek(db, entry, ScoreTree.key(score, member, length));
        }
        long block = Entry.root(entry);
        long found = Block.find(block, member, length, 2);
        long rank = 0;
        for (long at = Block.first(block); at != found; at = Packed.next(Packed.next(at))) {
            rank++;
        }
        return rank;
    }

    private static long seek(Keyspace db, long entry, TreeCursor.KeyOrder key) {
        try (Frame frame = db.store().frame()) {
            int index = ScoreTree.seek(frame.cursor(), tree(entry), key);
            return frame.cursor().before() + index;
        }
    }

    /**
     * How many members have a score below {@code score} (or, if {@code inclusive}, not above it): the rank at which a
     * range of scores begins or ends.
     */
    public static long countBelow(Keyspace db, long entry, double score, boolean inclusive) {
        if (!isPacked(entry)) {
            return seek(db, entry, ScoreTree.border(score, inclusive));
        }
        long block = Entry.root(entry);
        long count = 0;
        for (long at = Block.first(block); at != Block.end(block); at = Packed.next(at)) {
            at = Packed.next(at);
            double own = Packed.score(at);
            if (own > score || own == score && !inclusive) {
                break;
            }
            count++;
        }
        return count;
    }

    /** How many members sort before these bytes (or, if {@code inclusive}, not after them); for sets of one score. */
    public static long countBelowMember(Keyspace db, long entry, long member, int length, boolean inclusive) {
        if (!isPacked(entry)) {
            return seek(db, entry, ScoreTree.memberBorder(member, length, inclusive));
        }
        try (Frame frame = db.store().frame()) {
            long block = Entry.root(entry);
            long count = 0;
            for (long at = Block.first(block); at != Block.end(block); at = Packed.next(Packed.next(at))) {
                int order = Packed.compare(at, member, length, frame.first());
                if (order > 0 || order == 0 && !inclusive) {
                    break;
                }
                count++;
            }
            return count;
        }
    }

    /**
     * Visits the members of the ranks {@code from} (included) to {@code to} (excluded), 0 ≤ from ≤ to ≤ size, upwards, or
     * downwards from {@code to - 1} if {@code reverse}.
     */
    public static void range(Keyspace db, long entry, long from, long to, boolean reverse, ScoreVisitor visitor) {
        if (from >= to) {
            return;
        }
        try (Frame frame = db.store().frame()) {
            if (isPacked(entry)) {
                rangePacked(frame.first(), Entry.root(entry), from, to, reverse, visitor);
            } else {
                rangeTree(frame.cursor(), tree(entry), from, to, reverse, visitor);
            }
        }
    }

    private static void rangePacked(Slice out, long block, long from, long to, boolean reverse, ScoreVisitor visitor) {
        long first = reverse ? to - 1 : from;
        long at = Block.element(block, (int) (2 * first), Block.count(block));
        for (long left = to - from; ; ) {
            Packed.get(at, out);
            long score = Packed.next(at);
            visitor.member(out.address(), out.length(), Packed.score(score));
            if (--left == 0) {
                return;
            }
            at = reverse ? Packed.previous(Packed.previous(at)) : Packed.next(score);
        }
    }

    private static void rangeTree(
            TreeCursor cursor, long tree, long from, long to, boolean reverse, ScoreVisitor visitor) {
        long first = reverse ? to - 1 : from;
        cursor.seekRank(tree, first);
        int index = (int) (first - cursor.before());
        for (long left = to - from; ; ) {
            long member = ScoreTree.entry(cursor.leaf(), index);
            visitor.member(Entry.keyAddress(member), Entry.keyLength(member), scoreOf(member));
            if (--left == 0) {
                return;
            }
            if (reverse) {
                if (--index < 0) {
                    cursor.previous();
                    index = (int) cursor.count() - 1;
                }
            } else if (++index == cursor.count()) {
                cursor.next();
                index = 0;
            }
        }
    }

    /** Removes the members of the ranks {@code from} to {@code to} (excluded); the key goes with the last member. */
    public static void removeRange(Keyspace db, long entry, long from, long to) {
        if (from >= to) {
            return;
        }
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            long at = Block.element(block, (int) (2 * from), Block.count(block));
            int position = (int) (at - Block.first(block));
            Entry.root(entry, Entry.PACKED, Block.remove(db.slabs(), block, position, (int) (2 * (to - from))));
        } else {
            removeRangeOfTree(db, entry, from, to - from);
        }
        if (size(entry) == 0) {
            db.removeEntry(entry);
        }
    }

    private static void removeRangeOfTree(Keyspace db, long entry, long from, long count) {
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            for (long left = count; left > 0; ) {
                cursor.seekRank(tree(entry), from);
                int index = (int) (from - cursor.before());
                int here = (int) Math.min(left, cursor.count() - index);
                for (int i = index; i < index + here; i++) {
                    Members.removeEntry(db.slabs(), table(entry), ScoreTree.entry(cursor.leaf(), i));
                }
                ScoreTree.removeAt(db.slabs(), cursor, index, here);
                left -= here;
            }
        }
    }

    /** Removes the member of lowest (or highest) score (a copy in {@code out}) and returns its score. */
    public static double pop(Keyspace db, long entry, boolean highest, Slice out) {
        long rank = highest ? size(entry) - 1 : 0;
        double score = at(db, entry, rank, out);
        out.copyOf(out.address(), out.length());
        removeRange(db, entry, rank, rank + 1);
        return score;
    }

    /** Points {@code out} at the member of a rank and returns its score. */
    public static double at(Keyspace db, long entry, long rank, Slice out) {
        if (isPacked(entry)) {
            long block = Entry.root(entry);
            long at = Block.element(block, (int) (2 * rank), Block.count(block));
            Packed.get(at, out);
            return Packed.score(Packed.next(at));
        }
        try (Frame frame = db.store().frame()) {
            TreeCursor cursor = frame.cursor();
            cursor.seekRank(tree(entry), rank);
            long member = ScoreTree.entry(cursor.leaf(), (int) (rank - cursor.before()));
            out.point(Entry.keyAddress(member), Entry.keyLength(member));
            return scoreOf(member);
        }
    }

    /** One step of ZSCAN, with the guarantees of {@link Keyspace#scan}. A small one is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, ScoreVisitor visitor) {
        if (isPacked(entry)) {
            range(db, entry, 0, size(entry), false, visitor);
            return 0;
        }
        return Members.scan(
                table(entry),
                cursor,
                count,
                member -> visitor.member(Entry.keyAddress(member), Entry.keyLength(member), scoreOf(member)));
    }
}
