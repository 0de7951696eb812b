package dev.redisreplication.node.server;

/** What ends when a signal asks for it. From any thread. */
interface Signalled {
    /** Whether a signal has asked for it, and it was neither aborted nor failed since. */
    boolean isSignalled();

    /** A signal that ends the process has come. */
    void signal(String name);
}
