package dev.redisreplication.node.aof;

import dev.redisreplication.node.log.Log;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Redis' rule for rewrites that fail by themselves: the first three are tried again as soon as they are due, later ones
 * after 1, 2, 4, ... 60 minutes. Otherwise each try would leave an increment.
 */
final class RewriteLimit {
    private static final int UNLIMITED = 3;
    private static final long LONGEST_MINUTES = 60;

    private final LongSupplier clock;
    private long minutes;
    private long since = -1;

    /** @param clock nanoseconds */
    RewriteLimit(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether a rewrite that growth asks for has to wait, after so many failures in a row. */
    boolean holds(long failures) {
        if (failures < UNLIMITED) {
            minutes = 0;
            since = -1;
            return false;
        }
        if (since < 0) {
            minutes = minutes == 0 ? 1 : Math.min(2 * minutes, LONGEST_MINUTES);
            since = Math.max(0, clock.getAsLong());
            Log.warning("The append-only file could not be rewritten " + failures + " times: next try in " + minutes
                    + " minutes");
            return true;
        }
        if (clock.getAsLong() - since < TimeUnit.MINUTES.toNanos(minutes)) {
            return true;
        }
        since = -1; // this one; when it fails, too, the next waits longer
        return false;
    }
}
