package dev.redisreplication.node.store;

/** Told about keys on the owner's thread, before the next command runs. Addresses are valid during the call only. */
public interface StoreListener {
    /**
     * A key was created, changed or removed, whether by a command or by expiry. Called only while
     * {@link Store#watching} is on.
     */
    default void changed(int db, long key, int length) {}

    /** A key is about to be deleted because its time is over: propagate a DEL or UNLINK. */
    default void expired(int db, long key, int length) {}

    /** A whole database is about to be emptied or swapped. Called only while {@link Store#watching} is on. */
    default void flushed(int db) {}
}
