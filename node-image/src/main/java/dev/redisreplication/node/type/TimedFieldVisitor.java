package dev.redisreplication.node.type;

/**
 * Receives fields with their values and their times to live (ms since 1970, or {@link
 * dev.redisreplication.node.store.Entry#NO_EXPIRY}). The bytes are valid during the call only; it may write to other keys, not to
 * this value.
 */
@FunctionalInterface
public interface TimedFieldVisitor {
    void field(long field, int fieldLength, long value, int valueLength, long expiresAt);
}
