package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * Segments of a {@link HashTable}: a 64-byte header (count, bytes of further buckets, earliest expiry, period of its access
 * bytes) and 31 to 63 buckets. The directory's word for a segment packs its address (48 bits) with its shape: depth (6 bits: how
 * many leading hash bits all its entries share), size (4 bits), how far the base (the first of the 16 hash bits kept in its
 * slots) is behind the depth (3 bits), and, in bit 63, whether its access bytes are up to date.
 */
final class Segments {
    static final int SMALLEST = 31;
    static final int LARGEST = 63;
    static final int STEP = 8;
    static final int HEADER = 64;
    /** Set in the directory's word while the segment's period is the present one of {@link AccessClock}. */
    static final long FRESH = 1L << 63;

    private Segments() {}

    static long address(long segment) {
        return segment & HashTable.ADDRESS;
    }

    static long buckets(long segment) {
        return (segment & HashTable.ADDRESS) + HEADER;
    }

    static int depth(long segment) {
        return (int) (segment >>> 48) & 0x3f;
    }

    static int size(long segment) {
        return ((int) (segment >>> 54 & 0xf) << 3) - 1;
    }

    static int base(long segment) {
        return depth(segment) - (int) (segment >>> 58 & 7);
    }

    static int count(long segment) {
        return Memory.getInt(address(segment) + HashTable.SEGMENT_COUNT);
    }

    static long earliest(long segment) {
        return Memory.getLong(address(segment) + HashTable.SEGMENT_EARLIEST);
    }

    static void earliest(long segment, long millis) {
        Memory.putLong(address(segment) + HashTable.SEGMENT_EARLIEST, millis);
    }

    /** Bytes of the segment with its further buckets. */
    static long memory(long segment) {
        return Slabs.usable(HEADER + (long) size(segment) * HashTable.BUCKET)
                + Memory.getInt(address(segment) + HashTable.SEGMENT_BYTES);
    }

    /** With more entries than this it grows: six a bucket. */
    static int most(long segment) {
        return size(segment) * 6;
    }

    /** With fewer than this it shrinks or joins its neighbour: under two a bucket. */
    static int least(long segment) {
        return size(segment) * 2;
    }

    /** The size that a segment of so many entries gets: about five a bucket. */
    static int sizeFor(int count) {
        int size = SMALLEST;
        while (size < LARGEST && count * 10 > size * 52) {
            size += STEP;
        }
        return size;
    }

    static long create(Slabs slabs, int depth, int base, int size, int epoch, long earliest) {
        long address = slabs.allocate(HEADER + (long) size * HashTable.BUCKET);
        Memory.zero(address, HEADER + (long) size * HashTable.BUCKET);
        if (epoch != 0) {
            for (int i = 1; i <= size; i++) {
                Memory.putByte(address + (long) i * HashTable.BUCKET + 7, epoch);
            }
        }
        Memory.putLong(address + HashTable.SEGMENT_EARLIEST, earliest);
        long shape = (long) (depth - base) << 10 | (long) (size + 1) >> 3 << 6 | depth;
        return shape << 48 | address;
    }

    /** Lets a new segment take entries with the access bytes of another one; returns its word. */
    static long inherit(long segment, long from) {
        long period = Memory.getLong(address(from) + HashTable.SEGMENT_PERIOD);
        Memory.putLong(address(segment) + HashTable.SEGMENT_PERIOD, period);
        return segment | from & FRESH;
    }

    /** Frees the segment with its further buckets, not the entries. */
    static void free(Slabs slabs, long segment) {
        int size = size(segment);
        if (Memory.getInt(address(segment) + HashTable.SEGMENT_BYTES) != 0) {
            for (int i = 0; i < size; i++) {
                long bucket = buckets(segment) + (long) i * HashTable.BUCKET;
                boolean more = HashTable.hasNext(Memory.getLong(bucket));
                long next = more ? HashTable.next(bucket) : 0;
                while (more) {
                    bucket = next;
                    more = HashTable.hasNext(Memory.getLong(bucket));
                    next = more ? HashTable.next(bucket) : 0;
                    slabs.free(bucket, HashTable.BUCKET);
                }
            }
        }
        slabs.free(address(segment), HEADER + (long) size * HashTable.BUCKET);
    }
}
