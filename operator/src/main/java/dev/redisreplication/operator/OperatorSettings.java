package dev.redisreplication.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The operator's own configuration; each key also as an environment variable, such as REDIS_REPLICATION_NODE_IMAGE. */
@ConfigMapping(prefix = "redis-replication")
public interface OperatorSettings {

    /** Image of the nodes of groups whose spec names none. */
    @WithDefault("redis-replication/node:0.1.0")
    String nodeImage();

    /** Whether several processes agree on one that acts. */
    @WithDefault("true")
    boolean leaderElection();

    /** How long a process that leads and gives no sign of life stays the leader; whole seconds. */
    @WithDefault("4s")
    Duration leaderLease();

    /** Port on which nodes are reached. */
    @WithDefault("6379")
    int nodePort();
}
