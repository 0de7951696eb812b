package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/** Whole numbers within bounds. */
public final class Numbers {
    private static final CommandError NOT_POSITIVE = new CommandError("ERR value is out of range, must be positive");
    private static final CommandError NO_KEYS = new CommandError("ERR numkeys should be greater than 0");

    private static final long MAX_REPLY = 100_000_000;

    private Numbers() {}

    /** Argument {@code i}, from {@code min} to {@code max}. */
    public static long between(Call call, int i, long min, long max) {
        long value = call.asLong(i);
        if (value < min || value > max) {
            throw new CommandError("ERR value is out of range, value must between " + min + " and " + max);
        }
        return value;
    }

    /** Argument {@code i}, not below {@code min}; whatever is wrong with it, {@code otherwise} is thrown. */
    public static long atLeast(Call call, int i, long min, CommandError otherwise) {
        long value = call.asLong(i, otherwise);
        if (value < min) {
            throw otherwise;
        }
        return value;
    }

    /** Argument {@code i}, zero or more: how many elements to take. */
    public static long count(Call call, int i) {
        return atLeast(call, i, 0, NOT_POSITIVE);
    }

    /**
     * How many elements a reply with repetitions has, which the client chose freely.
     *
     * @throws CommandError when no reply could hold so many
     */
    public static int replySize(long wanted) {
        if (wanted > MAX_REPLY) {
            throw new CommandError("ERR value is out of range, value must between " + -MAX_REPLY + " and " + MAX_REPLY);
        }
        return (int) wanted;
    }

    /** Argument {@code i} as the number of keys that follow it; where fewer follow, {@code tooMany} is thrown. */
    public static int keys(Call call, int i, CommandError tooMany) {
        long keys = atLeast(call, i, 1, NO_KEYS);
        if (keys > call.argc() - i - 1) {
            throw tooMany;
        }
        return (int) keys;
    }
}
