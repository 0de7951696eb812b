package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/** Growing, splitting, shrinking and joining segments of a {@link HashTable}: one or two of them at a time. */
final class Rehash {
    // Twelve bits for the bucket and one for a split must be among the sixteen bits kept in a slot.
    private static final int FARTHEST_BASE = 4;

    private Rehash() {}

    /** Makes room in the segment of a hash. */
    static void grow(Slabs slabs, long table, long hash, RehashGuard guard) {
        long old = HashTable.segmentFor(table, hash);
        int epoch = prepare(old, guard);
        int depth = Segments.depth(old);
        int count = Segments.count(old);
        long earliest = Segments.earliest(old);
        int size = Segments.size(old);
        if (size < Segments.LARGEST) {
            long grown = Segments.create(slabs, depth, Segments.base(old), Segments.sizeFor(count), epoch, earliest);
            grown = Segments.inherit(grown, old);
            move(slabs, old, grown, grown);
            point(table, hash, depth, grown, grown);
        } else {
            if (depth == Memory.getInt(table + HashTable.DEPTH)) {
                doubleDirectory(slabs, table);
            }
            int base = depth - Segments.base(old) < FARTHEST_BASE ? Segments.base(old) : depth + 1;
            int half = Segments.sizeFor(count / 2);
            long low = Segments.create(slabs, depth + 1, base, half, epoch, earliest);
            long high = Segments.create(slabs, depth + 1, base, half, epoch, earliest);
            low = Segments.inherit(low, old);
            high = Segments.inherit(high, old);
            move(slabs, old, low, high);
            point(table, hash, depth, low, high);
            if (depth + 1 == Memory.getInt(table + HashTable.DEPTH)) {
                addAtDepth(table, 2);
            }
        }
        Segments.free(slabs, old);
    }

    /** Gives room back: a smaller segment, or one for two neighbours. */
    static void shrink(Slabs slabs, long table, long hash, RehashGuard guard) {
        long old = HashTable.segmentFor(table, hash);
        int depth = Segments.depth(old);
        int count = Segments.count(old);
        if (Segments.size(old) > Segments.SMALLEST) {
            int epoch = prepare(old, guard);
            long small = Segments.create(
                    slabs, depth, Segments.base(old), Segments.sizeFor(count), epoch, Segments.earliest(old));
            small = Segments.inherit(small, old);
            move(slabs, old, small, small);
            point(table, hash, depth, small, small);
            Segments.free(slabs, old);
            return;
        }
        if (depth == 0) {
            return;
        }
        long neighbour = HashTable.segmentFor(table, hash ^ 1L << (64 - depth));
        int both = count + Segments.count(neighbour);
        if (Segments.depth(neighbour) != depth || both > Segments.SMALLEST * 4) {
            return;
        }
        prepare(neighbour, guard);
        int epoch = prepare(old, guard);
        if (guard != null) {
            neighbour = guard.renew(neighbour, hash ^ 1L << (64 - depth));
            old = guard.renew(old, hash);
        }
        long earliest = Math.min(Segments.earliest(old), Segments.earliest(neighbour));
        long joined = Segments.create(slabs, depth - 1, depth - 1, Segments.SMALLEST, epoch, earliest);
        joined = Segments.inherit(joined, old);
        move(slabs, old, joined, joined);
        move(slabs, neighbour, joined, joined);
        point(table, hash, depth - 1, joined, joined);
        Segments.free(slabs, old);
        Segments.free(slabs, neighbour);
        if (depth == Memory.getInt(table + HashTable.DEPTH)) {
            addAtDepth(table, -2);
            while (Memory.getInt(table + HashTable.AT_DEPTH) == 0) {
                halveDirectory(slabs, table);
            }
        }
    }

    private static int prepare(long segment, RehashGuard guard) {
        if (guard == null) {
            return 0;
        }
        guard.beforeRehash(segment);
        return guard.epoch();
    }

    private static void addAtDepth(long table, int by) {
        Memory.putInt(table + HashTable.AT_DEPTH, Memory.getInt(table + HashTable.AT_DEPTH) + by);
    }

    /** Moves all entries of a segment to one or (by the first bit after its depth) two others. */
    private static void move(Slabs slabs, long from, long low, long high) {
        int size = Segments.size(from);
        boolean keepBits = Segments.base(from) == Segments.base(low);
        int behind = Segments.depth(low == high ? low : from) - Segments.base(from);
        for (int i = 0; i < size; i++) {
            long bucket = Segments.buckets(from) + (long) i * HashTable.BUCKET;
            while (true) {
                long header = Memory.getLong(bucket);
                for (int s = 0; s < HashTable.SLOTS; s++) {
                    int tag = (int) (header >>> (s << 3)) & 0xff;
                    if (tag != 0) {
                        long word = Memory.getLong(HashTable.slot(bucket, s));
                        if (!keepBits) {
                            moveByKey(slabs, word & HashTable.ADDRESS, Segments.depth(from), low, high);
                        } else {
                            // The bits that follow the common depth, at the top of a word.
                            moveByBits(slabs, tag, word, word >>> 48 << (48 + behind), low, high);
                        }
                    }
                }
                if (!HashTable.hasNext(header)) {
                    break;
                }
                bucket = HashTable.next(bucket);
            }
        }
    }

    private static void moveByKey(Slabs slabs, long entry, int depth, long low, long high) {
        long hash = HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
        long to = hash << depth < 0 ? high : low;
        long word = hash << Segments.base(to) >>> 48 << 48 | entry;
        add(slabs, to, HashTable.tag(hash), word, hash << Segments.depth(to));
    }

    private static void moveByBits(Slabs slabs, int tag, long word, long bits, long low, long high) {
        if (low == high) {
            add(slabs, low, tag, word, bits);
        } else {
            add(slabs, bits < 0 ? high : low, tag, word, bits << 1);
        }
    }

    private static void add(Slabs slabs, long segment, int tag, long word, long bits) {
        long index = (bits >>> (64 - HashTable.INDEX_BITS)) * Segments.size(segment) >>> HashTable.INDEX_BITS;
        int added = HashTable.place(slabs, Segments.buckets(segment) + index * HashTable.BUCKET, tag, word);
        long at = Segments.address(segment);
        Memory.putInt(at + HashTable.SEGMENT_COUNT, Memory.getInt(at + HashTable.SEGMENT_COUNT) + 1);
        Memory.putInt(at + HashTable.SEGMENT_BYTES, Memory.getInt(at + HashTable.SEGMENT_BYTES) + added);
    }

    /** Writes two words over the directory's range of all hashes that share {@code depth} bits with this one. */
    static void point(long table, long hash, int depth, long low, long high) {
        long directory = Memory.getLong(table + HashTable.DIRECTORY);
        int spare = Memory.getInt(table + HashTable.DEPTH) - depth;
        long first = depth == 0 ? 0 : hash >>> (64 - depth) << spare;
        long half = 1L << spare >>> 1;
        for (long i = 0; i < 1L << spare; i++) {
            Memory.putLong(directory + (first + i << 3), i < half ? low : high);
        }
    }

    private static void doubleDirectory(Slabs slabs, long table) {
        int depth = Memory.getInt(table + HashTable.DEPTH);
        long old = Memory.getLong(table + HashTable.DIRECTORY);
        long wide = slabs.allocate(16L << depth);
        for (long i = 0; i < 1L << depth; i++) {
            long word = Memory.getLong(old + (i << 3));
            Memory.putLong(wide + (i << 4), word);
            Memory.putLong(wide + (i << 4) + 8, word);
        }
        slabs.free(old, 8L << depth);
        Memory.putLong(table + HashTable.DIRECTORY, wide);
        Memory.putInt(table + HashTable.DEPTH, depth + 1);
        Memory.putInt(table + HashTable.AT_DEPTH, 0);
    }

    private static void halveDirectory(Slabs slabs, long table) {
        int depth = Memory.getInt(table + HashTable.DEPTH) - 1;
        long old = Memory.getLong(table + HashTable.DIRECTORY);
        long narrow = slabs.allocate(8L << depth);
        int atDepth = 0;
        for (long i = 0; i < 1L << depth; i++) {
            long word = Memory.getLong(old + (i << 4));
            atDepth += Segments.depth(word) == depth ? 1 : 0;
            Memory.putLong(narrow + (i << 3), word);
        }
        slabs.free(old, 16L << depth);
        Memory.putLong(table + HashTable.DIRECTORY, narrow);
        Memory.putInt(table + HashTable.DEPTH, depth);
        Memory.putInt(table + HashTable.AT_DEPTH, atDepth);
    }
}
