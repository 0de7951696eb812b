package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;
import java.util.function.LongUnaryOperator;

/** What the consumer groups of a stream own: gives it back, and counts it. The layout is in {@link Roots}. */
public final class StreamGroups {
    private StreamGroups() {}

    static void freeAll(Slabs slabs, long groups) {
        for (int i = 0; i < Directory.size(groups); i++) {
            freeGroup(slabs, Directory.get(groups, i));
        }
        freeDirectory(slabs, groups);
    }

    /** Frees a group with its consumers and pending entries; the directory must not hold it any more. */
    public static void freeGroup(Slabs slabs, long group) {
        long consumers = Memory.getLong(group + Roots.GROUP_CONSUMERS);
        for (int i = 0; i < Directory.size(consumers); i++) {
            freeConsumer(slabs, Directory.get(consumers, i));
        }
        freeDirectory(slabs, consumers);
        freePending(slabs, Memory.getLong(group + Roots.GROUP_PENDING));
        Named.free(slabs, group);
    }

    /** Frees a consumer with the list of what it holds; the directory must not hold it any more. */
    public static void freeConsumer(Slabs slabs, long consumer) {
        freePending(slabs, Memory.getLong(consumer + Roots.CONSUMER_PENDING));
        Named.free(slabs, consumer);
    }

    private static void freePending(Slabs slabs, long tree) {
        if (tree != 0) {
            Tree.freeBlocks(slabs, tree);
        }
    }

    private static void freeDirectory(Slabs slabs, long directory) {
        if (directory != 0) {
            Block.free(slabs, directory);
        }
    }

    /** @param tree tells the bytes of a tree whose leaves are blocks */
    static long memory(long groups, LongUnaryOperator tree) {
        long sum = directoryMemory(groups);
        for (int i = 0; i < Directory.size(groups); i++) {
            long group = Directory.get(groups, i);
            long consumers = Memory.getLong(group + Roots.GROUP_CONSUMERS);
            sum += Slabs.usable(Named.size(group))
                    + pendingMemory(Memory.getLong(group + Roots.GROUP_PENDING), tree)
                    + directoryMemory(consumers);
            for (int j = 0; j < Directory.size(consumers); j++) {
                long consumer = Directory.get(consumers, j);
                sum += Slabs.usable(Named.size(consumer))
                        + pendingMemory(Memory.getLong(consumer + Roots.CONSUMER_PENDING), tree);
            }
        }
        return sum;
    }

    private static long pendingMemory(long pending, LongUnaryOperator tree) {
        return pending == 0 ? 0 : tree.applyAsLong(pending);
    }

    private static long directoryMemory(long directory) {
        return directory == 0 ? 0 : Block.memory(directory);
    }
}
