package dev.redisreplication.node.command;

import dev.redisreplication.node.config.OutputLimit;

/**
 * Tells when one receiver reads too slowly for its {@link OutputLimit}; remembers since when it has been over the soft
 * bound. On the event loop only.
 */
public final class SlowReader {
    private long overSoftSince = -1;

    /**
     * Whether it is to be closed.
     *
     * @param waiting bytes that it has not taken yet
     * @param now monotonic milliseconds
     */
    public boolean exceeds(OutputLimit limit, long waiting, long now) {
        if (limit.hard() > 0 && waiting > limit.hard()) {
            return true;
        }
        if (limit.soft() <= 0 || waiting <= limit.soft()) {
            overSoftSince = -1;
            return false;
        }
        if (overSoftSince < 0) {
            overSoftSince = now;
        }
        return now - overSoftSince > limit.softMillis();
    }
}
