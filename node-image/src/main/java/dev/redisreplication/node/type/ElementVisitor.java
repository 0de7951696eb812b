package dev.redisreplication.node.type;

/** Receives elements one by one. The bytes are valid during the call only; it must not write to the store's database. */
@FunctionalInterface
public interface ElementVisitor {
    void element(long address, int length);
}
