package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import java.util.Arrays;

/**
 * Deletes keys whose time is over, a segment at a time. Each segment knows a bound below which none of its keys expires, so
 * most are passed by with one look.
 */
final class Expirer {
    private static final int LOOKS_BETWEEN_CLOCKS = 64;

    private static final int TTL_SAMPLES = 16;

    private final Keyspace keyspace;
    private long[] over = new long[64];
    private int overCount;
    private long[] stale = new long[16]; // hashes that may have fields whose time is over
    private int staleCount;
    private long position;
    private boolean cut;

    Expirer(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** Goes round the segments once, from where it stopped, until the deadline of {@link System#nanoTime}. */
    int run(long deadline) {
        cut = false;
        int deleted = 0;
        long start = position;
        boolean wrapped = false;
        int looks = 0;
        do {
            long table = keyspace.table();
            if (table == 0) {
                return deleted;
            }
            long segment = HashTable.segmentFor(table, position);
            int depth = Segments.depth(segment);
            long next = depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
            if (Segments.earliest(segment) < keyspace.core.now) {
                deleted += sweep(segment, deadline);
                looks += LOOKS_BETWEEN_CLOCKS / 4;
            }
            wrapped |= next == 0;
            position = next;
            if (++looks >= LOOKS_BETWEEN_CLOCKS) {
                looks = 0;
                if (System.nanoTime() - deadline >= 0) {
                    cut = true;
                    return deleted;
                }
            }
        } while (!wrapped || Long.compareUnsigned(position, start) < 0);
        return deleted;
    }

    /** Whether the last run ended because its time was up, and not because it had seen everything. */
    boolean isCut() {
        return cut;
    }

    /** See {@link Store#averageTtl}. */
    long averageTtl() {
        long sum = 0;
        int found = 0;
        for (int i = 0; i < TTL_SAMPLES; i++) {
            long entry = RandomPlace.entry(keyspace.table(), keyspace.core.randomness);
            if (Entry.hasExpiry(entry)) {
                sum += Math.max(0, Entry.expiry(entry) - keyspace.core.now);
                found++;
            }
        }
        return found == 0 ? 0 : sum / found;
    }

    private int sweep(long segment, long deadline) {
        overCount = 0;
        staleCount = 0;
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < Segments.size(segment); i++) {
            long bucket = Segments.buckets(segment) + (long) i * HashTable.BUCKET;
            earliest = Math.min(earliest, collect(bucket));
        }
        Segments.earliest(segment, earliest);
        // Deleting may join segments; that is why all were collected before.
        for (int i = 0; i < overCount; i++) {
            keyspace.expireNow(over[i]);
        }
        for (int i = 0; i < staleCount; i++) {
            boolean late = System.nanoTime() - deadline >= 0;
            long entry = late ? stale[i] : FieldTimes.sweep(keyspace, stale[i], deadline);
            if (entry != 0 && TimedHash.times(entry) != 0) {
                keyspace.noteFieldTime(entry, TimedHash.earliest(entry));
            }
        }
        return overCount;
    }

    private long collect(long first) {
        long earliest = Long.MAX_VALUE;
        for (long bucket = first; ; bucket = HashTable.next(bucket)) {
            long header = Memory.getLong(bucket);
            for (int i = 0; i < HashTable.SLOTS; i++) {
                if ((header >>> (i << 3) & 0xff) != 0) {
                    long entry = HashTable.entryAt(HashTable.slot(bucket, i));
                    if (Entry.hasExpiry(entry)) {
                        earliest = Math.min(earliest, judge(entry));
                    }
                    if (TimedHash.is(entry)) {
                        earliest = Math.min(earliest, judgeFields(entry));
                    }
                }
            }
            if (!HashTable.hasNext(header)) {
                return earliest;
            }
        }
    }

    private long judgeFields(long entry) {
        long expiry = TimedHash.earliest(entry);
        if (keyspace.core.now <= expiry || !keyspace.endsFields()) {
            return expiry;
        }
        if (keyspace.isOver(entry)) {
            return Long.MAX_VALUE; // it goes as a whole
        }
        if (staleCount == stale.length) {
            stale = Arrays.copyOf(stale, 2 * staleCount);
        }
        stale[staleCount++] = entry;
        return Long.MAX_VALUE;
    }

    private long judge(long entry) {
        long expiry = Entry.expiry(entry);
        if (keyspace.core.now <= expiry) {
            return expiry;
        }
        if (!keyspace.mayEnd(entry)) {
            return expiry; // looked at again: what may be ended can change
        }
        if (overCount == over.length) {
            over = Arrays.copyOf(over, 2 * overCount);
        }
        over[overCount++] = entry;
        return Long.MAX_VALUE;
    }
}
