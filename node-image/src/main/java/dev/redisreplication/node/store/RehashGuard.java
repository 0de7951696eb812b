package dev.redisreplication.node.store;

/** Asked before entries move to other buckets, so that a running snapshot can have them first. */
interface RehashGuard {
    /** All entries of this segment (the directory's word) are about to move. */
    void beforeRehash(long segment);

    /** Brings the access bytes of a segment up to date, as two that join must be; returns the directory's word. */
    long renew(long segment, long hash);

    /** What the new buckets are marked with. */
    int epoch();
}
