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

    // What a byte is: a time in seconds, a time in quarters of a second, or a count. The lower bits of a segment's
    // word.
    private static final int SECONDS = 0;
    private static final int QUARTERS = 1;
    private static final int COUNTS = 2;
    private static final int KIND_BITS = 2;
    private static final int KIND = (1 << KIND_BITS) - 1;
    private static final long[] TICK = {1000, 250, 60_000}; // in milliseconds, what periods are counted in

    private final Randomness randomness;
    private final Runnable newPeriod;
    private long now;
    private int kind = SECONDS;
    private boolean still;
    private long period;
    private long knownSince; // in milliseconds, as changesAt
    private long changesAt;
    private long logFactor = 10;
    private long decayMinutes = 1;

    /** What a use writes, or {@link #ASK}: see {@link #used}. */
    int stamp = ASK;

    /**
     * @param now milliseconds since 1970
     * @param newPeriod takes the marks {@link Segments#FRESH} away
     */
    AccessClock(long now, Randomness randomness, Runnable newPeriod) {
        this.now = now;
        this.randomness = randomness;
        this.newPeriod = newPeriod;
        advance(now);
    }

    /** Says the time; to be called before keys are used at it. */
    void tick(long millis) {
        now = millis;
        if (millis >= changesAt || millis < knownSince) {
            advance(millis);
        }
    }

    private void advance(long millis) {
        long ticks = millis / TICK[kind];
        long length = 1;
        if (kind == COUNTS) {
            length = Math.max(1, decayMinutes);
            ticks = ticks / length * length;
            begin(ticks);
        } else if (ticks < period || ticks - period >= Idle.AFTER) {
            begin(ticks);
        }
        stamp = kind == COUNTS || still ? ASK : Idle.code(period, ticks);
        knownSince = ticks * TICK[kind];
        changesAt = knownSince + length * TICK[kind];
    }

    private long ticks() {
        return now / TICK[kind];
    }

    private void begin(long ticks) {
        if (ticks != period) {
            period = ticks;
            newPeriod.run();
        }
    }

    /**
     * What is to be known for a policy: how often keys are used, or else when they were last used, which an LRU policy has to
     * know better. From one to the other nothing is taken over.
     */
    void serve(EvictionPolicy policy, long factor, long minutes) {
        logFactor = factor;
        decayMinutes = minutes;
        int next = policy.isLfu() ? COUNTS : policy.isLru() ? QUARTERS : SECONDS;
        if (kind != next) {
            kind = next;
            period = Long.MIN_VALUE >> KIND_BITS;
        }
        advance(now);
    }

    /** Whether uses leave no trace for now. */
    void still(boolean on) {
        still = on;
        advance(now);
    }

    /** A key was used whose segment is up to date; only where {@link #stamp} says to ask. */
    void used(long entry) {
        if (kind == COUNTS && !still) {
            Entry.access(entry, increment(Entry.access(entry)));
        }
    }

    /** The byte of a new key. */
    int born() {
        if (stamp >= 0) {
            return stamp;
        }
        return kind == COUNTS ? FIRST_COUNT : Idle.code(period, ticks());
    }

    /** The byte of a key with a new value in the place of another one. */
    int rewritten(int before) {
        return kind != COUNTS ? born() : still ? before : increment(before);
    }

    // The more often, the less likely: a byte counts to millions.
    private int increment(int count) {
        if (count == MOST) {
            return count;
        }
        double beyond = Math.max(0, count - FIRST_COUNT);
        double chance = (randomness.next() >>> 11) * 0x1p-53;
        return chance * (beyond * logFactor + 1) < 1 ? count + 1 : count;
    }

    private long word() {
        return period << KIND_BITS | kind;
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
        int was = (int) word & KIND;
        long since = word >> KIND_BITS;
        if (kind == COUNTS) {
            return was == COUNTS ? decayed(since, code) : FIRST_COUNT;
        }
        return was == COUNTS ? Idle.AT_REFERENCE : Idle.code(period, Idle.time(since, code) * TICK[was] / TICK[kind]);
    }

    private int decayed(long since, int count) {
        long periods = decayMinutes == 0 ? 0 : Math.max(0, period - since) / decayMinutes;
        return (int) Math.max(0, count - periods);
    }

    /** How often an entry of this segment is used, on a logarithmic scale to 255. */
    int frequency(long segment, long entry) {
        return renewed(Memory.getLong(Segments.address(segment) + HashTable.SEGMENT_PERIOD), Entry.access(entry));
    }

    /** For how many milliseconds an entry of this segment has not been used: to a tick at first, later to a fourteenth of it. */
    long idle(long segment, long entry) {
        long word = Memory.getLong(Segments.address(segment) + HashTable.SEGMENT_PERIOD);
        int was = (int) word & KIND;
        return was == COUNTS ? 0 : Math.max(0, now - Idle.middle(word >> KIND_BITS, Entry.access(entry)) * TICK[was]);
    }

    /** Says when an entry of a segment that is up to date was used, as a dump has it. */
    void restoreIdle(long entry, long seconds) {
        if (kind != COUNTS) {
            Entry.access(entry, Idle.code(period, (now - Math.min(seconds, now / 1000) * 1000) / TICK[kind]));
        }
    }

    /** Says how often. */
    void restoreFrequency(long entry, int count) {
        if (kind == COUNTS) {
            Entry.access(entry, Math.min(MOST, count));
        }
    }
}
