package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.sortedset.RankRange.By;

/**
 * {@code [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]}, of which the older commands take only a part.
 *
 * @param min the argument with the lower bound: the second one when reading downwards by score or name
 * @param max the argument with the upper bound
 */
record RangeOptions(By by, boolean reverse, int min, int max, long offset, long count, boolean withScores) {

    private static final CommandError LIMIT_BY_RANK =
            new CommandError("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
    private static final CommandError SCORES_BY_LEX =
            new CommandError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");

    /**
     * Reads the options behind the two bounds, and checks the bounds.
     *
     * @param first the argument with the first bound
     * @param fixedBy what the bounds are by the command's name; null: the options say it
     * @param fixedReverse the direction by the command's name; null: the options say it
     * @param mayHaveScores whether WITHSCORES is allowed
     */
    static RangeOptions parse(Call call, int first, By fixedBy, Boolean fixedReverse, boolean mayHaveScores) {
        By by = fixedBy;
        Boolean reverse = fixedReverse;
        long offset = 0;
        long count = -1;
        boolean withScores = false;
        for (int i = first + 2; i < call.argc(); i++) {
            if (mayHaveScores && call.is(i, "WITHSCORES")) {
                withScores = true;
            } else if (call.is(i, "LIMIT") && i + 2 < call.argc()) {
                offset = call.asLong(i + 1);
                count = call.asLong(i + 2);
                i += 2;
            } else if (reverse == null && call.is(i, "REV")) {
                reverse = true;
            } else if (by == null && call.is(i, "BYLEX")) {
                by = By.LEX;
            } else if (by == null && call.is(i, "BYSCORE")) {
                by = By.SCORE;
            } else {
                throw CommandError.SYNTAX;
            }
        }
        by = by == null ? By.RANK : by;
        if (count != -1 && by == By.RANK) {
            throw LIMIT_BY_RANK;
        }
        if (withScores && by == By.LEX) {
            throw SCORES_BY_LEX;
        }
        boolean down = reverse != null && reverse;
        boolean swapped = down && by != By.RANK;
        int min = swapped ? first + 1 : first;
        int max = swapped ? first : first + 1;
        RankRange.check(call, by, min, max);
        return new RangeOptions(by, down, min, max, offset, count, withScores);
    }

    /** What is meant in this sorted set. */
    RankRange of(Call call, long zset) {
        RankRange all = RankRange.of(call, zset, by, min, max, reverse);
        return by == By.RANK ? all : all.limited(offset, count, reverse);
    }
}
