package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;

/**
 * Sorted sets, ordered by (score, member). Ranges of scores and of members are first turned into ranges of ranks, which
 * costs a descent each; then {@link #range} visits them or {@link #removeRange} takes them away. A sorted set that gets
 * empty is removed with its key; the entry must not be used again then.
 */
public final class SortedSets {
    private SortedSets() {}

    /** The sorted set at a key for reading, or 0. @throws TypeError WRONG_TYPE */
    public static long find(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The sorted set at a key for writing, or 0. @throws TypeError WRONG_TYPE */
    public static long findForWrite(Keyspace db, long key, int keyLength) {
        throw new UnsupportedOperationException();
    }

    /** The sorted set at a key for writing; a new one is made when absent (add before anything else). @throws TypeError */
    public static long create(Keyspace db, long key, int keyLength, long expiresAt) {
        throw new UnsupportedOperationException();
    }

    public static long size(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Sets a member's score (not NaN); whether the member was new. */
    public static boolean add(Keyspace db, long entry, long member, int length, double score) {
        throw new UnsupportedOperationException();
    }

    /** The member's score, or NaN when it is not there. */
    public static double score(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    /** Adds to a member's score (0 when new); returns the new one. @throws TypeError SCORE_NAN */
    public static double increment(Keyspace db, long entry, long member, int length, double by) {
        throw new UnsupportedOperationException();
    }

    /** Whether the member was there; the key goes with the last one. */
    public static boolean remove(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    /** The member's rank from the lowest score (0), or -1. */
    public static long rank(Keyspace db, long entry, long member, int length) {
        throw new UnsupportedOperationException();
    }

    /**
     * How many members have a score below {@code score} (or, if {@code inclusive}, not above it): the rank at which a
     * range of scores begins or ends.
     */
    public static long countBelow(Keyspace db, long entry, double score, boolean inclusive) {
        throw new UnsupportedOperationException();
    }

    /** How many members sort before these bytes (or, if {@code inclusive}, not after them); for sets of one score. */
    public static long countBelowMember(Keyspace db, long entry, long member, int length, boolean inclusive) {
        throw new UnsupportedOperationException();
    }

    /**
     * Visits the members of the ranks {@code from} (included) to {@code to} (excluded), 0 ≤ from ≤ to ≤ size, upwards, or
     * downwards from {@code to - 1} if {@code reverse}.
     */
    public static void range(Keyspace db, long entry, long from, long to, boolean reverse, ScoreVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Removes the members of the ranks {@code from} to {@code to} (excluded); the key goes with the last member. */
    public static void removeRange(Keyspace db, long entry, long from, long to) {
        throw new UnsupportedOperationException();
    }

    /** Removes the member of lowest (or highest) score (a copy in {@code out}) and returns its score. */
    public static double pop(Keyspace db, long entry, boolean highest, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code out} at the member of a rank and returns its score. */
    public static double at(Keyspace db, long entry, long rank, Slice out) {
        throw new UnsupportedOperationException();
    }

    /** One step of ZSCAN, with the guarantees of {@link Keyspace#scan}. A small one is visited at once. */
    public static long scan(Keyspace db, long entry, long cursor, int count, ScoreVisitor visitor) {
        throw new UnsupportedOperationException();
    }
}
