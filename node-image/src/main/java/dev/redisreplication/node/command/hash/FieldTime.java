package dev.redisreplication.node.command.hash;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.argument.Expiry;

/** Times to live of fields as clients write them. */
final class FieldTime {
    /** The latest time that Redis takes, in ms since 1970. */
    private static final long LATEST = (1L << 46) - 1;

    private static final CommandError NEGATIVE = new CommandError("ERR invalid expire time, must be >= 0");

    private FieldTime() {}

    /** Argument {@code i} as a moment in ms since 1970. A time in the past is allowed, and means that the field goes. */
    static long parse(Call call, int i, Expiry.Form form) {
        if (call.asLong(i) < 0) {
            throw NEGATIVE;
        }
        long millis = Expiry.any(call, i, form);
        if (millis > LATEST) {
            throw Expiry.invalid(call);
        }
        return millis;
    }
}
