package dev.redisreplication.node.command;

import java.util.Arrays;

/**
 * How often which time was measured: at least 128 steps for each power of two, so that a figure is less than a hundredth above
 * what it stands for. Memory is taken for the powers of two that occur. On the event loop only.
 */
public final class LatencyHistogram {
    private static final int FIRST = 256; // times below are kept as they are
    private static final int HALF = FIRST / 2;
    private static final long LONGEST = (1L << 41) - 1; // nanoseconds: more than half an hour
    private static final int POWERS = power(LONGEST) + 1;
    private static final long FIRST_BOUND = 1024; // nanoseconds, of the distribution

    private final int[][] counts = new int[POWERS][];
    private long total;

    /** Is given one step of a cumulative distribution. */
    @FunctionalInterface
    public interface Step {
        /** {@code count} of all times were at most {@code micros}, rounded down to microseconds. */
        void upTo(long micros, long count);
    }

    void add(long nanos) {
        long time = Math.clamp(nanos, 0, LONGEST);
        int power = power(time);
        int[] steps = counts[power];
        if (steps == null) {
            steps = new int[power == 0 ? FIRST : HALF];
            counts[power] = steps;
        }
        steps[step(time, power)]++;
        total++;
    }

    /** How many low bits of a time are not kept. */
    private static int power(long time) {
        return Long.SIZE - 8 - Long.numberOfLeadingZeros(time | (FIRST - 1));
    }

    private static int step(long time, int power) {
        return power == 0 ? (int) time : (int) (time >>> power) - HALF;
    }

    /** The longest time that is counted at this place. */
    private static long longest(int power, int step) {
        return power == 0 ? step : ((step + HALF + 1L) << power) - 1;
    }

    /** How many times were measured. */
    public long total() {
        return total;
    }

    /** Nanoseconds that {@code percent} of all times do not exceed; 0 when there are none. */
    public long percentile(double percent) {
        long rank = Math.max(1, (long) Math.ceil(total * percent / 100));
        long seen = 0;
        for (int power = 0; power < POWERS; power++) {
            for (int step = 0; counts[power] != null && step < counts[power].length; step++) {
                seen += counts[power][step];
                if (seen >= rank) {
                    return longest(power, step);
                }
            }
        }
        return 0;
    }

    /** How many times were at most 1, 2, 4, ... microseconds (of 1024 nanoseconds), as far as it is more at each step. */
    public void distribution(Step visitor) {
        long seen = 0;
        long told = 0;
        long bound = FIRST_BOUND;
        for (int power = 0; power < POWERS; power++) {
            for (int step = 0; step < (power == 0 ? FIRST : HALF); step++) {
                seen += counts[power] == null ? 0 : counts[power][step];
                long upTo = longest(power, step);
                if (upTo >= bound) {
                    bound *= 2;
                    if (seen > told) {
                        told = seen;
                        visitor.upTo(upTo / 1000, seen);
                    }
                }
            }
        }
        if (seen > told) {
            visitor.upTo(LONGEST / 1000, seen);
        }
    }

    void reset() {
        Arrays.fill(counts, null);
        total = 0;
    }
}
