package dev.redisreplication.node.store;

/**
 * The time of a key's last use as one byte, relative to a reference time that the key's whole segment shares. All times are
 * in ticks of the same clock.
 *
 * <p>The upper codes are the ticks from the reference on, exactly. The lower ones are times before it, the grid of which
 * gets coarser with the age: multiples of a power of two that is about an eighth of it, at most a seventh. A multiple of 2^(k+1) is one of 2^k,
 * and rounding down twice is rounding down once: however often a time is written anew for a later reference, its error
 * does not add up.
 */
final class Idle {
    /** The code of the reference time itself, and of what is later on: one more each tick. */
    static final int AT_REFERENCE = 176;
    /** How many ticks from the reference on have a code. */
    static final int AFTER = 256 - AT_REFERENCE;

    private static final int STEPS = 8; // of each power of two
    private static final int COARSEST = AT_REFERENCE / STEPS - 2;

    private Idle() {}

    /** The code of a time; what has none gets that of the next time that has one. */
    static int code(long reference, long time) {
        long age = reference - time;
        if (age <= 0) {
            return AT_REFERENCE + (int) Math.min(AFTER - 1, -age);
        }
        for (int k = Math.max(0, 60 - Long.numberOfLeadingZeros(age)); k <= COARSEST; k++) {
            long steps = (reference >> k) - (time >> k);
            if (steps < 2 * STEPS) {
                return AT_REFERENCE - 1 - (k * STEPS + (int) steps);
            }
        }
        return 0;
    }

    /** The earliest time with this code. */
    static long time(long reference, int code) {
        return code >= AT_REFERENCE
                ? reference + (code - AT_REFERENCE)
                : (reference >> grid(code)) - steps(code) << grid(code);
    }

    /** The time in the middle of those with this code. */
    static long middle(long reference, int code) {
        return time(reference, code) + (1L << grid(code) >> 1);
    }

    // Which power of two the times with this code are a multiple of.
    private static int grid(int code) {
        return code >= AT_REFERENCE ? 0 : Math.max(0, (AT_REFERENCE - 1 - code) / STEPS - 1);
    }

    private static long steps(int code) {
        return AT_REFERENCE - 1 - code - (long) grid(code) * STEPS;
    }
}
