package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * How many bytes an entry takes with all that it owns. Of what has many parts of its own a few random ones are looked at, and
 * the others taken to be like them.
 */
final class ValueSize {
    private final Randomness randomness;
    private final int samples;

    /** @param samples how many parts of one structure to look at, 0 for all: the result is exact then */
    ValueSize(Randomness randomness, int samples) {
        this.randomness = randomness;
        this.samples = samples;
    }

    /** Bytes of an entry and of all that it owns. */
    long of(long entry) {
        return Slabs.usable(Entry.size(entry))
                + switch (Entry.encoding(entry)) {
                    case Entry.BLOB -> Values.blobCapacity(entry);
                    case Entry.PACKED -> Block.memory(Entry.root(entry));
                    case Entry.TABLE -> members(Entry.root(entry));
                    case Entry.TREE -> tree(Entry.type(entry), Entry.root(entry));
                    default -> 0;
                };
    }

    private long tree(Type type, long root) {
        return switch (type) {
            case LIST -> blocks(root);
            case ZSET -> {
                long tree = Memory.getLong(root + Roots.ZSET_TREE);
                yield Slabs.usable(Roots.ZSET)
                        + Tree.memory(tree)
                        + Tree.leafCount(tree) * Slabs.usable(Roots.ZSET_LEAF)
                        + members(Memory.getLong(root + Roots.ZSET_TABLE));
            }
            case STREAM -> {
                long tree = Memory.getLong(root + Roots.STREAM_TREE);
                yield Slabs.usable(Roots.STREAM)
                        + (tree == 0 ? 0 : blocks(tree))
                        + StreamGroups.memory(Memory.getLong(root + Roots.STREAM_GROUPS), this::blocks);
            }
            case HASH -> {
                long body = Memory.getLong(root + Roots.TIMED_BODY);
                boolean table = Memory.getInt(root + Roots.TIMED_TABLE) != 0;
                yield Slabs.usable(Roots.TIMED) + (table ? members(body) : Block.memory(body));
            }
            default -> throw new IllegalStateException("no tree in a " + type);
        };
    }

    /** A tree whose leaves are blocks. */
    private long blocks(long tree) {
        long leaves = Tree.leafCount(tree);
        long[] sum = {0};
        if (samples == 0 || leaves <= samples) {
            Tree.leaves(tree, (leaf, count) -> sum[0] += Block.memory(leaf));
            return Tree.memory(tree) + sum[0];
        }
        for (int i = 0; i < samples; i++) {
            sum[0] += Block.memory(Tree.randomLeaf(tree, randomness));
        }
        return Tree.memory(tree) + scaled(sum[0], leaves);
    }

    private long members(long table) {
        long count = HashTable.count(table);
        long[] sum = {0};
        if (samples == 0 || count <= samples) {
            Members.forEach(table, entry -> sum[0] += Slabs.usable(Entry.size(entry)));
            return HashTable.memory(table) + sum[0];
        }
        double slots = 0;
        for (int i = 0; i < samples; i++) {
            sum[0] += Slabs.usable(Entry.size(RandomPlace.entry(table, randomness)));
            slots += HashTable.memoryOfSlot(table, randomness.next());
        }
        return scaled(sum[0], count) + Math.round(slots / samples * count);
    }

    private long scaled(long sum, long all) {
        return Math.round((double) sum / samples * all);
    }
}
