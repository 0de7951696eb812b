package dev.redisreplication.node.store;

/** Told about keys on the owner's thread, before the next command runs. Addresses are valid during the call only. */
public interface StoreListener {
    /** A key was added that was not there before. */
    default void created(int db, long key, int length) {}

    /** A key was to be read that is not there. */
    default void missed(int db, long key, int length) {}

    /** A key is about to be deleted because its time is over: propagate a DEL or UNLINK. */
    default void expired(int db, long key, int length) {}

    /** A field of a hash is about to be deleted because its time is over: propagate a HDEL. */
    default void fieldExpired(int db, long key, int length, long field, int fieldLength) {}

    /** Fields of a hash were deleted because their time was over; {@code gone}: all were, and the key goes with them. */
    default void fieldsExpired(int db, long key, int length, boolean gone) {}

    /** A key is about to be deleted because memory is short: propagate a DEL. */
    default void evicted(int db, long key, int length) {}
}
