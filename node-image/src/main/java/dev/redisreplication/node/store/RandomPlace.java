package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;

/** Random entries and segments of a {@link HashTable}. */
final class RandomPlace {
    private static final int TRIES = 1000;

    private RandomPlace() {}

    /** A uniformly random entry of a table that is not empty. */
    static long entry(long table, Randomness randomness) {
        long count = HashTable.count(table);
        if (count >= Segments.SMALLEST) {
            for (int i = 0; i < TRIES; i++) {
                long entry = tryEntry(table, randomness);
                if (entry != 0) {
                    return entry;
                }
            }
        }
        long rank = Long.remainderUnsigned(randomness.next(), count);
        long position = 0;
        while (true) {
            long bucket = HashTable.bucketOf(table, position);
            int here = HashTable.chainCount(bucket);
            if (rank < here) {
                return pick(bucket, (int) rank);
            }
            rank -= here;
            position = HashTable.nextPosition(table, position);
        }
    }

    // Every entry has the same chance: a segment that is shared by several words of the directory, a bucket that is not
    // there, and a place in the chain that is not filled count as misses.
    private static long tryEntry(long table, Randomness randomness) {
        long segment = HashTable.segmentFor(table, randomness.next());
        long random = randomness.next();
        int spare = Memory.getInt(table + HashTable.DEPTH) - Segments.depth(segment);
        if (spare != 0 && random >>> (64 - spare) != 0) {
            return 0;
        }
        int index = (int) random & 63;
        int rank = (int) (random >>> 6) & 31;
        if (index >= Segments.size(segment)) {
            return 0;
        }
        long bucket = Segments.buckets(segment) + (long) index * HashTable.BUCKET;
        return rank < HashTable.chainCount(bucket) ? pick(bucket, rank) : 0;
    }

    private static long pick(long bucket, int rank) {
        while (true) {
            long header = Memory.getLong(bucket);
            for (int i = 0; i < HashTable.SLOTS; i++) {
                if ((header >>> (i << 3) & 0xff) != 0 && rank-- == 0) {
                    return HashTable.entryAt(HashTable.slot(bucket, i));
                }
            }
            bucket = HashTable.next(bucket);
        }
    }

    /** A random segment: with the same chance for each of its buckets as for any other bucket. */
    static long segment(long table, Randomness randomness) {
        while (true) {
            long segment = HashTable.segmentFor(table, randomness.next());
            long random = randomness.next();
            int spare = Memory.getInt(table + HashTable.DEPTH) - Segments.depth(segment);
            if ((spare == 0 || random >>> (64 - spare) == 0) && (random & 63) < Segments.size(segment)) {
                return segment;
            }
        }
    }
}
