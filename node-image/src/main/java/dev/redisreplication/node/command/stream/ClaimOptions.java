package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/**
 * What follows the ids of XCLAIM.
 *
 * @param optionsAt the argument behind the last id
 * @param deliveredAt when what is claimed is said to have been delivered, in milliseconds since 1970
 * @param retries how often it is said to have been delivered; negative: as it was, or one more
 * @param lastId the group was given ids up to this one at least
 */
record ClaimOptions(int optionsAt, boolean force, boolean justId, long deliveredAt, long retries, StreamId lastId) {

    private static final CommandError BAD_IDLE = new CommandError("ERR Invalid IDLE option argument for XCLAIM");
    private static final CommandError BAD_TIME = new CommandError("ERR Invalid TIME option argument for XCLAIM");
    private static final CommandError BAD_RETRIES =
            new CommandError("ERR Invalid RETRYCOUNT option argument for XCLAIM");

    static ClaimOptions read(Call call, int firstId) {
        int optionsAt = firstId;
        while (optionsAt < call.argc() && isId(call, optionsAt)) {
            optionsAt++;
        }
        boolean force = false;
        boolean justId = false;
        long deliveredAt = call.now();
        long retries = -1;
        StreamId lastId = StreamId.MIN;
        for (int i = optionsAt; i < call.argc(); i++) {
            boolean more = i + 1 < call.argc();
            if (call.is(i, "FORCE")) {
                force = true;
            } else if (call.is(i, "JUSTID")) {
                justId = true;
            } else if (more && call.is(i, "IDLE")) {
                deliveredAt = call.now() - call.asLong(++i, BAD_IDLE);
            } else if (more && call.is(i, "TIME")) {
                deliveredAt = call.asLong(++i, BAD_TIME);
            } else if (more && call.is(i, "RETRYCOUNT")) {
                retries = call.asLong(++i, BAD_RETRIES);
            } else if (more && call.is(i, "LASTID")) {
                lastId = StreamId.strict(call, ++i, 0);
            } else {
                throw new CommandError("ERR Unrecognized XCLAIM option '" + call.shown(i) + "'");
            }
        }
        // A client's clock may be ahead: no error, it is now then.
        boolean possible = deliveredAt >= 0 && deliveredAt <= call.now();
        return new ClaimOptions(optionsAt, force, justId, possible ? deliveredAt : call.now(), retries, lastId);
    }

    private static boolean isId(Call call, int i) {
        try {
            StreamId.strict(call, i, 0);
            return true;
        } catch (CommandError e) {
            return false;
        }
    }

    /** How often something counts as delivered once it is claimed, where it was {@code before} times. */
    long deliveries(long before) {
        return retries >= 0 ? retries : justId ? before : before + 1;
    }
}
