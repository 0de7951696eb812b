package dev.redisreplication.node.command;

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

    private final LatencyHistogram latencies = new LatencyHistogram();

    /** Notes the time of a call that is in {@link #calls} already. */
    void timed(long nanos) {
        timedCalls += calls <= EACH_TIMED ? 0 : 1;
        more(nanos);
    }

    /** Notes time that is of a call which was timed before, when it began to wait. */
    void more(long nanos) {
        if (calls <= EACH_TIMED) {
            earlyNanos += nanos;
        } else {
            timedNanos += nanos;
        }
    }

    /** Notes how long a call took, for {@link #latencies}. */
    void took(long nanos) {
        latencies.add(nanos);
    }

    /** The times of the calls that were timed while {@code latency-tracking} was on. */
    public LatencyHistogram latencies() {
        return latencies;
    }

    void reset() {
        latencies.reset();
        calls = 0;
        timedCalls = 0;
        timedNanos = 0;
        earlyNanos = 0;
        rejected = 0;
        failed = 0;
    }
}
