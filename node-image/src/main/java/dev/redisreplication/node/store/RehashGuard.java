package dev.redisreplication.node.store;

/** Asked before entries move to other buckets, so that a running snapshot can have them first. */
interface RehashGuard {
    /** All entries of this segment (the directory's word) are about to move. */
    void beforeRehash(long segment);

    /** What the new buckets are marked with. */
    int epoch();
}
