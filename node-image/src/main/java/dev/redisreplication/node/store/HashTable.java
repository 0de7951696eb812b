package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.SipHash;
import dev.redisreplication.node.memory.Slabs;

/**
 * An extendible hash table of entries: the keyspace itself, and large sets, hashes and sorted sets. A table is the address
 * of its header; all functions are static, so that a million of them cost no Java object.
 *
 * <p>The top bits of a hash choose a segment through the directory, the next twelve a bucket in it, so that buckets are in
 * the order of hashes whatever their number: that order is the cursor of {@link #scan} and of a snapshot. A segment holds 31
 * to 63 buckets and grows, splits, shrinks and joins by itself; no operation touches more than two of them.
 *
 * <p>A bucket is a cache line: seven one-byte tags and a byte of its own (bit 7: a further bucket follows, low bits: the epoch of
 * the snapshot that has it), then seven slots, each the 48-bit address of an entry under 16 more bits of its hash. If
 * a further bucket follows, the last slot is its address.
 */
final class HashTable {
    static final int HEADER = 32;
    static final int DIRECTORY = 0;
    static final int DEPTH = 8;
    static final int AT_DEPTH = 12; // segments that use all bits of the directory
    static final int COUNT = 16;

    static final int SEGMENT_COUNT = 0;
    static final int SEGMENT_BYTES = 4; // of further buckets
    static final int SEGMENT_EARLIEST = 8; // no entry of the segment expires before
    static final int SEGMENT_PERIOD = 16; // what the access bytes of its entries mean, see AccessClock

    static final int BUCKET = 64;
    static final int SLOTS = 7;
    static final long ADDRESS = (1L << 48) - 1;
    static final int INDEX_BITS = 12;
    static final int EPOCH_MASK = 0x3f;
    private static final long MOST_EXPECTED = 4L << 20;
    private static final long TAGS = 0x00ffffffffffffffL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long SEVENS = 0x7f7f7f7f7f7f7f7fL;

    private HashTable() {}

    static long hash(long key, int length) {
        return SipHash.hash(key, length);
    }

    /** A table with room for so many entries, of which no more than {@link #MOST_EXPECTED} are believed. */
    static long create(Slabs slabs, int epoch, long expected) {
        long count = Math.clamp(expected, 0, MOST_EXPECTED);
        int depth = 0;
        while (count >> depth > Segments.LARGEST * 5L) {
            depth++;
        }
        int size = Segments.sizeFor((int) (count >> depth));
        long table = slabs.allocate(HEADER);
        long directory = slabs.allocate(8L << depth);
        Memory.putLong(table + DIRECTORY, directory);
        Memory.putInt(table + DEPTH, depth);
        Memory.putInt(table + AT_DEPTH, 1 << depth);
        Memory.putLong(table + COUNT, 0);
        for (long i = 0; i < 1L << depth; i++) {
            Memory.putLong(directory + (i << 3), Segments.create(slabs, depth, depth, size, epoch, Long.MAX_VALUE));
        }
        return table;
    }

    static long count(long table) {
        return Memory.getLong(table + COUNT);
    }

    /** The directory's word for a hash: the segment's address with its shape, see {@link Segments}. */
    static long segmentFor(long table, long hash) {
        int depth = Memory.getInt(table + DEPTH);
        return Memory.getLong(Memory.getLong(table + DIRECTORY) + (hash >>> 1 >>> (63 - depth) << 3));
    }

    static long bucketFor(long segment, long hash) {
        long bits = hash << Segments.depth(segment) >>> (64 - INDEX_BITS);
        return Segments.buckets(segment) + (bits * Segments.size(segment) >>> INDEX_BITS) * BUCKET;
    }

    static long bucketOf(long table, long hash) {
        return bucketFor(segmentFor(table, hash), hash);
    }

    static int tag(long hash) {
        int tag = (int) hash & 0xff;
        return tag == 0 ? 1 : tag;
    }

    static boolean hasNext(long header) {
        return header < 0;
    }

    static long next(long bucket) {
        return Memory.getLong(bucket + 56) & ADDRESS;
    }

    static long slot(long bucket, int index) {
        return bucket + 8 + ((long) index << 3);
    }

    static long entryAt(long slot) {
        return Memory.getLong(slot) & ADDRESS;
    }

    /** The entry of a key, or 0. */
    static long find(long table, long key, int length, long hash) {
        long slot = findSlot(table, key, length, hash);
        return slot == 0 ? 0 : entryAt(slot);
    }

    /** The address of the slot of a key, or 0. */
    static long findSlot(long table, long key, int length, long hash) {
        return findSlotIn(segmentFor(table, hash), key, length, hash);
    }

    /** The same where the segment of the hash is known. */
    static long findSlotIn(long segment, long key, int length, long hash) {
        long bucket = bucketFor(segment, hash);
        long bits = hash << Segments.base(segment) >>> 48;
        long pattern = tag(hash) * LOW_BITS;
        while (true) {
            long header = Memory.getLong(bucket);
            long x = header ^ pattern;
            long match = ~(((x & SEVENS) + SEVENS) | x | SEVENS) & TAGS;
            while (match != 0) {
                long slot = bucket + 8 + (Long.numberOfTrailingZeros(match) & ~7);
                long word = Memory.getLong(slot);
                if (word >>> 48 == bits && Entry.keyEquals(word & ADDRESS, key, length)) {
                    return slot;
                }
                match &= match - 1;
            }
            if (!hasNext(header)) {
                return 0;
            }
            bucket = next(bucket);
        }
    }

    /** The slot that holds this very entry, whose key is in it. */
    static long slotOf(long table, long entry, long hash) {
        long bucket = bucketOf(table, hash);
        while (true) {
            long header = Memory.getLong(bucket);
            for (int i = 0; i < SLOTS; i++) {
                if ((header >>> (i << 3) & 0xff) != 0 && entryAt(slot(bucket, i)) == entry) {
                    return slot(bucket, i);
                }
            }
            if (!hasNext(header)) {
                throw new IllegalStateException("entry is not in its table");
            }
            bucket = next(bucket);
        }
    }

    /** Puts another entry of the same key into a slot. */
    static void replace(long slot, long entry) {
        Memory.putLong(slot, Memory.getLong(slot) & ~ADDRESS | entry);
    }

    /** Adds an entry whose key is not there yet. */
    static void insert(Slabs slabs, long table, long entry, long hash, RehashGuard guard) {
        long segment = segmentFor(table, hash);
        long word = hash << Segments.base(segment) >>> 48 << 48 | entry;
        int added = place(slabs, bucketFor(segment, hash), tag(hash), word);
        long at = Segments.address(segment);
        int count = Memory.getInt(at + SEGMENT_COUNT) + 1;
        Memory.putInt(at + SEGMENT_COUNT, count);
        if (added != 0) {
            Memory.putInt(at + SEGMENT_BYTES, Memory.getInt(at + SEGMENT_BYTES) + added);
        }
        Memory.putLong(table + COUNT, count(table) + 1);
        if (count > Segments.most(segment)) {
            Rehash.grow(slabs, table, hash, guard);
        }
    }

    /** Puts a word into the chain of a bucket; returns the bytes that were allocated for that. */
    static int place(Slabs slabs, long bucket, int tag, long word) {
        long header = Memory.getLong(bucket);
        while (hasNext(header)) {
            int free = freeSlot(header, SLOTS - 1);
            if (free < SLOTS - 1) {
                fill(bucket, free, tag, word);
                return 0;
            }
            bucket = next(bucket);
            header = Memory.getLong(bucket);
        }
        int free = freeSlot(header, SLOTS);
        if (free < SLOTS) {
            fill(bucket, free, tag, word);
            return 0;
        }
        long further = slabs.allocate(BUCKET);
        Memory.zero(further, BUCKET);
        fill(further, 0, (int) (header >>> 48 & 0xff), Memory.getLong(bucket + 56));
        fill(further, 1, tag, word);
        Memory.putLong(bucket + 56, further);
        Memory.putByte(bucket + 6, 0);
        Memory.putByte(bucket + 7, (int) (header >>> 56) | 0x80);
        return BUCKET;
    }

    private static int freeSlot(long header, int slots) {
        long free = ~(((header & SEVENS) + SEVENS) | header | SEVENS);
        return Math.min(slots, Long.numberOfTrailingZeros(free) >>> 3);
    }

    private static void fill(long bucket, int index, int tag, long word) {
        Memory.putByte(bucket + index, tag);
        Memory.putLong(slot(bucket, index), word);
    }

    /** Takes an entry's slot out; the entry itself is the caller's to free. The hash is that of its key. */
    static void remove(Slabs slabs, long table, long slot, long hash, RehashGuard guard) {
        long segment = segmentFor(table, hash);
        long at = Segments.address(segment);
        int freed = unplace(slabs, bucketFor(segment, hash), slot);
        int count = Memory.getInt(at + SEGMENT_COUNT) - 1;
        Memory.putInt(at + SEGMENT_COUNT, count);
        if (freed != 0) {
            Memory.putInt(at + SEGMENT_BYTES, Memory.getInt(at + SEGMENT_BYTES) - freed);
        }
        Memory.putLong(table + COUNT, count(table) - 1);
        if (count < Segments.least(segment)) {
            Rehash.shrink(slabs, table, hash, guard);
        }
    }

    // Fills the hole with the last entry of the chain, so that only its last bucket has holes beyond the first's.
    private static int unplace(Slabs slabs, long home, long slot) {
        long parent = 0;
        long last = home;
        while (hasNext(Memory.getLong(last))) {
            parent = last;
            last = next(last);
        }
        long bucket = slot & -BUCKET;
        int index = (int) (slot - bucket - 8 >>> 3);
        if (last != bucket) {
            long tags = Memory.getLong(last) & TAGS;
            int from = 7 - (Long.numberOfLeadingZeros(tags) >>> 3);
            fill(bucket, index, (int) (tags >>> (from << 3) & 0xff), Memory.getLong(slot(last, from)));
            bucket = last;
            index = from;
        }
        Memory.putByte(bucket + index, 0);
        if (bucket == home || (Memory.getLong(bucket) & TAGS) != 0) {
            return 0;
        }
        slabs.free(bucket, BUCKET);
        Memory.putByte(parent + 7, Memory.getByte(parent + 7) & 0x7f);
        return BUCKET;
    }

    /** Visits the entries of a bucket and those that follow it. */
    static void visit(long bucket, EntryVisitor visitor) {
        while (true) {
            long header = Memory.getLong(bucket);
            for (int i = 0; i < SLOTS; i++) {
                if ((header >>> (i << 3) & 0xff) != 0) {
                    visitor.entry(entryAt(slot(bucket, i)));
                }
            }
            if (!hasNext(header)) {
                return;
            }
            bucket = next(bucket);
        }
    }

    /** How many entries a bucket and those that follow it have. */
    static int chainCount(long bucket) {
        int count = 0;
        while (true) {
            long header = Memory.getLong(bucket);
            long free = ~(((header & SEVENS) + SEVENS) | header | SEVENS) & TAGS;
            count += SLOTS - Long.bitCount(free);
            if (!hasNext(header)) {
                return count;
            }
            bucket = next(bucket);
        }
    }

    /** The first hash after the bucket of this one, 0 past the last. */
    static long nextPosition(long table, long hash) {
        long segment = segmentFor(table, hash);
        int depth = Segments.depth(segment);
        int size = Segments.size(segment);
        long bits = hash << depth >>> (64 - INDEX_BITS);
        long index = (bits * size >>> INDEX_BITS) + 1;
        long start = depth == 0 ? 0 : hash >>> (64 - depth) << (64 - depth);
        if (index == size) {
            return depth == 0 ? 0 : start + (1L << (64 - depth));
        }
        long firstBits = ((index << INDEX_BITS) + size - 1) / size;
        return start + (firstBits << (64 - INDEX_BITS - depth));
    }

    /** One step of SCAN: see {@link Keyspace#scan}. A cursor is the top 48 bits of the next hash. */
    static long scan(long table, long cursor, int count, EntryVisitor visitor) {
        // Reversed, so that the first steps of a cursor are small numbers, and any small number is some place in the
        // middle.
        long position = Long.reverse(cursor) & ~0xffffL;
        int seen = 0;
        do {
            long bucket = bucketOf(table, position);
            seen += chainCount(bucket);
            visit(bucket, visitor);
            position = nextPosition(table, position);
        } while (position != 0 && seen < count);
        return Long.reverse(position);
    }

    /** Marks all buckets as belonging to no snapshot. */
    static void resetEpochs(long table) {
        long position = 0;
        do {
            long mark = bucketOf(table, position) + 7;
            Memory.putByte(mark, Memory.getByte(mark) & ~EPOCH_MASK);
            position = nextPosition(table, position);
        } while (position != 0);
    }

    /** An entry whose key has this hash, or 0. */
    static long byHash(long segment, long hash) {
        long bits = hash << Segments.base(segment) >>> 48;
        long bucket = bucketFor(segment, hash);
        while (true) {
            long header = Memory.getLong(bucket);
            for (int i = 0; i < SLOTS; i++) {
                long word = Memory.getLong(slot(bucket, i));
                if ((int) (header >>> (i << 3) & 0xff) == tag(hash)
                        && word >>> 48 == bits
                        && hash(Entry.keyAddress(word & ADDRESS), Entry.keyLength(word & ADDRESS)) == hash) {
                    return word & ADDRESS;
                }
            }
            if (!hasNext(header)) {
                return 0;
            }
            bucket = next(bucket);
        }
    }

    /** Takes the mark {@link Segments#FRESH} from all segments. */
    static void forgetFresh(long table) {
        long directory = Memory.getLong(table + DIRECTORY);
        long end = directory + (8L << Memory.getInt(table + DEPTH));
        for (long at = directory; at < end; at += 8) {
            Memory.putLong(at, Memory.getLong(at) & ~Segments.FRESH);
        }
    }

    /** Puts the mark {@link Segments#FRESH} on the segment of a hash; returns its word. */
    static long markFresh(long table, long hash) {
        long segment = segmentFor(table, hash) | Segments.FRESH;
        Rehash.point(table, hash, Segments.depth(segment), segment, segment);
        return segment;
    }

    /** Bytes of the table itself, without its entries. */
    static long memory(long table) {
        long sum = Slabs.usable(HEADER) + Slabs.usable(8L << Memory.getInt(table + DEPTH));
        long position = 0;
        do {
            long segment = segmentFor(table, position);
            int depth = Segments.depth(segment);
            sum += Segments.memory(segment);
            position = depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
        } while (position != 0);
        return sum;
    }

    /** The share of one entry in that, for a hash near which it is. The shares of all entries add up to the whole. */
    static double memoryOfSlot(long table, long hash) {
        long segment = segmentFor(table, hash);
        double inSegment = (double) Segments.memory(segment) / Math.max(1, Segments.count(segment));
        double above =
                (double) (Slabs.usable(HEADER) + Slabs.usable(8L << Memory.getInt(table + DEPTH))) / count(table);
        return inSegment + above;
    }

    /** Frees the table itself; its entries must be freed before. */
    static void free(Slabs slabs, long table) {
        long position = 0;
        do {
            long segment = segmentFor(table, position);
            int depth = Segments.depth(segment);
            position = depth == 0 ? 0 : position + (1L << (64 - depth));
            Segments.free(slabs, segment);
        } while (position != 0);
        slabs.free(Memory.getLong(table + DIRECTORY), 8L << Memory.getInt(table + DEPTH));
        slabs.free(table, HEADER);
    }
}
