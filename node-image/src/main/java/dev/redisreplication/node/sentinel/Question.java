package dev.redisreplication.node.sentinel;

/**
 * What a command was sent for; its reply comes back with it.
 *
 * @param about whom it is about
 */
public record Question(Master master, Instance about, Kind kind) {
    /** What is done with the reply. */
    public enum Kind {
        /** Nothing. */
        NONE,
        PING,
        HELLO,
        INFO,
        IS_MASTER_DOWN,
        /** A transaction that gives a replica another role. */
        ROLE
    }
}
