package dev.redisreplication.node.type;

/**
 * Receives members of a sorted set with their scores. The bytes are valid during the call only; it may
 * write to other keys.
 */
@FunctionalInterface
public interface ScoreVisitor {
    void member(long member, int length, double score);
}
