package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.argument.Doubles;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Type;

/** What the commands that combine sorted sets have behind the number of keys: the keys and the options. */
final class CombineOptions {
    private static final CommandError BAD_WEIGHT = new CommandError("ERR weight value is not a float");
    private static final CommandError BAD_LIMIT = new CommandError("ERR LIMIT can't be negative");

    /** How two scores of one member become one. */
    enum Aggregate {
        SUM,
        MIN,
        MAX;

        double of(double a, double b) {
            return switch (this) {
                case SUM -> orZero(a + b);
                case MIN -> b < a ? b : a;
                case MAX -> b > a ? b : a;
            };
        }
    }

    /** Which options a command knows. */
    enum Form {
        /** WEIGHTS, AGGREGATE, WITHSCORES. */
        COMBINE,
        /** WITHSCORES. */
        DIFFERENCE,
        /** LIMIT. */
        COUNT
    }

    /** The entries of the keys, sets or sorted sets; 0 for one that is absent. */
    long[] sources;
    /** What the scores of each are multiplied by. */
    double[] weights;

    Aggregate aggregate = Aggregate.SUM;
    boolean withScores;
    /** The most members to count. */
    long limit = Long.MAX_VALUE;

    /** Infinity minus infinity, and infinity times zero, are 0 by convention. */
    static double orZero(double score) {
        return Double.isNaN(score) ? 0 : score;
    }

    /**
     * Reads them.
     *
     * @param count the argument that is the number of keys
     * @param stores whether the result is stored, not replied
     */
    static CombineOptions parse(Call call, int count, Form form, boolean stores) {
        CombineOptions options = new CombineOptions();
        long keys = call.asLong(count);
        if (keys < 1) {
            throw new CommandError(
                    "ERR at least 1 input key is needed for '" + call.row().name() + "' command");
        }
        if (keys > call.argc() - count - 1) {
            throw CommandError.SYNTAX;
        }
        options.find(call, count + 1, (int) keys);
        for (int i = count + 1 + (int) keys; i < call.argc(); ) {
            i += options.parseOne(call, i, form, stores);
        }
        return options;
    }

    private void find(Call call, int first, int keys) {
        call.takeHeap(16L * keys);
        sources = new long[keys];
        weights = new double[keys];
        for (int i = 0; i < keys; i++) {
            sources[i] = call.db().find(call.address(first + i), call.length(first + i));
            weights[i] = 1;
            if (sources[i] != 0 && Entry.type(sources[i]) != Type.ZSET && Entry.type(sources[i]) != Type.SET) {
                throw CommandError.WRONG_TYPE;
            }
        }
    }

    /** Reads the option at argument {@code i}; returns how many arguments it has. */
    private int parseOne(Call call, int i, Form form, boolean stores) {
        int left = call.argc() - i - 1;
        if (form == Form.COMBINE && left >= sources.length && call.is(i, "WEIGHTS")) {
            for (int k = 0; k < sources.length; k++) {
                weights[k] = Doubles.strict(call.address(i + 1 + k), call.length(i + 1 + k));
                if (Double.isNaN(weights[k])) {
                    throw BAD_WEIGHT;
                }
            }
            return sources.length + 1;
        }
        if (form == Form.COMBINE && left >= 1 && call.is(i, "AGGREGATE")) {
            aggregate = aggregate(call, i + 1);
            return 2;
        }
        if (form != Form.COUNT && !stores && call.is(i, "WITHSCORES")) {
            withScores = true;
            return 1;
        }
        if (form == Form.COUNT && left >= 1 && call.is(i, "LIMIT")) {
            long given = Numbers.atLeast(call, i + 1, 0, BAD_LIMIT);
            limit = given == 0 ? Long.MAX_VALUE : given;
            return 2;
        }
        throw CommandError.SYNTAX;
    }

    private static Aggregate aggregate(Call call, int i) {
        for (Aggregate aggregate : Aggregate.values()) {
            if (call.is(i, aggregate.name())) {
                return aggregate;
            }
        }
        throw CommandError.SYNTAX;
    }
}
