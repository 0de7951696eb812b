package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * {@link Named} records in the order of their names' bytes: their addresses in one {@link Block}. An empty directory is the
 * address 0; adding and removing may move it.
 */
public final class Directory {
    private static final int SLOT = 8;
    private static final int FIRST_ROOM = 16;

    private Directory() {}

    /** How many records. */
    public static int size(long directory) {
        return directory == 0 ? 0 : Block.count(directory);
    }

    /** The record of this index, in the order of the names. */
    public static long get(long directory, int index) {
        return Memory.getLong(Block.first(directory) + (long) index * SLOT);
    }

    /** The record of this name, or 0. */
    public static long find(long directory, long name, int length) {
        int index = search(directory, name, length);
        return index < 0 ? 0 : get(directory, index);
    }

    /** The index of a name, or -1 minus the index where it would be. */
    private static int search(long directory, long name, int length) {
        int low = 0;
        int high = size(directory) - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            long record = get(directory, middle);
            int order = Memory.compare(Named.name(record), Named.nameLength(record), name, length);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    /** Adds a record whose name is not there yet; returns the directory. */
    public static long add(Slabs slabs, long directory, long record) {
        int index = -1 - search(directory, Named.name(record), Named.nameLength(record));
        long block = directory == 0 ? Block.create(slabs, FIRST_ROOM) : directory;
        int position = index * SLOT;
        block = Block.resize(slabs, block, position, SLOT);
        Memory.putLong(Block.first(block) + position, record);
        Block.count(block, Block.count(block) + 1);
        return block;
    }

    /** Takes a record out, which is the caller's to free; returns the directory. */
    public static long remove(Slabs slabs, long directory, long record) {
        int count = Block.count(directory) - 1;
        if (count == 0) {
            Block.free(slabs, directory);
            return 0;
        }
        int position = search(directory, Named.name(record), Named.nameLength(record)) * SLOT;
        Block.count(directory, count);
        return Block.resize(slabs, directory, position, -SLOT);
    }
}
