package dev.redisreplication.node.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has the loop look for requests a little longer before its thread goes to sleep, while they come thick and fast.
 *
 * <p>Who writes to a sleeping thread pays for waking it, some microseconds for the first request of a turn. A thread that
 * is awake costs its own processor time instead. So it stays awake only where that is little: while the waits were, on
 * average, shorter than the work between them, that is, while the loop was busy for more than half of the time; and for
 * no longer than {@code limit} at a time. A loop with less to do, or with one client that waits for each reply, sleeps as
 * ever. On the loop's thread only.
 */
final class Linger implements SelectStrategy {
    // An average over about this many turns; one long wait counts as this many nanoseconds, so that it is soon
    // forgotten.
    private static final int TURNS = 16;
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(1);

    private final long limit;
    private final LongSupplier roundBegan;
    private final LongSupplier clock;
    private long waitBegan;
    private long wait = LONGEST;
    private long work;

    /**
     * @param limit nanoseconds
     * @param roundBegan the clock's time of the first read in the last turn that read from a socket
     * @param clock nanoseconds
     */
    Linger(long limit, LongSupplier roundBegan, LongSupplier clock) {
        this.limit = limit;
        this.roundBegan = roundBegan;
        this.clock = clock;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return selectNow.get();
        }
        long now = clock.getAsLong();
        learn(now);
        if (wait < work) {
            do {
                int ready = selectNow.get();
                if (ready != 0) {
                    return ready;
                }
            } while (clock.getAsLong() - now < limit);
        }
        return SELECT;
    }

    /** Takes in how long the turn that ends now waited for its first request, and how long it worked after it. */
    private void learn(long now) {
        long workBegan = Math.max(waitBegan, roundBegan.getAsLong());
        if (workBegan > waitBegan) {
            wait += (Math.min(workBegan - waitBegan, LONGEST) - wait) / TURNS;
            work += (Math.min(now - workBegan, LONGEST) - work) / TURNS;
        }
        waitBegan = now;
    }
}
