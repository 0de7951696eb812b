package dev.redisreplication.node.command;

/** How fast a counter grows, of late: the mean of its last samples. On the event loop only. */
final class Rate {
    private static final int SAMPLES = 16;
    private final long[] perSecond = new long[SAMPLES];
    private int taken;
    private long before;

    /**
     * Notes where the counter stands.
     *
     * @param millis since the sample before; 0 or less for the first one
     */
    void sample(long counter, long millis) {
        if (millis > 0) {
            perSecond[taken++ % SAMPLES] = Math.max(0, counter - before) * 1000 / millis;
        }
        before = counter;
    }

    /** What it grows in a second. */
    long mean() {
        long sum = 0;
        for (long each : perSecond) {
            sum += each;
        }
        return sum / SAMPLES;
    }
}
