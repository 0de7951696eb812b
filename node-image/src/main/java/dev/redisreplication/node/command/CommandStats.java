package dev.redisreplication.node.command;

import java.util.Arrays;

/** Figures of one command for INFO commandstats. Written by the event loop only. */
public final class CommandStats {
    private static final int EACH_TIMED = 64;

    long calls;
    private long timedCalls;
    private long timedNanos;
    private long earlyNanos; // of the first calls, of which each is timed
    long rejected;
    long failed;

    /** Executions, exact. */
    public long calls() {
        return calls;
    }

    /** Whether the next call is one of the first, whose time is taken in any case: a rare command's figures are exact. */
    boolean isEarly() {
        return calls < EACH_TIMED;
    }

    /** Microseconds spent: by the first calls, and extrapolated from those that were timed later. */
    public long micros() {
        double later = timedCalls == 0 ? 0 : (double) timedNanos * (calls - EACH_TIMED) / timedCalls;
        return (long) ((earlyNanos + later) / 1000);
    }

    /** Refused before execution, such as by a wrong number of arguments. */
    public long rejected() {
        return rejected;
    }

    /** Executed, and answered by an error. */
    public long failed() {
        return failed;
    }

    private final int[] byMagnitude = new int[40]; // timed calls by the highest bit of their nanoseconds

    /** Notes the time of a call that is in {@link #calls} already. */
    void timed(long nanos) {
        if (calls <= EACH_TIMED) {
            earlyNanos += nanos;
        } else {
            timedCalls++;
            timedNanos += nanos;
        }
        byMagnitude[Math.min(39, 63 - Long.numberOfLeadingZeros(Math.max(1, nanos)))]++;
    }

    /** Percentiles of the timed calls as INFO latencystats prints them, each the upper bound of a power of two. */
    public String percentiles() {
        return "p50=" + percentile(0.5) + ",p99=" + percentile(0.99) + ",p99.9=" + percentile(0.999);
    }

    private String percentile(double share) {
        long rank = (long) Math.ceil((Math.min(calls, EACH_TIMED) + timedCalls) * share);
        long seen = 0;
        for (int i = 0; i < byMagnitude.length; i++) {
            seen += byMagnitude[i];
            if (seen >= rank && seen > 0) {
                long nanos = 1L << (i + 1);
                long thousandths = nanos % 1000;
                return nanos / 1000 + "." + thousandths / 100 + thousandths / 10 % 10 + thousandths % 10;
            }
        }
        return "0.000";
    }

    void reset() {
        Arrays.fill(byMagnitude, 0);
        calls = 0;
        timedCalls = 0;
        timedNanos = 0;
        earlyNanos = 0;
        rejected = 0;
        failed = 0;
    }
}
