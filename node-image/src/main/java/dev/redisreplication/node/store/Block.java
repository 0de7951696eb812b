package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * Packed elements ({@link Packed}) in one allocation: a whole small collection, or a leaf of a {@link Tree}. There may be room
 * before the first and after the last, so that both ends grow and shrink without moving the others. A block is its address; writing may move it.
 *
 * <p>Layout: count, start, end, capacity (four bytes each; the last three are offsets from the block), then the room.
 * Positions within a block are given relative to the first element.
 */
public final class Block {
    private static final int COUNT = 0;
    private static final int START = 4;
    private static final int END = 8;
    private static final int CAPACITY = 12;
    private static final int HEADER = 16;
    private static final int MOST_SPARE = 4096;
    private static final int SHRINK_ABOVE = 128;

    private Block() {}

    /** An empty block with room for so many bytes. */
    public static long create(Slabs slabs, long room) {
        long capacity = Slabs.usable(HEADER + room);
        long block = slabs.allocate(capacity);
        Memory.putInt(block + COUNT, 0);
        Memory.putInt(block + START, HEADER);
        Memory.putInt(block + END, HEADER);
        Memory.putInt(block + CAPACITY, (int) capacity);
        return block;
    }

    public static void free(Slabs slabs, long block) {
        slabs.free(block, Memory.getInt(block + CAPACITY));
    }

    /** Bytes that the block has in the allocator. */
    public static long memory(long block) {
        return Memory.getInt(block + CAPACITY);
    }

    /** How many elements, as {@link #count(long, int)} was told. */
    public static int count(long block) {
        return Memory.getInt(block + COUNT);
    }

    public static void count(long block, int count) {
        Memory.putInt(block + COUNT, count);
    }

    /** The first element, or {@link #end} when there is none. */
    public static long first(long block) {
        return block + Memory.getInt(block + START);
    }

    /** The address after the last element. */
    public static long end(long block) {
        return block + Memory.getInt(block + END);
    }

    /** Bytes of all elements. */
    public static int bytes(long block) {
        return Memory.getInt(block + END) - Memory.getInt(block + START);
    }

    /** The element of this index, from the nearer end; 0 ≤ index < the number of elements given. */
    public static long element(long block, int index, int elements) {
        if (index <= elements / 2) {
            long at = first(block);
            for (int i = 0; i < index; i++) {
                at = Packed.next(at);
            }
            return at;
        }
        long at = end(block);
        for (int i = elements; i > index; i--) {
            at = Packed.previous(at);
        }
        return at;
    }

    /** The element equal to these bytes among each {@code stride}-th (1: all, 2: fields of pairs, 3: of triples), or 0. */
    public static long find(long block, long value, int length, int stride) {
        boolean number = Decimal.isCanonical(value, length);
        long parsed = number ? Decimal.parse(value, length) : 0;
        long end = end(block);
        for (long at = first(block); at != end; at = Packed.next(at)) {
            if (Packed.equal(at, value, length, number, parsed)) {
                return at;
            }
            if (stride > 1) {
                at = Packed.next(at);
                if (stride > 2) {
                    at = Packed.next(at);
                }
            }
        }
        return 0;
    }

    /**
     * Makes room for {@code size} bytes at a position relative to the first element, or for as many fewer when it is negative
     * removes them. The caller writes the elements there and sets the count. Returns the block, which may have moved.
     */
    public static long resize(Slabs slabs, long block, int position, int size) {
        return size < 0 ? close(slabs, block, position, -size) : open(slabs, block, position, size);
    }

    private static long open(Slabs slabs, long block, int position, int size) {
        int start = Memory.getInt(block + START);
        int end = Memory.getInt(block + END);
        int capacity = Memory.getInt(block + CAPACITY);
        int used = end - start;
        int spare = start - HEADER + capacity - end;
        boolean front = position == 0 && used != 0;
        if (front && start - HEADER >= size) {
            Memory.putInt(block + START, start - size);
            return block;
        }
        if (!front && capacity - end >= size) {
            long at = block + start + position;
            Memory.copy(at, at + size, used - position);
            Memory.putInt(block + END, end + size);
            return block;
        }
        if (spare >= size && spare >= used / 4) {
            spread(block, block, start, used, position, size, capacity);
            return block;
        }
        long wide = create(slabs, (long) used + size + Math.min(used / 2, MOST_SPARE));
        Memory.putInt(wide + COUNT, count(block));
        spread(block, wide, start, used, position, size, Memory.getInt(wide + CAPACITY));
        free(slabs, block);
        return wide;
    }

    // Leaves the free room where the gap is asked for: in front for a gap in front, else behind. The two parts may
    // overlap
    // their old places, so the one that moves away from the other goes first.
    private static void spread(long from, long to, int start, int used, int position, int size, int capacity) {
        int target = position == 0 && used != 0 ? capacity - used - size : HEADER;
        long source = from + start;
        long tail = to + target + position + size;
        boolean tailFirst = from == to && tail > source + position;
        if (tailFirst) {
            Memory.copy(source + position, tail, used - position);
        }
        Memory.copy(source, to + target, position);
        if (!tailFirst) {
            Memory.copy(source + position, tail, used - position);
        }
        Memory.putInt(to + START, target);
        Memory.putInt(to + END, target + used + size);
    }

    private static long close(Slabs slabs, long block, int position, int size) {
        int start = Memory.getInt(block + START);
        int end = Memory.getInt(block + END);
        int used = end - start - size;
        if (position == 0) {
            Memory.putInt(block + START, start + size);
        } else {
            long at = block + start + position;
            Memory.copy(at + size, at, used - position);
            Memory.putInt(block + END, end - size);
        }
        int capacity = Memory.getInt(block + CAPACITY);
        if (capacity <= SHRINK_ABOVE || used > capacity / 4) {
            return block;
        }
        long narrow = create(slabs, used + used / 4);
        Memory.putInt(narrow + COUNT, count(block));
        Memory.copy(first(block), first(narrow), used);
        Memory.putInt(narrow + END, HEADER + used);
        free(slabs, block);
        return narrow;
    }

    /** Inserts the element of these bytes before the one at a position, and counts it. Returns the block, which may have moved. */
    public static long insert(Slabs slabs, long block, int position, long value, int length) {
        long moved = open(slabs, block, position, Packed.sizeFor(value, length));
        Packed.write(first(moved) + position, value, length);
        count(moved, count(moved) + 1);
        return moved;
    }

    /** Appends an element as {@link #insert} does. */
    public static long append(Slabs slabs, long block, long value, int length) {
        return insert(slabs, block, bytes(block), value, length);
    }

    /** Replaces the element at a position. Returns the block, which may have moved. */
    public static long replace(Slabs slabs, long block, int position, long value, int length) {
        long at = first(block) + position;
        int old = (int) (Packed.next(at) - at);
        int size = Packed.sizeFor(value, length);
        long moved = size == old
                ? block
                : size < old ? close(slabs, block, position, old - size) : open(slabs, block, position, size - old);
        Packed.write(first(moved) + position, value, length);
        return moved;
    }

    /** Removes {@code elements} elements from a position on and uncounts them. Returns the block, which may have moved. */
    public static long remove(Slabs slabs, long block, int position, int elements) {
        long at = first(block) + position;
        long end = at;
        for (int i = 0; i < elements; i++) {
            end = Packed.next(end);
        }
        count(block, count(block) - elements);
        return close(slabs, block, position, (int) (end - at));
    }

    /** Moves all elements from a position on to a new block, which is returned; {@code elements} is how many they are. */
    public static long split(Slabs slabs, long block, int position, int elements) {
        int size = bytes(block) - position;
        long other = create(slabs, size);
        Memory.copy(first(block) + position, first(other), size);
        Memory.putInt(other + END, HEADER + size);
        Memory.putInt(other + COUNT, elements);
        Memory.putInt(block + END, Memory.getInt(block + END) - size);
        count(block, count(block) - elements);
        return other;
    }
}
