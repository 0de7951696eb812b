package dev.redisreplication.node.type;

/**
 * Receives the entries of a stream. The bytes are valid during the call only; it may write to other keys,
 * not to this value.
 */
public interface StreamVisitor {
    /** A new entry begins; {@code pairs} calls of {@link #field} follow. */
    void entry(long milliseconds, long sequence, int pairs);

    /** One field with its value. */
    void field(long field, int fieldLength, long value, int valueLength);
}
