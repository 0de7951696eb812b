package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.argument.Doubles;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.SortedSets;

/**
 * The members that a range by rank, score or name means, as ranks from {@code from} to {@code to} (excluded).
 */
record RankRange(long from, long to) {

    private static final CommandError NOT_FLOAT = new CommandError("ERR min or max is not a float");
    private static final CommandError NOT_NAME = new CommandError("ERR min or max not valid string range item");
    private static final RankRange EMPTY = new RankRange(0, 0);

    /** What the two numbers of a range mean. */
    enum By {
        RANK,
        SCORE,
        LEX
    }

    /**
     * Throws what is wrong with the bounds; Redis says so even when there is no such key.
     *
     * @param min the argument with the lower bound
     * @param max the argument with the upper bound
     */
    static void check(Call call, By by, int min, int max) {
        for (int i : new int[] {min, max}) {
            switch (by) {
                case RANK -> call.asLong(i);
                case SCORE -> score(call, i);
                case LEX -> checkName(call, i);
            }
        }
    }

    /** The range of an existing sorted set; for ranks counted from the end see {@code reverse}. */
    static RankRange of(Call call, long zset, By by, int min, int max, boolean reverse) {
        Keyspace db = call.db();
        return switch (by) {
            case RANK -> ranks(call.asLong(min), call.asLong(max), SortedSets.size(zset), reverse);
            case SCORE ->
                nonEmpty(
                        SortedSets.countBelow(db, zset, score(call, min), isExclusive(call, min)),
                        SortedSets.countBelow(db, zset, score(call, max), !isExclusive(call, max)));
            case LEX ->
                nonEmpty(
                        countBelowName(call, zset, min, isExclusive(call, min)),
                        countBelowName(call, zset, max, !isExclusive(call, max)));
        };
    }

    /** The members that LIMIT leaves, counted in the direction of the reply; a negative count leaves all. */
    RankRange limited(long offset, long count, boolean reverse) {
        if (offset < 0 || offset >= size()) {
            return EMPTY;
        }
        long left = size() - offset;
        long taken = count < 0 ? left : Math.min(count, left);
        return reverse
                ? new RankRange(to - offset - taken, to - offset)
                : new RankRange(from + offset, from + offset + taken);
    }

    long size() {
        return to - from;
    }

    private static RankRange nonEmpty(long from, long to) {
        return from < to ? new RankRange(from, to) : EMPTY;
    }

    private static RankRange ranks(long first, long last, long size, boolean reverse) {
        long from = Math.max(first < 0 ? first + size : first, 0);
        long to = Math.min(last < 0 ? last + size : last, size - 1) + 1;
        return reverse ? nonEmpty(size - to, size - from) : nonEmpty(from, to);
    }

    private static double score(Call call, int i) {
        int skip = isExclusive(call, i) ? 1 : 0;
        double score = Doubles.tolerant(call.address(i) + skip, call.length(i) - skip);
        if (Double.isNaN(score)) {
            throw NOT_FLOAT;
        }
        return score;
    }

    private static boolean isExclusive(Call call, int i) {
        return call.length(i) > 0 && Memory.getByte(call.address(i)) == '(';
    }

    private static void checkName(Call call, int i) {
        int first = call.length(i) == 0 ? 0 : Memory.getByte(call.address(i));
        boolean end =
                (first == '-' || first == '+') && (call.length(i) == 1 || Memory.getByte(call.address(i) + 1) == 0);
        if (!end && first != '(' && first != '[') {
            throw NOT_NAME;
        }
    }

    /** How many members sort before the name in argument {@code i}: {@code [name}, {@code (name}, {@code -} or {@code +}. */
    private static long countBelowName(Call call, long zset, int i, boolean inclusive) {
        return switch (Memory.getByte(call.address(i))) {
            case '-' -> 0;
            case '+' -> SortedSets.size(zset);
            default -> SortedSets.countBelowMember(call.db(), zset, call.address(i) + 1, call.length(i) - 1, inclusive);
        };
    }
}
