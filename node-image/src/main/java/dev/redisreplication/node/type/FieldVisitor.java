package dev.redisreplication.node.type;

/**
 * Receives pairs of a field and its value. The bytes are valid during the call only; it may write to other keys,
 * not to this value.
 */
@FunctionalInterface
public interface FieldVisitor {
    void field(long field, int fieldLength, long value, int valueLength);
}
