package dev.redisreplication.node.aof;

import dev.redisreplication.node.replication.EffectLog;

/** Who knows where in the replication history the data in memory are. On the event loop. */
public interface PositionSource {
    /** The log of effects. */
    EffectLog log();

    /** Where the data are now. */
    Position position();
}
