package dev.redisreplication.node.store;

/** What reading a key does whose time to live is over. */
public enum ExpiryMode {
    /** Deletes it and tells the listener, which propagates a DEL: a master. */
    DELETE,
    /**
     * Deletes it where the look is part of a write, else shows it as absent: a replica that clients may write to. Keys that they
     * gave a time to live are ended here, as no master will do it.
     */
    DELETE_ON_WRITE,
    /** Shows it as absent and keeps it: a replica answering clients, or a master that may not write now. */
    HIDE,
    /** Shows it as still there: a replica that applies its master's stream, in which the DEL will come. */
    IGNORE
}
