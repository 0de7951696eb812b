package dev.redisreplication.node.command;

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

    void reset() {
        calls = 0;
        timedCalls = 0;
        timedNanos = 0;
        rejected = 0;
        failed = 0;
    }
}
