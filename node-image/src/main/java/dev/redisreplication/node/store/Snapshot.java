package dev.redisreplication.node.store;

/**
 * All entries of a store as they were at one moment, emitted bit by bit on the owner's thread while commands go on
 * between the steps. An entry that is about to change, to expire or to go is emitted just before.
 */
public final class Snapshot {
    Snapshot() {}

    /**
     * Emits entries for about this long (a single entry is never interrupted).
     *
     * @return true when all have been emitted
     */
    public boolean step(long budgetNanos) {
        throw new UnsupportedOperationException();
    }

    /** Whether all have been emitted. */
    public boolean done() {
        throw new UnsupportedOperationException();
    }

    /** Ends it early; the sink is not called again. */
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    /** How many entries a database had when the snapshot began. */
    public long size(int db) {
        throw new UnsupportedOperationException();
    }

    /** How many of them had a time to live. */
    public long volatileSize(int db) {
        throw new UnsupportedOperationException();
    }

    /** How many entries have been emitted so far. */
    public long emitted() {
        throw new UnsupportedOperationException();
    }
}
