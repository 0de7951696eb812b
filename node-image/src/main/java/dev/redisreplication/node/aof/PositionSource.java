package dev.redisreplication.node.aof;

import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.Position;

/** Who knows where in the replication history the data in memory are. On the event loop. */
public interface PositionSource {
    /** The log of effects. */
    EffectLog log();

    /** Where the data are now; null while changes are not logged, as no position stands for the data then. */
    Position position();

    /** Whether no transaction is half done: only there may an increment or a dump begin. */
    boolean isAtBoundary();

    /** A file will hold the log from here on: data and position have to belong together. */
    void needLog();
}
