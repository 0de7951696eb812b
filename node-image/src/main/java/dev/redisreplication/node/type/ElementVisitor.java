package dev.redisreplication.node.type;

/**
 * Receives elements one by one. The bytes are valid during the call only; it may write
 * to other keys, not to this value.
 */
@FunctionalInterface
public interface ElementVisitor {
    void element(long address, int length);
}
