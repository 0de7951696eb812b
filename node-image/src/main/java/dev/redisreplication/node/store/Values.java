package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/** What an entry of a keyspace owns beside itself: gives it back; {@link ValueSize} counts it. */
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
        Entry.access(copy, Entry.access(entry));
        Memory.copy(payload, to, bytes);
        return copy;
    }

    static long blobCapacity(long entry) {
        return Integer.toUnsignedLong(Memory.getInt(Entry.payload(entry) + 12));
    }

    private static void freeTree(Slabs slabs, Type type, long root) {
        switch (type) {
            case LIST -> Tree.freeBlocks(slabs, root);
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
                    Tree.freeBlocks(slabs, tree);
                }
                StreamGroups.freeAll(slabs, Memory.getLong(root + Roots.STREAM_GROUPS));
                slabs.free(root, Roots.STREAM);
            }
            case HASH -> TimedHash.free(slabs, root);
            default -> throw new IllegalStateException("no tree in a " + type);
        }
    }
}
