package dev.redisreplication.node.config;

/** The directive {@code appendfsync}: when the append-only file is forced to the disk. */
public enum Fsync {
    /** Once a second. */
    EVERYSEC,
    /** Before a write is acknowledged. */
    ALWAYS,
    /** When the system likes to. */
    NO
}
