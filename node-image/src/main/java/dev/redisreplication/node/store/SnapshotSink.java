package dev.redisreplication.node.store;

/** Receives the entries of a {@link Snapshot}, on the owner's thread. */
@FunctionalInterface
public interface SnapshotSink {
    /**
     * One entry as it was when the snapshot began. Read it with {@link Entry} and the classes of the {@code type}
     * package within this call; do not write to the store here. Entries of different databases may alternate, because
     * an entry that is about to change is handed over early.
     */
    void entry(Keyspace keyspace, int db, long entry);
}
