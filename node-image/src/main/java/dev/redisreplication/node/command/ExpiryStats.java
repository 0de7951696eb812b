package dev.redisreplication.node.command;

/** Figures of the search for keys whose time is over, for INFO stats. On the event loop only. */
public final class ExpiryStats {
    private static final double WEIGHT = 0.05; // of the newest cycle in the mean, as in Redis

    private double stalePercent;
    private long cyclesCut;
    private long nanos;

    /**
     * Notes one cycle.
     *
     * @param withExpiry keys that had a time to live when it began
     * @param deleted how many of them it found to be over
     * @param cut whether its time limit ended it
     * @param spentNanos how long it took
     */
    public void cycle(long withExpiry, long deleted, boolean cut, long spentNanos) {
        double now = withExpiry == 0 ? 0 : 100.0 * deleted / withExpiry;
        stalePercent = now * WEIGHT + stalePercent * (1 - WEIGHT);
        if (cut) {
            cyclesCut++;
        }
        nanos += spentNanos;
    }

    /**
     * The share, in percent, of the keys with a time to live that were still there although it was over when a cycle came;
     * a running mean. Redis takes it from a sample, here every such key is counted.
     */
    public double stalePercent() {
        return stalePercent;
    }

    /** Cycles that their time limit ended. */
    public long cyclesCut() {
        return cyclesCut;
    }

    /** Time spent in cycles. */
    public long millis() {
        return nanos / 1_000_000;
    }

    void reset() {
        stalePercent = 0;
        cyclesCut = 0;
        nanos = 0;
    }
}
