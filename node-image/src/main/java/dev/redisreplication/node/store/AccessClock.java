package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;

/**
 * What is known of the use of keys: when each was last used or, while an LFU policy is on, how often. It is one byte a key,
 * in room that entries have anyway.
 *
 * <p>A byte means something together with the period that the header of the key's segment names: a reference time for
 * {@link Idle}, or up to when counts have been decayed. A use writes the byte only. When a new period begins, the directory's
 * words lose their mark {@link Segments#FRESH}; whoever then touches a key first brings the bytes of its segment up to date.
 * What nobody touches stays as it is, and can be read as it is.
 */
final class AccessClock {
    /** What a key begins with that is not known to be used often: it would be the first to go else. */
    private static final int FIRST_COUNT = 5;

    private static final int MOST = 255;
    private static final int ASK = -1;

    private final Store store;
    private boolean counting;
    private boolean still;
    private long period; // in seconds, or while uses are counted in minutes
    private long knownSince; // in milliseconds, as changesAt
    private long changesAt;
    private long logFactor = 10;
    private long decayMinutes = 1;

    /** What a use writes, or {@link #ASK}: see {@link #used}. */
    int stamp = ASK;

    AccessClock(Store store) {
        this.store = store;
        advance(store.now);
    }

    /** Says the time; to be called before keys are used at it. */
    void tick(long millis) {
        if (millis >= changesAt || millis < knownSince) {
            advance(millis);
        }
    }

    private void advance(long millis) {
        long second = millis / 1000;
        if (counting) {
            long length = Math.max(1, decayMinutes);
            long minute = second / 60 / length * length;
            begin(minute);
            stamp = ASK;
            knownSince = minute * 60_000;
            changesAt = knownSince + length * 60_000;
        } else {
            if (second < period || second - period >= Idle.AFTER) {
                begin(second);
            }
            stamp = still ? ASK : Idle.code(period, second);
            knownSince = second * 1000;
            changesAt = knownSince + 1000;
        }
    }

    private void begin(long now) {
        if (now != period) {
            period = now;
            store.forgetFresh();
        }
    }

    /** Whether uses are counted; else their time is kept. What is known of the other is lost. */
    void count(boolean on, long factor, long minutes) {
        logFactor = factor;
        decayMinutes = minutes;
        if (counting != on) {
            counting = on;
            period = Long.MIN_VALUE >> 1;
        }
        advance(store.now);
    }

    /** Whether uses leave no trace for now. */
    void still(boolean on) {
        still = on;
        advance(store.now);
    }

    boolean isCounting() {
        return counting;
    }

    /** A key was used whose segment is up to date; only where {@link #stamp} says to ask. */
    void used(long entry) {
        if (counting && !still) {
            Entry.access(entry, increment(Entry.access(entry)));
        }
    }

    /** The byte of a new key. */
    int born() {
        return counting ? FIRST_COUNT : Idle.code(period, store.now / 1000);
    }

    /** The byte of a key with a new value in the place of another one. */
    int rewritten(int before) {
        return !counting ? born() : still ? before : increment(before);
    }

    // The more often, the less likely: a byte counts to millions.
    private int increment(int count) {
        if (count == MOST) {
            return count;
        }
        double beyond = Math.max(0, count - FIRST_COUNT);
        double chance = (store.randomness.next() >>> 11) * 0x1p-53;
        return chance * (beyond * logFactor + 1) < 1 ? count + 1 : count;
    }

    private long word() {
        return period << 1 | (counting ? 1 : 0);
    }

    /** Brings the bytes of a segment's entries up to date. */
    void renew(long segment) {
        long at = Segments.address(segment) + HashTable.SEGMENT_PERIOD;
        long word = Memory.getLong(at);
        if (word == word()) {
            return;
        }
        Memory.putLong(at, word());
        EntryVisitor renewal = entry -> Entry.access(entry, renewed(word, Entry.access(entry)));
        for (int i = 0; i < Segments.size(segment); i++) {
            HashTable.visit(Segments.buckets(segment) + (long) i * HashTable.BUCKET, renewal);
        }
    }

    private int renewed(long word, int code) {
        boolean counted = (word & 1) != 0;
        if (counting) {
            return counted ? decayed(word >> 1, code) : FIRST_COUNT;
        }
        return counted ? Idle.AT_REFERENCE : Idle.code(period, Idle.time(word >> 1, code));
    }

    private int decayed(long since, int count) {
        long periods = decayMinutes == 0 ? 0 : Math.max(0, period - since) / decayMinutes;
        return (int) Math.max(0, count - periods);
    }

    /** How often an entry of this segment is used, on a logarithmic scale to 255. */
    int frequency(long segment, long entry) {
        return renewed(Memory.getLong(Segments.address(segment) + HashTable.SEGMENT_PERIOD), Entry.access(entry));
    }

    /** For how many seconds an entry of this segment has not been used; to the second for a minute, later to a fourteenth of it. */
    long idle(long segment, long entry) {
        long word = Memory.getLong(Segments.address(segment) + HashTable.SEGMENT_PERIOD);
        return (word & 1) != 0 ? 0 : Math.max(0, store.now / 1000 - Idle.middle(word >> 1, Entry.access(entry)));
    }

    /** Says when an entry of a segment that is up to date was used, as a dump has it. */
    void restoreIdle(long entry, long seconds) {
        if (!counting) {
            Entry.access(entry, Idle.code(period, store.now / 1000 - seconds));
        }
    }

    /** Says how often. */
    void restoreFrequency(long entry, int count) {
        if (counting) {
            Entry.access(entry, Math.min(MOST, count));
        }
    }
}
