package dev.redisreplication.node.command;

import java.time.Instant;

/**
 * Takes the time of commands. A reading of the clock costs as much as the tenth part of a short command that comes with many
 * others, so those are not timed one by one: while there are such, a thread beats the time, and the command during which a
 * beat fell looks at the clock at its end. Nothing that takes as long as some beats can be missed so. On the event loop.
 */
final class Stopwatch {
    private static final long MILLIS = 1_000_000; // nanoseconds
    private static final long SHORTEST_BEAT = MILLIS;
    private static final long LONGEST_BEAT = 25 * MILLIS;
    private static final int BEATS_A_LIMIT = 4;
    private static final int IDLE_BEATS = 400; // after so many without use it stops

    private static final long SHORTEST_LIMIT = BEATS_A_LIMIT * SHORTEST_BEAT;

    private long limit = Long.MAX_VALUE; // nanoseconds from which on a command is slow
    private boolean anyLimit;
    private boolean canBeat; // the limit is long enough for it
    private volatile long interval; // nanoseconds between beats
    private long last; // the clock's last reading
    private volatile boolean beating;
    private volatile boolean used;
    private volatile int beats;
    private int heard;

    /** Microseconds since 1970, now. */
    static long unixMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** Sets from how many nanoseconds on commands are to be found that took so long; {@link Long#MAX_VALUE}: none are. */
    void limit(long nanos) {
        limit = nanos;
        anyLimit = nanos != Long.MAX_VALUE;
        canBeat = anyLimit && nanos >= SHORTEST_LIMIT;
        interval = Math.clamp(nanos / BEATS_A_LIMIT, SHORTEST_BEAT, LONGEST_BEAT);
    }

    boolean isSlow(long nanos) {
        return nanos >= limit;
    }

    /** Reads the clock. */
    long read() {
        last = System.nanoTime();
        return last;
    }

    /** Many short commands have come at once: their time is not worth a reading each. */
    void manyAtOnce() {
        if (!canBeat) {
            return;
        }
        used = true;
        if (!beating) {
            beating = true;
            Thread.ofPlatform().daemon().name("beat").start(this::beat);
        }
    }

    private void beat() {
        try {
            int beat = beats; // which this thread alone counts
            for (int idle = 0; idle < IDLE_BEATS; idle++) {
                Thread.sleep(interval / MILLIS, (int) (interval % MILLIS));
                beats = ++beat;
                if (used) {
                    used = false;
                    idle = 0;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            beating = false;
        }
    }

    /** Whether a command need not be timed: no slow one is looked for, or a beat would tell. */
    boolean allowsUntimed() {
        return !anyLimit || (beating && canBeat);
    }

    boolean isBeating() {
        return beating;
    }

    /**
     * Nanoseconds since the last reading if a beat fell since the last question, else 0. The reading was before the command that
     * ends now, by a few short ones at most.
     */
    long sinceLastIfBeat() {
        int now = beats;
        if (now == heard) {
            return 0;
        }
        heard = now;
        long before = last;
        return read() - before;
    }
}
