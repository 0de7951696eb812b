package dev.redisreplication.node.store;

/** Told about keys on the owner's thread, before the next command runs. Addresses are valid during the call only. */
public interface StoreListener {
    /**
     * A key was created, changed or removed by a command, or is just about to be. Nobody is told when a key goes whose
     * time was over: to a reader it was gone before.
     */
    default void changed(int db, long key, int length) {}

    /** A key is about to be deleted because its time is over: propagate a DEL or UNLINK. */
    default void expired(int db, long key, int length) {}
}
