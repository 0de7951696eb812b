package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/** What an entry of a keyspace owns beside itself: gives it back, and counts it. */
final class Values {
    private Values() {}

    /** Frees an entry with all that it owns. */
    static void free(Slabs slabs, long entry) {
        freeOwned(slabs, entry);
        slabs.free(entry, Entry.size(entry));
    }

    /** Frees what the entry owns, not the entry. */
    static void freeOwned(Slabs slabs, long entry) {
        switch (Entry.encoding(entry)) {
            case Entry.BLOB -> slabs.free(Entry.root(entry), blobCapacity(entry));
            case Entry.PACKED -> Block.free(slabs, Entry.root(entry));
            case Entry.TABLE -> Members.free(slabs, Entry.root(entry));
            case Entry.TREE -> freeTree(slabs, Entry.type(entry), Entry.root(entry));
            default -> {}
        }
    }

    /** A copy of an entry under another key or expiry, which takes over what the entry owns. */
    static long withHead(Slabs slabs, long entry, long expiresAt, long key, int length) {
        long payload = Entry.payload(entry);
        long bytes = Entry.payloadSize(entry, payload);
        long copy = slabs.allocate(Entry.size(length, expiresAt != Entry.NO_EXPIRY, bytes));
        long to = Entry.write(copy, Entry.type(entry), Entry.encoding(entry), expiresAt, key, length);
        Entry.general(copy, Entry.isGeneral(entry));
        Memory.copy(payload, to, bytes);
        return copy;
    }

    private static long blobCapacity(long entry) {
        return Integer.toUnsignedLong(Memory.getInt(Entry.payload(entry) + 12));
    }

    private static void freeTree(Slabs slabs, Type type, long root) {
        switch (type) {
            case LIST -> freeBlocks(slabs, root);
            case ZSET -> {
                long tree = Memory.getLong(root + Roots.ZSET_TREE);
                Tree.leaves(tree, (leaf, count) -> slabs.free(leaf, Roots.ZSET_LEAF));
                Tree.free(slabs, tree);
                Members.free(slabs, Memory.getLong(root + Roots.ZSET_TABLE));
                slabs.free(root, Roots.ZSET);
            }
            case STREAM -> {
                long tree = Memory.getLong(root + Roots.STREAM_TREE);
                if (tree != 0) {
                    freeBlocks(slabs, tree);
                }
                StreamGroups.freeAll(slabs, Memory.getLong(root + Roots.STREAM_GROUPS));
                slabs.free(root, Roots.STREAM);
            }
            default -> throw new IllegalStateException("no tree in a " + type);
        }
    }

    static void freeBlocks(Slabs slabs, long tree) {
        Tree.leaves(tree, (leaf, count) -> Block.free(slabs, leaf));
        Tree.free(slabs, tree);
    }

    /** Bytes of an entry and of all that it owns. */
    static long memory(long entry) {
        return Slabs.usable(Entry.size(entry))
                + switch (Entry.encoding(entry)) {
                    case Entry.BLOB -> blobCapacity(entry);
                    case Entry.PACKED -> Block.memory(Entry.root(entry));
                    case Entry.TABLE -> Members.memory(Entry.root(entry));
                    case Entry.TREE -> treeMemory(Entry.type(entry), Entry.root(entry));
                    default -> 0;
                };
    }

    private static long treeMemory(Type type, long root) {
        return switch (type) {
            case LIST -> blocksMemory(root);
            case ZSET -> {
                long tree = Memory.getLong(root + Roots.ZSET_TREE);
                long[] sum = {
                    Slabs.usable(Roots.ZSET)
                            + Tree.memory(tree)
                            + Members.memory(Memory.getLong(root + Roots.ZSET_TABLE))
                };
                Tree.leaves(tree, (leaf, count) -> sum[0] += Slabs.usable(Roots.ZSET_LEAF));
                yield sum[0];
            }
            case STREAM -> {
                long tree = Memory.getLong(root + Roots.STREAM_TREE);
                yield Slabs.usable(Roots.STREAM)
                        + (tree == 0 ? 0 : blocksMemory(tree))
                        + StreamGroups.memory(Memory.getLong(root + Roots.STREAM_GROUPS));
            }
            default -> throw new IllegalStateException("no tree in a " + type);
        };
    }

    static long blocksMemory(long tree) {
        long[] sum = {Tree.memory(tree)};
        Tree.leaves(tree, (leaf, count) -> sum[0] += Block.memory(leaf));
        return sum[0];
    }
}
