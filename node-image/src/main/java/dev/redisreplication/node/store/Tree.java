package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * A counted tree: leaves (addresses that only the caller understands) in order, each with its number of elements and the key
 * of its first one. Inner nodes carry sums of counts, so that a rank is found, or told, on the way down. A tree is the
 * address of its header: root node, number of elements, height. Moving about and changing is done with a
 * {@link TreeCursor}.
 *
 * <p>A node: number of children (4 bytes), padding to 16, then up to 31 children of 32 bytes: address, count, two words of key.
 */
public final class Tree {
    static final int ROOT = 0;
    static final int COUNT = 8;
    static final int HEIGHT = 16;
    private static final int HEADER = 24;

    static final int FAN_OUT = 31;
    static final int NODE = 16 + FAN_OUT * 32;
    static final int CHILDREN = 16;
    static final int CHILD = 32;
    static final int CHILD_COUNT = 8;
    static final int CHILD_KEY = 16;

    /** What to do with a leaf. */
    @FunctionalInterface
    public interface LeafVisitor {
        void leaf(long leaf, long count);
    }

    private Tree() {}

    /** A tree of one leaf. */
    public static long create(Slabs slabs, long leaf, long count, long key1, long key2) {
        long tree = slabs.allocate(HEADER);
        long node = slabs.allocate(NODE);
        Memory.putInt(node, 1);
        putChild(node, 0, leaf, count, key1, key2);
        Memory.putLong(tree + ROOT, node);
        Memory.putLong(tree + COUNT, count);
        Memory.putInt(tree + HEIGHT, 1);
        return tree;
    }

    /** How many elements all leaves have. */
    public static long count(long tree) {
        return Memory.getLong(tree + COUNT);
    }

    static long child(long node, int index) {
        return node + CHILDREN + (long) index * CHILD;
    }

    static void putChild(long node, int index, long address, long count, long key1, long key2) {
        long at = child(node, index);
        Memory.putLong(at, address);
        Memory.putLong(at + CHILD_COUNT, count);
        Memory.putLong(at + CHILD_KEY, key1);
        Memory.putLong(at + CHILD_KEY + 8, key2);
    }

    /** Visits all leaves in order. */
    public static void leaves(long tree, LeafVisitor visitor) {
        leaves(Memory.getLong(tree + ROOT), Memory.getInt(tree + HEIGHT), visitor);
    }

    private static void leaves(long node, int height, LeafVisitor visitor) {
        for (int i = 0; i < Memory.getInt(node); i++) {
            long child = child(node, i);
            if (height > 1) {
                leaves(Memory.getLong(child), height - 1, visitor);
            } else {
                visitor.leaf(Memory.getLong(child), Memory.getLong(child + CHILD_COUNT));
            }
        }
    }

    /** How many leaves there are. */
    static long leafCount(long tree) {
        return leafCount(Memory.getLong(tree + ROOT), Memory.getInt(tree + HEIGHT));
    }

    private static long leafCount(long node, int height) {
        if (height == 1) {
            return Memory.getInt(node);
        }
        long sum = 0;
        for (int i = 0; i < Memory.getInt(node); i++) {
            sum += leafCount(Memory.getLong(child(node, i)), height - 1);
        }
        return sum;
    }

    /** Some leaf. */
    static long randomLeaf(long tree, Randomness randomness) {
        long node = Memory.getLong(tree + ROOT);
        for (int height = Memory.getInt(tree + HEIGHT); height > 0; height--) {
            node = Memory.getLong(child(node, (int) randomness.below(Memory.getInt(node))));
        }
        return node;
    }

    /** Frees the tree; the leaves must be freed before. */
    public static void free(Slabs slabs, long tree) {
        freeNode(slabs, Memory.getLong(tree + ROOT), Memory.getInt(tree + HEIGHT));
        slabs.free(tree, HEADER);
    }

    private static void freeNode(Slabs slabs, long node, int height) {
        if (height > 1) {
            for (int i = 0; i < Memory.getInt(node); i++) {
                freeNode(slabs, Memory.getLong(child(node, i)), height - 1);
            }
        }
        slabs.free(node, NODE);
    }

    /** Bytes of the tree without its leaves. */
    public static long memory(long tree) {
        return Slabs.usable(HEADER) + memory(Memory.getLong(tree + ROOT), Memory.getInt(tree + HEIGHT));
    }

    private static long memory(long node, int height) {
        long sum = Slabs.usable(NODE);
        for (int i = 0; height > 1 && i < Memory.getInt(node); i++) {
            sum += memory(Memory.getLong(child(node, i)), height - 1);
        }
        return sum;
    }

    /** Frees a tree whose leaves are blocks, with them. */
    static void freeBlocks(Slabs slabs, long tree) {
        leaves(tree, (leaf, count) -> Block.free(slabs, leaf));
        free(slabs, tree);
    }
}
