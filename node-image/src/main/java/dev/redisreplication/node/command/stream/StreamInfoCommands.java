package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Streams;

/** XINFO: figures about a stream, and about its consumer groups ({@link GroupInfo}). */
public final class StreamInfoCommands {
    private static final int FULL_ENTRIES = 10; // that FULL shows when it is not told how many

    private static final String[] HELP = {
        "XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CONSUMERS <key> <groupname>",
        "    Show consumers of <groupname>.",
        "GROUPS <key>",
        "    Show the stream consumer groups.",
        "STREAM <key> [FULL [COUNT <count>]",
        "    Show information about the stream."
    };

    private StreamInfoCommands() {}

    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder xinfo = t.row("xinfo", -2, t.help(HELP));
        t.sub(xinfo, "stream", -3, StreamInfoCommands::stream).is(READONLY).key(2, RO, ACCESS).in(STREAM);
        t.sub(xinfo, "groups", 3, StreamInfoCommands::groups).is(READONLY).key(2, RO, ACCESS).in(STREAM);
        t.sub(xinfo, "consumers", 4, StreamInfoCommands::consumers).is(READONLY).key(2, RO, ACCESS).in(STREAM);
        t.sub(xinfo, "help", 2, t.help(HELP)).is(LOADING, STALE).in(STREAM);
        // spotless:on
    }

    private static void stream(Call call) {
        long stream = find(call);
        boolean full = call.argc() > 3;
        long count = FULL_ENTRIES;
        if (full && !((call.argc() == 4 || call.argc() == 6 && call.is(4, "COUNT")) && call.is(3, "FULL"))) {
            throw new CommandError(
                    "ERR unknown subcommand or wrong number of arguments for '" + call.shown(1) + "'. Try XINFO HELP.");
        }
        if (call.argc() == 6) {
            long given = call.asLong(5);
            count = given < 0 ? FULL_ENTRIES : given == 0 ? -1 : given;
        }
        call.reply().map(full ? 9 : 10);
        figures(call, stream);
        if (full) {
            full(call, stream, count);
        } else {
            brief(call, stream);
        }
    }

    private static void figures(Call call, long stream) {
        StreamIds ids = new StreamIds();
        ids.visit(call.db(), stream, StreamId.MIN, StreamId.MAX, false, 1);
        RadixShape shape = new RadixShape();
        Streams.blockIds(stream, shape::add);
        ReplyWriter reply = call.reply();
        reply.bulk("length");
        reply.integer(Streams.length(stream));
        reply.bulk("radix-tree-keys");
        reply.integer(shape.keys());
        reply.bulk("radix-tree-nodes");
        reply.integer(shape.nodes());
        reply.bulk("last-generated-id");
        reply.bulk(StreamCommands.last(stream).toString());
        reply.bulk("max-deleted-entry-id");
        reply.bulk(StreamCommands.maxDeleted(stream).toString());
        reply.bulk("entries-added");
        reply.integer(Streams.entriesAdded(stream));
        reply.bulk("recorded-first-entry-id");
        reply.bulk((ids.last() == null ? StreamId.MIN : ids.last()).toString());
    }

    private static void brief(Call call, long stream) {
        call.reply().bulk("groups");
        call.reply().integer(Groups.count(stream));
        call.reply().bulk("first-entry");
        replyOne(call, stream, false);
        call.reply().bulk("last-entry");
        replyOne(call, stream, true);
    }

    private static void full(Call call, long stream, long count) {
        call.reply().bulk("entries");
        StreamReadCommands.reply(call, stream, StreamId.MIN, StreamId.MAX, false, count);
        call.reply().bulk("groups");
        new GroupInfo(call, stream).full(count);
    }

    private static void replyOne(Call call, long stream, boolean last) {
        if (Streams.length(stream) == 0) {
            call.reply().nil();
        } else {
            Streams.range(call.db(), stream, 0, 0, -1, -1, last, 1, new StreamReadCommands.EntryWriter(call.reply()));
        }
    }

    private static void groups(Call call) {
        new GroupInfo(call, find(call)).groups();
    }

    private static void consumers(Call call) {
        long stream = find(call);
        long group = Groups.find(stream, call.address(3), call.length(3));
        if (group == 0) {
            throw new CommandError(
                    "NOGROUP No such consumer group '" + call.shown(3) + "' for key name '" + call.shown(2) + "'");
        }
        new GroupInfo(call, stream).consumers(group);
    }

    /** The stream at argument 2. @throws CommandError if there is none */
    private static long find(Call call) {
        long stream = Streams.find(call.db(), call.address(2), call.length(2));
        if (stream == 0) {
            throw CommandError.NO_SUCH_KEY;
        }
        return stream;
    }
}
