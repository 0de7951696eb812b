package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;

/** What is pending is given to another consumer: XCLAIM, XAUTOCLAIM. */
final class ClaimCommands {
    private static final int KEY = 1;
    private static final int GROUP = 2;
    private static final int IDLE = 4;
    private static final int FIRST_ID = 5;
    private static final int START = 5;

    private static final long DEFAULT_COUNT = 100;
    private static final int LOOKED_AT_PER_CLAIM = 10;
    private static final long MOST = Long.MAX_VALUE / 16;

    private static final CommandError BAD_IDLE = new CommandError("ERR Invalid min-idle-time argument for XCLAIM");
    private static final CommandError BAD_AUTO_IDLE =
            new CommandError("ERR Invalid min-idle-time argument for XAUTOCLAIM");
    private static final CommandError COUNT_RANGE = new CommandError("ERR COUNT must be > 0");

    private ClaimCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("xclaim", -6, ClaimCommands::xclaim).is(WRITE, FAST).key(1, RW, UPDATE).in(STREAM);
        t.row("xautoclaim", -6, ClaimCommands::xautoclaim).is(WRITE, FAST).key(1, RW, DELETE).in(STREAM);
        // spotless:on
    }

    static void xclaim(Call call) {
        PendingCommands.group(call);
        long minIdle = call.asLong(IDLE, BAD_IDLE);
        ClaimOptions options = ClaimOptions.read(call, FIRST_ID);
        Claim claim = new Claim(call, minIdle, options.justId(), options.optionsAt() - FIRST_ID);
        boolean moved = options.lastId().compareTo(GroupEffects.last(claim.group())) > 0;
        if (moved) {
            StreamId last = options.lastId();
            Groups.reached(claim.group(), last.milliseconds(), last.sequence(), Groups.entriesRead(claim.group()));
        }
        for (int i = FIRST_ID; i < options.optionsAt(); i++) {
            StreamId id = StreamId.strict(call, i, 0);
            long record = Pending.find(call.db(), claim.group(), id.milliseconds(), id.sequence());
            if (!claim.exists(id)) {
                if (record != 0) {
                    claim.dropDeleted(record);
                }
            } else if (record == 0 && options.force()) {
                claim.give(id, options.deliveredAt(), options.deliveries(1));
            } else if (record != 0 && claim.idleEnough(record)) {
                claim.give(id, options.deliveredAt(), options.deliveries(Pending.deliveries(record)));
            }
        }
        if (moved && call.changes() == 0) { // else what was given has told it
            GroupEffects.reached(call, KEY, GROUP, claim.group());
        }
        claim.replyClaimed();
    }

    static void xautoclaim(Call call) {
        call.db().find(call.address(KEY), call.length(KEY)); // a read, as Redis counts it, whatever the arguments are
        long minIdle = call.asLong(IDLE, BAD_AUTO_IDLE);
        StreamId start = StreamId.rangeStart(call, START);
        long count = DEFAULT_COUNT;
        boolean justId = false;
        for (int i = START + 1; i < call.argc(); i++) {
            if (call.is(i, "COUNT") && i + 1 < call.argc()) {
                count = call.asLong(++i, COUNT_RANGE);
                if (count < 1 || count > MOST) {
                    throw COUNT_RANGE;
                }
            } else if (call.is(i, "JUSTID")) {
                justId = true;
            } else {
                throw CommandError.SYNTAX;
            }
        }
        long group = PendingCommands.group(call, Claim.streamForWrite(call));
        Claim claim = new Claim(call, minIdle, justId, Math.min(count, Pending.count(group)));
        StreamId next = claim.sweep(start, count, LOOKED_AT_PER_CLAIM * count);
        call.reply().array(3);
        call.reply().bulk(next.toString());
        claim.replyClaimed();
        claim.replyDeleted();
    }
}
