package dev.redisreplication.node.command.hash;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.resp.ReplyWriter;

/**
 * {@code FIELDS numfields field ...}, the end of a command on fields with times to live.
 *
 * @param first the argument that is the first field
 * @param count how many there are, all to the end
 */
record FieldList(int first, int count) {
    static final CommandError NO_COUNT = new CommandError("ERR Number of fields must be a positive integer");
    private static final CommandError MISSING =
            new CommandError("ERR Mandatory argument FIELDS is missing or not at the right position");
    private static final CommandError OTHER_COUNT =
            new CommandError("ERR The `numfields` parameter must match the number of arguments");

    /**
     * The list whose word FIELDS is argument {@code at}.
     *
     * @param noCount what is answered if the number is none, or not positive
     */
    static FieldList parse(Call call, int at, CommandError noCount) {
        if (!call.is(at, "FIELDS")) {
            throw MISSING;
        }
        long count = call.asLong(at + 1, noCount);
        if (count < 1) {
            throw noCount;
        }
        if (count != call.argc() - at - 2) {
            throw OTHER_COUNT;
        }
        return new FieldList(at + 2, (int) count);
    }

    /** The argument behind the last field. */
    int end() {
        return first + count;
    }

    /** The same answer for all of them: there is no hash. */
    void replyAll(ReplyWriter reply, long answer) {
        reply.array(count);
        for (int i = 0; i < count; i++) {
            reply.integer(answer);
        }
    }
}
