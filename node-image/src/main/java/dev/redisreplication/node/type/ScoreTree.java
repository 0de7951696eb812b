package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Roots;
import dev.redisreplication.node.store.Tree;
import dev.redisreplication.node.store.TreeCursor;

/**
 * The order of a large sorted set: a counted tree whose leaves are arrays of 16-byte elements, each the order of a score and
 * the address of the member's entry. The members themselves are looked at only where scores are equal.
 */
final class ScoreTree {
    private static final int ELEMENT = 16;
    private static final int MOST = Roots.ZSET_LEAF / ELEMENT;
    private static final int FEW = MOST / 4;

    private ScoreTree() {}

    /** A number that orders as the scores do; both zeros are one. */
    static long order(double score) {
        long bits = Double.doubleToRawLongBits(score + 0.0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    /** Looks for a member of a score. */
    static TreeCursor.KeyOrder key(double score, long member, int length) {
        long order = order(score);
        return (key, entry) -> {
            int byScore = Long.compare(key, order);
            return byScore != 0
                    ? byScore
                    : Memory.compare(Entry.keyAddress(entry), Entry.keyLength(entry), member, length);
        };
    }

    /** Looks for the border below (or, if inclusive, above) a score. */
    static TreeCursor.KeyOrder border(double score, boolean inclusive) {
        long order = order(score);
        return (key, entry) -> key < order || inclusive && key == order ? -1 : 1;
    }

    /** Looks for the border below (or, if inclusive, above) a member, whatever the scores. */
    static TreeCursor.KeyOrder memberBorder(long member, int length, boolean inclusive) {
        return (key, entry) -> {
            int order = Memory.compare(Entry.keyAddress(entry), Entry.keyLength(entry), member, length);
            return order < 0 || inclusive && order == 0 ? -1 : 1;
        };
    }

    static long create(Slabs slabs, double score, long entry) {
        long leaf = slabs.allocate(Roots.ZSET_LEAF);
        put(leaf, 0, order(score), entry);
        return Tree.create(slabs, leaf, 1, order(score), entry);
    }

    private static void put(long leaf, int index, long order, long entry) {
        Memory.putLong(leaf + (long) index * ELEMENT, order);
        Memory.putLong(leaf + (long) index * ELEMENT + 8, entry);
    }

    private static long order(long leaf, int index) {
        return Memory.getLong(leaf + (long) index * ELEMENT);
    }

    /** The entry of the member at an index of a leaf. */
    static long entry(long leaf, int index) {
        return Memory.getLong(leaf + (long) index * ELEMENT + 8);
    }

    /** Goes to the leaf and returns how many of its elements come before what is looked for. */
    static int seek(TreeCursor cursor, long tree, TreeCursor.KeyOrder key) {
        cursor.seekKey(tree, key);
        long leaf = cursor.leaf();
        int low = 0;
        int high = (int) cursor.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (key.compare(order(leaf, middle), entry(leaf, middle)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void update(TreeCursor cursor, long leaf, int count) {
        cursor.update(leaf, count, order(leaf, 0), entry(leaf, 0));
    }

    static void insert(Slabs slabs, TreeCursor cursor, long tree, double score, long entry) {
        int index = seek(cursor, tree, key(score, Entry.keyAddress(entry), Entry.keyLength(entry)));
        long leaf = cursor.leaf();
        int count = (int) cursor.count();
        if (count < MOST) {
            insertAt(leaf, index, count, order(score), entry);
            update(cursor, leaf, count + 1);
            return;
        }
        // Ascending scores, as time stamps are, leave full leaves behind.
        int keep = index == MOST && cursor.isLast() ? MOST : MOST / 2;
        long other = slabs.allocate(Roots.ZSET_LEAF);
        int moved = MOST - keep;
        Memory.copy(leaf + (long) keep * ELEMENT, other, (long) moved * ELEMENT);
        if (index <= keep && keep < MOST) {
            insertAt(leaf, index, keep++, order(score), entry);
        } else {
            insertAt(other, index - keep, moved++, order(score), entry);
        }
        update(cursor, leaf, keep);
        cursor.insertAfter(slabs, other, moved, order(other, 0), entry(other, 0));
    }

    private static void insertAt(long leaf, int index, int count, long order, long entry) {
        long at = leaf + (long) index * ELEMENT;
        Memory.copy(at, at + ELEMENT, (long) (count - index) * ELEMENT);
        put(leaf, index, order, entry);
    }

    /** Removes an element by its score and entry, which must be there. The last element of all stays in its leaf, uncounted. */
    static void remove(Slabs slabs, TreeCursor cursor, long tree, double score, long entry) {
        int index = seek(cursor, tree, key(score, Entry.keyAddress(entry), Entry.keyLength(entry)));
        removeAt(slabs, cursor, index, 1);
    }

    /** Removes elements of the present leaf. */
    static void removeAt(Slabs slabs, TreeCursor cursor, int index, int elements) {
        long leaf = cursor.leaf();
        int count = (int) cursor.count() - elements;
        if (count == 0) {
            if (cursor.remove(slabs)) {
                slabs.free(leaf, Roots.ZSET_LEAF);
            }
            return;
        }
        long at = leaf + (long) index * ELEMENT;
        Memory.copy(at + (long) elements * ELEMENT, at, (long) (count - index) * ELEMENT);
        update(cursor, leaf, count);
        if (count < FEW && cursor.next()) {
            joinWithPrevious(slabs, cursor, leaf, count);
        }
    }

    private static void joinWithPrevious(Slabs slabs, TreeCursor cursor, long previous, int count) {
        long leaf = cursor.leaf();
        int own = (int) cursor.count();
        if (own + count > MOST - FEW) {
            return;
        }
        Memory.copy(leaf, leaf + (long) count * ELEMENT, (long) own * ELEMENT);
        Memory.copy(previous, leaf, (long) count * ELEMENT);
        update(cursor, leaf, own + count);
        cursor.previous();
        cursor.remove(slabs);
        slabs.free(previous, Roots.ZSET_LEAF);
    }
}
