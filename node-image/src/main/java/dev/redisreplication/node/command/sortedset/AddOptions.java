package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/** {@code [NX | XX] [GT | LT] [CH] [INCR]} of ZADD; one object is filled again for each command. */
final class AddOptions {
    private static final CommandError NX_AND_XX =
            new CommandError("ERR XX and NX options at the same time are not compatible");
    private static final CommandError GT_LT_NX =
            new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
    private static final CommandError INCR_MANY =
            new CommandError("ERR INCR option supports a single increment-element pair");

    boolean onlyExisting;
    boolean countChanged;
    boolean increment;

    private boolean onlyNew;
    private boolean onlyGreater;
    private boolean onlyLess;

    /** Reads the options; returns the argument where the pairs of score and member begin. */
    int parse(Call call) {
        clear();
        int i = 2;
        while (i < call.argc() && isOption(call, i)) {
            i++;
        }
        int rest = call.argc() - i;
        if (rest == 0 || rest % 2 != 0) {
            throw CommandError.SYNTAX;
        }
        if (onlyNew && onlyExisting) {
            throw NX_AND_XX;
        }
        if (onlyGreater && onlyLess || onlyNew && (onlyGreater || onlyLess)) {
            throw GT_LT_NX;
        }
        if (increment && rest > 2) {
            throw INCR_MANY;
        }
        return i;
    }

    /** What ZINCRBY means. */
    void onlyIncrement() {
        clear();
        increment = true;
    }

    private void clear() {
        onlyExisting = false;
        countChanged = false;
        increment = false;
        onlyNew = false;
        onlyGreater = false;
        onlyLess = false;
    }

    private boolean isOption(Call call, int i) {
        if (call.length(i) != 2 && call.length(i) != 4) {
            return false;
        }
        if (call.is(i, "NX")) {
            onlyNew = true;
        } else if (call.is(i, "XX")) {
            onlyExisting = true;
        } else if (call.is(i, "GT")) {
            onlyGreater = true;
        } else if (call.is(i, "LT")) {
            onlyLess = true;
        } else if (call.is(i, "CH")) {
            countChanged = true;
        } else if (call.is(i, "INCR")) {
            increment = true;
        } else {
            return false;
        }
        return true;
    }

    /** Whether a member with the score {@code old} (NaN: there is none) may get the score {@code next}. */
    boolean allows(double old, double next) {
        if (Double.isNaN(old)) {
            return !onlyExisting;
        }
        return !(onlyNew || onlyGreater && next <= old || onlyLess && next >= old);
    }
}
