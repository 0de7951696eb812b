package dev.redisreplication.node.command;

/** What a client waits in, as far as the client itself has to know of it: a {@link Suspension}. */
interface Waiting {
    /** Whether it ends by itself some time. */
    boolean hasTimeout();

    /** Bytes outside of the heap. */
    int memory();
}
