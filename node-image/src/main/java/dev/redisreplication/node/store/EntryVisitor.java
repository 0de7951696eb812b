package dev.redisreplication.node.store;

/** Receives entries by address; it must not write to the store. */
@FunctionalInterface
public interface EntryVisitor {
    void entry(long entry);
}
