package dev.redisreplication.node.aof;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When to try again what failed: after a second, then after twice as long each time, up to a minute. */
final class Retries {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private long delay;
    private long failedAt;

    /** @param clock nanoseconds */
    Retries(LongSupplier clock) {
        this.clock = clock;
    }

    void failed() {
        delay = delay == 0 ? FIRST : Math.min(2 * delay, LAST);
        failedAt = clock.getAsLong();
    }

    void succeeded() {
        delay = 0;
    }

    /** Whether the time has come; always, when nothing has failed. */
    boolean due() {
        return delay == 0 || clock.getAsLong() - failedAt >= delay;
    }
}
