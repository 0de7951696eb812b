package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * A place in a {@link Tree}: the path to one leaf. Reusable. After {@link #insertAfter} or {@link #remove} it must be placed
 * anew.
 */
public final class TreeCursor {
    private static final int HIGHEST = 16;

    /** How the key of a child compares with what is looked for. */
    @FunctionalInterface
    public interface KeyOrder {
        /** Negative, zero or positive: the key comes before, is, or comes after what is looked for. */
        int compare(long key1, long key2);
    }

    private final long[] nodes = new long[HIGHEST];
    private final int[] indexes = new int[HIGHEST];
    private long tree;
    private int height;
    private long before;

    private void enter(long at) {
        tree = at;
        height = Memory.getInt(at + Tree.HEIGHT);
        nodes[0] = Memory.getLong(at + Tree.ROOT);
        before = 0;
    }

    private void descend(int level) {
        if (level + 1 < height) {
            nodes[level + 1] = Memory.getLong(Tree.child(nodes[level], indexes[level]));
        }
    }

    /** Goes to the leaf with the element of this rank, 0 ≤ rank < count; {@link #before} says how many come before the leaf. */
    public void seekRank(long at, long rank) {
        enter(at);
        for (int level = 0; level < height; level++) {
            long node = nodes[level];
            int last = Memory.getInt(node) - 1;
            int i = 0;
            long count;
            while (i < last && rank - before >= (count = Memory.getLong(Tree.child(node, i) + Tree.CHILD_COUNT))) {
                before += count;
                i++;
            }
            indexes[level] = i;
            descend(level);
        }
    }

    /** Goes to the last leaf; {@link #before} is not told. */
    public void seekLast(long at) {
        enter(at);
        for (int level = 0; level < height; level++) {
            indexes[level] = Memory.getInt(nodes[level]) - 1;
            descend(level);
        }
        before = -1;
    }

    /** Goes to the first leaf. */
    public void seekFirst(long at) {
        seekRank(at, 0);
    }

    /** Goes to the last leaf whose key does not come after what is looked for, or to the first leaf. */
    public void seekKey(long at, KeyOrder order) {
        enter(at);
        for (int level = 0; level < height; level++) {
            long node = nodes[level];
            int low = 0;
            int high = Memory.getInt(node) - 1;
            while (low < high) {
                int middle = low + high + 1 >>> 1;
                long key = Tree.child(node, middle) + Tree.CHILD_KEY;
                if (order.compare(Memory.getLong(key), Memory.getLong(key + 8)) <= 0) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            for (int i = 0; i < low; i++) {
                before += Memory.getLong(Tree.child(node, i) + Tree.CHILD_COUNT);
            }
            indexes[level] = low;
            descend(level);
        }
    }

    /** Goes to the next leaf; false (and nowhere) at the end. */
    public boolean next() {
        before += count();
        int level = height - 1;
        while (++indexes[level] >= Memory.getInt(nodes[level])) {
            if (level-- == 0) {
                return false;
            }
        }
        for (; level < height; level++) {
            descend(level);
            if (level + 1 < height) {
                indexes[level + 1] = 0;
            }
        }
        return true;
    }

    /** Goes to the previous leaf; false (and nowhere) at the beginning. */
    public boolean previous() {
        int level = height - 1;
        while (--indexes[level] < 0) {
            if (level-- == 0) {
                return false;
            }
        }
        for (; level < height; level++) {
            descend(level);
            if (level + 1 < height) {
                indexes[level + 1] = Memory.getInt(nodes[level + 1]) - 1;
            }
        }
        before -= count();
        return true;
    }

    private long child() {
        return Tree.child(nodes[height - 1], indexes[height - 1]);
    }

    /** The leaf's address. */
    public long leaf() {
        return Memory.getLong(child());
    }

    /** How many elements the leaf has. */
    public long count() {
        return Memory.getLong(child() + Tree.CHILD_COUNT);
    }

    /** How many elements come before the leaf. */
    public long before() {
        return before;
    }

    /** Whether it is the last leaf of the tree. */
    public boolean isLast() {
        for (int level = 0; level < height; level++) {
            if (indexes[level] != Memory.getInt(nodes[level]) - 1) {
                return false;
            }
        }
        return true;
    }

    /** Says where the leaf is now, how many elements it has and which key is its first. */
    public void update(long leaf, long count, long key1, long key2) {
        long delta = count - count();
        Memory.putLong(child(), leaf);
        add(height - 1, delta);
        setKey(height - 1, key1, key2);
    }

    private void add(int level, long delta) {
        if (delta == 0) {
            return;
        }
        for (int i = level; i >= 0; i--) {
            long at = Tree.child(nodes[i], indexes[i]) + Tree.CHILD_COUNT;
            Memory.putLong(at, Memory.getLong(at) + delta);
        }
        Memory.putLong(tree + Tree.COUNT, Memory.getLong(tree + Tree.COUNT) + delta);
    }

    private void setKey(int level, long key1, long key2) {
        for (int i = level; i >= 0; i--) {
            long key = Tree.child(nodes[i], indexes[i]) + Tree.CHILD_KEY;
            Memory.putLong(key, key1);
            Memory.putLong(key + 8, key2);
            if (indexes[i] != 0) {
                return;
            }
        }
    }

    /** Inserts a leaf after the present one (not before the first: exchange the two with {@link #update} for that). */
    public void insertAfter(Slabs slabs, long leaf, long count, long key1, long key2) {
        for (int level = 0; level < height - 1; level++) {
            long at = Tree.child(nodes[level], indexes[level]) + Tree.CHILD_COUNT;
            Memory.putLong(at, Memory.getLong(at) + count);
        }
        Memory.putLong(tree + Tree.COUNT, Memory.getLong(tree + Tree.COUNT) + count);
        insert(slabs, height - 1, leaf, count, key1, key2);
    }

    private void insert(Slabs slabs, int level, long address, long count, long key1, long key2) {
        long node = nodes[level];
        int children = Memory.getInt(node);
        int index = indexes[level] + 1;
        if (children < Tree.FAN_OUT) {
            place(node, children, index, address, count, key1, key2);
            return;
        }
        // At the right edge the old node stays full: appending fills nodes instead of halving them.
        int keep = index == children ? children : children / 2;
        long right = slabs.allocate(Tree.NODE);
        int moved = children - keep;
        Memory.copy(Tree.child(node, keep), Tree.child(right, 0), (long) moved * Tree.CHILD);
        Memory.putInt(node, keep);
        Memory.putInt(right, moved);
        if (index <= keep && keep < children) {
            place(node, keep, index, address, count, key1, key2);
        } else {
            place(right, moved, index - keep, address, count, key1, key2);
        }
        long rightCount = sum(right);
        long rightKey = Tree.child(right, 0) + Tree.CHILD_KEY;
        if (level == 0) {
            growRoot(slabs, node, right, rightCount, rightKey);
        } else {
            long own = Tree.child(nodes[level - 1], indexes[level - 1]) + Tree.CHILD_COUNT;
            Memory.putLong(own, Memory.getLong(own) - rightCount);
            insert(slabs, level - 1, right, rightCount, Memory.getLong(rightKey), Memory.getLong(rightKey + 8));
        }
    }

    private void growRoot(Slabs slabs, long left, long right, long rightCount, long rightKey) {
        long root = slabs.allocate(Tree.NODE);
        long leftKey = Tree.child(left, 0) + Tree.CHILD_KEY;
        Memory.putInt(root, 2);
        Tree.putChild(root, 0, left, sum(left), Memory.getLong(leftKey), Memory.getLong(leftKey + 8));
        Tree.putChild(root, 1, right, rightCount, Memory.getLong(rightKey), Memory.getLong(rightKey + 8));
        Memory.putLong(tree + Tree.ROOT, root);
        Memory.putInt(tree + Tree.HEIGHT, height + 1);
    }

    private static long sum(long node) {
        long sum = 0;
        for (int i = 0; i < Memory.getInt(node); i++) {
            sum += Memory.getLong(Tree.child(node, i) + Tree.CHILD_COUNT);
        }
        return sum;
    }

    private static void place(long node, int children, int index, long address, long count, long key1, long key2) {
        long at = Tree.child(node, index);
        Memory.copy(at, at + Tree.CHILD, (long) (children - index) * Tree.CHILD);
        Tree.putChild(node, index, address, count, key1, key2);
        Memory.putInt(node, children + 1);
    }

    /** Takes the present leaf out (it is the caller's to free); false when it was the last one, which stays with count 0. */
    public boolean remove(Slabs slabs) {
        add(height - 1, -count());
        int level = height - 1;
        while (Memory.getInt(nodes[level]) == 1) {
            if (level == 0) {
                return false;
            }
            level--;
        }
        for (int i = level + 1; i < height; i++) {
            slabs.free(nodes[i], Tree.NODE);
        }
        long node = nodes[level];
        int children = Memory.getInt(node) - 1;
        long at = Tree.child(node, indexes[level]);
        Memory.copy(at + Tree.CHILD, at, (long) (children - indexes[level]) * Tree.CHILD);
        Memory.putInt(node, children);
        if (indexes[level] == 0 && level > 0) {
            long key = at + Tree.CHILD_KEY;
            setKey(level - 1, Memory.getLong(key), Memory.getLong(key + 8));
        }
        while (height > 1 && Memory.getInt(nodes[0]) == 1) {
            long root = nodes[0];
            long below = Memory.getLong(Tree.child(root, 0));
            slabs.free(root, Tree.NODE);
            Memory.putLong(tree + Tree.ROOT, below);
            Memory.putInt(tree + Tree.HEIGHT, --height);
            nodes[0] = below;
        }
        return true;
    }
}
