package dev.redisreplication.node.net;

/** A task that will run, or runs every so often, on the event loop. */
public interface Timer {
    /** Stops it; it will not run again. On the event loop only. */
    void cancel();
}
