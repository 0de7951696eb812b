package dev.redisreplication.node.sentinel;

/** The time, handed in. */
public interface Clock {
    /** Milliseconds that never go back; greater than 0. */
    long monotonic();

    /** Milliseconds since 1970. */
    long wall();
}
