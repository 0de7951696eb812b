package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.BLOCKING;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.KeySpec;
import dev.redisreplication.node.command.argument.Timeouts;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;

/** Streams read: XLEN, XRANGE, XREAD; XINFO has {@link StreamInfoCommands}. */
public final class StreamReadCommands {
    private static final CommandError ONLY_GROUPS = new CommandError("ERR The > ID can be specified only when calling"
            + " XREADGROUP using the GROUP <group> <consumer> option.");
    private static final CommandError UNBALANCED = new CommandError(
            "ERR Unbalanced XREAD list of streams: for each" + " stream key an ID or '$' must be specified.");

    private static final long NEVER = -1; // without BLOCK

    private static final String OF_GROUPS = " is only supported by XREADGROUP. You called XREAD instead.";

    private StreamReadCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("xlen", 2, StreamReadCommands::xlen).is(READONLY, FAST).key(1, RO).in(STREAM);
        t.row("xrange", -4, StreamReadCommands::xrange).is(READONLY).key(1, RO, ACCESS).in(STREAM);
        t.row("xrevrange", -4, StreamReadCommands::xrevrange).is(READONLY).key(1, RO, ACCESS).in(STREAM);
        t.row("xread", -4, StreamReadCommands::xread)
                .is(READONLY, BLOCKING).keysBehind("STREAMS", 1, new KeySpec.Range(-1, 1, 2), RO, ACCESS).in(STREAM);
        // spotless:on
    }

    static void xlen(Call call) {
        long stream = find(call, 1);
        call.reply().integer(stream == 0 ? 0 : Streams.length(stream));
    }

    static void xrange(Call call) {
        StreamId from = StreamId.rangeStart(call, 2);
        range(call, from, StreamId.rangeEnd(call, 3), false);
    }

    static void xrevrange(Call call) {
        StreamId from = StreamId.rangeStart(call, 3);
        range(call, from, StreamId.rangeEnd(call, 2), true);
    }

    private static void range(Call call, StreamId from, StreamId to, boolean reverse) {
        long count = -1;
        for (int i = 4; i < call.argc(); i += 2) {
            if (!call.is(i, "COUNT") || i + 1 == call.argc()) {
                throw CommandError.SYNTAX;
            }
            count = Math.max(0, call.asLong(i + 1));
        }
        long stream = find(call, 1);
        if (stream == 0) {
            call.reply().array(0);
        } else if (count == 0) {
            call.reply().nilArray();
        } else {
            reply(call, stream, from, to, reverse, count);
        }
    }

    /** Replies with the entries between two ids: counted first, as the reply's header says how many. */
    static void reply(Call call, long stream, StreamId from, StreamId to, boolean reverse, long count) {
        StreamIds ids = new StreamIds();
        ids.visit(call.db(), stream, from, to, reverse, count);
        call.reply().array((int) ids.count());
        Streams.range(
                call.db(),
                stream,
                from.milliseconds(),
                from.sequence(),
                to.milliseconds(),
                to.sequence(),
                reverse,
                count,
                new EntryWriter(call.reply()));
    }

    /** Replies with the entry of an id; false, and no reply, if there is none. */
    static boolean replyEntry(Call call, long stream, StreamId id) {
        return Streams.range(
                        call.db(),
                        stream,
                        id.milliseconds(),
                        id.sequence(),
                        id.milliseconds(),
                        id.sequence(),
                        false,
                        1,
                        new EntryWriter(call.reply()))
                > 0;
    }

    /** Writes entries as {@code [id, [field, value, ...]]}. */
    record EntryWriter(ReplyWriter reply) implements StreamVisitor {
        @Override
        public void entry(long milliseconds, long sequence, int pairs) {
            reply.array(2);
            reply.bulk(new StreamId(milliseconds, sequence).toString());
            reply.array(2 * pairs);
        }

        @Override
        public void field(long field, int fieldLength, long value, int valueLength) {
            reply.bulk(field, fieldLength);
            reply.bulk(value, valueLength);
        }
    }

    static void xread(Call call) {
        long count = -1;
        long timeout = NEVER;
        int first = 1;
        while (first < call.argc() && !call.is(first, "STREAMS")) {
            if (call.is(first, "BLOCK") && first + 1 < call.argc()) {
                call.refuseBlockInScript();
                timeout = Timeouts.millis(call, first + 1);
            } else if (call.is(first, "COUNT") && first + 1 < call.argc()) {
                long given = call.asLong(first + 1);
                count = given > 0 ? given : -1;
            } else {
                throw refused(call, first);
            }
            first += 2;
        }
        first++;
        if (first >= call.argc()) {
            throw CommandError.SYNTAX;
        }
        if ((call.argc() - first) % 2 != 0) {
            throw UNBALANCED;
        }
        StreamId[] after = new StreamId[(call.argc() - first) / 2];
        int ready = 0;
        for (int i = 0; i < after.length; i++) {
            if (!call.looksAt(first + i)) {
                continue;
            }
            long stream = find(call, first + i);
            after[i] = behind(call, stream, first + after.length + i);
            ready += hasNewer(call, stream, after[i]) ? 1 : 0;
        }
        if (ready > 0) {
            replyNewer(call, first, after, ready, count);
            return;
        }
        for (int i = 0; i < after.length && !call.isResumed(); i++) {
            find(call, first + i); // once more, as Redis counts it
        }
        if (timeout == NEVER || !call.mayBlock()) {
            call.reply().nilArray();
            return;
        }
        for (int i = 0; i < after.length && !call.isResumed(); i++) {
            int id = first + after.length + i;
            if (call.is(id, "$")) {
                call.fix(id, after[i].toString()); // what comes from now on, whatever is the last by then
            }
        }
        call.awaitKeys(first, first + after.length - 1, Type.STREAM, timeout);
    }

    private static CommandError refused(Call call, int i) {
        if (call.is(i, "GROUP") && i + 2 < call.argc()) {
            return new CommandError("ERR The GROUP option" + OF_GROUPS);
        }
        return call.is(i, "NOACK") ? new CommandError("ERR The NOACK option" + OF_GROUPS) : CommandError.SYNTAX;
    }

    /** Argument {@code i} as the id behind which XREAD begins. */
    private static StreamId behind(Call call, long stream, int i) {
        return switch (StreamId.text(call, i)) {
            case "$" -> stream == 0 ? StreamId.MIN : StreamCommands.last(stream);
            case ">" -> throw ONLY_GROUPS;
            default -> StreamId.strict(call, i, 0);
        };
    }

    private static boolean hasNewer(Call call, long stream, StreamId id) {
        if (stream == 0 || id == null || StreamCommands.last(stream).compareTo(id) <= 0) {
            return false;
        }
        if (call.isResumed()) {
            return true; // as in Redis even if what came has been deleted meanwhile
        }
        StreamIds newer = new StreamIds(); // the last ids given may be of entries that were deleted
        newer.visit(call.db(), stream, id.next(), StreamId.MAX, false, 1);
        return newer.count() > 0;
    }

    private static void replyNewer(Call call, int first, StreamId[] after, int ready, long count) {
        boolean map = call.reply().resp3();
        if (map) {
            call.reply().map(ready);
        } else {
            call.reply().array(ready);
        }
        for (int i = 0; i < after.length; i++) {
            long stream = call.looksAt(first + i) ? find(call, first + i) : 0;
            if (hasNewer(call, stream, after[i])) {
                if (!map) {
                    call.reply().array(2);
                }
                call.reply().bulk(call.address(first + i), call.length(first + i));
                reply(call, stream, after[i].next(), StreamId.MAX, false, count);
            }
        }
    }

    private static long find(Call call, int key) {
        return Streams.find(call.db(), call.address(key), call.length(key));
    }
}
