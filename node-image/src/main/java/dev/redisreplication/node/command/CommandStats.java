package dev.redisreplication.node.command;

import java.util.Arrays;

/** Figures of one command for INFO commandstats. Written by the event loop only. */
public final class CommandStats {
    long calls;
    long timedCalls;
    long timedNanos;
    long rejected;
    long failed;

    /** Executions, exact. */
    public long calls() {
        return calls;
    }

    /** Microseconds spent, extrapolated from the calls that were timed. */
    public long micros() {
        return timedCalls == 0 ? 0 : (long) ((double) timedNanos * calls / timedCalls / 1000);
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

    void timed(long nanos) {
        timedCalls++;
        timedNanos += nanos;
        byMagnitude[Math.min(39, 63 - Long.numberOfLeadingZeros(Math.max(1, nanos)))]++;
    }

    /** Percentiles of the timed calls as INFO latencystats prints them, each the upper bound of a power of two. */
    public String percentiles() {
        return "p50=" + percentile(0.5) + ",p99=" + percentile(0.99) + ",p99.9=" + percentile(0.999);
    }

    private String percentile(double share) {
        long rank = (long) Math.ceil(timedCalls * share);
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
        rejected = 0;
        failed = 0;
    }
}
