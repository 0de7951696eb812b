package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.store.Type;

/**
 * {@code [MATCH pattern] [COUNT n] [TYPE type]} of SCAN and its relatives.
 *
 * @param match null: everything
 * @param count about how many elements a step looks at
 * @param type the name of a type, or null; only SCAN takes it
 */
public record ScanOptions(Glob match, int count, String type) {

    private static final int DEFAULT_COUNT = 10;
    private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");

    /**
     * Argument {@code i} as a cursor: what C's {@code strtoul} reads, of 64 bits, a sign too. It reads up to the first NUL, and
     * nothing at all is 0.
     */
    public static long cursor(Call call, int i) {
        String text = call.shown(i);
        if (text.isEmpty()) {
            return 0;
        }
        boolean negative = text.charAt(0) == '-';
        try {
            long value = Long.parseUnsignedLong(negative ? text.substring(1) : text);
            return negative ? -value : value;
        } catch (NumberFormatException e) {
            throw INVALID_CURSOR;
        }
    }

    /** Reads the options from argument {@code from} on. */
    public static ScanOptions parse(Call call, int from, boolean withType) {
        Glob match = null;
        long count = DEFAULT_COUNT;
        String type = null;
        for (int i = from; i < call.argc(); i += 2) {
            boolean hasValue = i + 1 < call.argc();
            if (hasValue && call.is(i, "MATCH")) {
                match = new Glob(call.address(i + 1), call.length(i + 1));
            } else if (hasValue && call.is(i, "COUNT")) {
                count = call.asLong(i + 1);
                if (count < 1) {
                    throw CommandError.SYNTAX;
                }
            } else if (hasValue && withType && call.is(i, "TYPE")) {
                type = call.asString(i + 1);
            } else {
                throw CommandError.SYNTAX;
            }
        }
        boolean all = match == null || match.takesAll();
        return new ScanOptions(all ? null : match, (int) Math.min(count, Integer.MAX_VALUE), type);
    }

    /** Whether the pattern, if any, takes these bytes. */
    public boolean takes(long address, int length) {
        return match == null || match.matches(address, length);
    }

    /** Whether the type asked for, if any, is this one. */
    public boolean takes(Type actual) {
        return type == null || type.equalsIgnoreCase(actual.redisName());
    }
}
