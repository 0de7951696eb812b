package dev.redisreplication.node.command;

/** What clients subscribe to. Names of different spaces have nothing to do with each other. */
public enum Space {
    /** A channel by its name. */
    CHANNEL("subscribe", "unsubscribe", "message"),
    /** All channels that a glob-style pattern takes. */
    PATTERN("psubscribe", "punsubscribe", "pmessage"),
    /** A channel of its own kind, counted apart (Redis 7: one that stays within a shard of a cluster). */
    SHARD("ssubscribe", "sunsubscribe", "smessage");

    final String subscribe;
    final String unsubscribe;
    final String message;

    Space(String subscribe, String unsubscribe, String message) {
        this.subscribe = subscribe;
        this.unsubscribe = unsubscribe;
        this.message = message;
    }
}
