package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.Streams;

/** XGROUP: consumer groups and their consumers come and go. */
public final class GroupCommands {
    private static final int KEY = 2;
    private static final int GROUP = 3;
    private static final int ID = 4;
    private static final int CONSUMER = 4;
    private static final int OPTIONS = 5;

    private static final CommandError NO_KEY = new CommandError("ERR The XGROUP subcommand requires the key to exist."
            + " Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.");
    private static final CommandError BUSY = new CommandError("BUSYGROUP Consumer Group name already exists");
    private static final CommandError READ_NEGATIVE =
            new CommandError("ERR value for ENTRIESREAD must be positive or -1");

    private static final String[] HELP = {
        "XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CREATE <key> <groupname> <id|$> [option]",
        "    Create a new consumer group. Options are:",
        "    * MKSTREAM",
        "      Create the empty stream if it does not exist.",
        "    * ENTRIESREAD entries_read",
        "      Set the group's entries_read counter (internal use).",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "    Create a new consumer in the specified group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "    Remove the specified consumer.",
        "DESTROY <key> <groupname>",
        "    Remove the specified group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
        "    Set the current group ID and entries_read counter."
    };

    private GroupCommands() {}

    /** Adds the rows of consumer groups. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder xgroup = t.row("xgroup", -2, t.help(HELP));
        t.sub(xgroup, "create", -5, GroupCommands::create).is(WRITE, DENYOOM).key(2, RW, INSERT).in(STREAM);
        t.sub(xgroup, "setid", -5, GroupCommands::setId).is(WRITE).key(2, RW, UPDATE).in(STREAM);
        t.sub(xgroup, "destroy", 4, GroupCommands::destroy).is(WRITE).key(2, RW, DELETE).in(STREAM);
        t.sub(xgroup, "createconsumer", 5, GroupCommands::createConsumer).is(WRITE, DENYOOM).key(2, RW, INSERT).in(STREAM);
        t.sub(xgroup, "delconsumer", 5, GroupCommands::deleteConsumer).is(WRITE).key(2, RW, DELETE).in(STREAM);
        t.sub(xgroup, "help", 2, t.help(HELP)).is(LOADING, STALE).in(STREAM);
        // spotless:on
        GroupReadCommand.register(t);
        PendingCommands.register(t);
        ClaimCommands.register(t);
    }

    /** What may follow the id of CREATE and SETID. */
    private record Options(boolean makeStream, long entriesRead) {
        static Options read(Call call, boolean create) {
            boolean makeStream = false;
            long entriesRead = Groups.NOT_KNOWN;
            for (int i = OPTIONS; i < call.argc(); i++) {
                if (create && call.is(i, "MKSTREAM")) {
                    makeStream = true;
                } else if (call.is(i, "ENTRIESREAD") && i + 1 < call.argc()) {
                    entriesRead = call.asLong(++i);
                    if (entriesRead < 0 && entriesRead != Groups.NOT_KNOWN) {
                        throw READ_NEGATIVE;
                    }
                } else {
                    throw wrongArguments(call);
                }
            }
            return new Options(makeStream, entriesRead);
        }
    }

    private static CommandError wrongArguments(Call call) {
        return new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '" + call.shown(1) + "'. Try XGROUP HELP.");
    }

    static void create(Call call) {
        Options options = Options.read(call, true);
        long stream = Streams.findForWrite(call.db(), call.address(KEY), call.length(KEY));
        if (stream == 0 && !options.makeStream) {
            throw NO_KEY;
        }
        if (call.argc() > OPTIONS + 3) {
            throw wrongArguments(call);
        }
        StreamId last = call.is(ID, "$") ? lastOf(stream) : StreamId.strict(call, ID, 0);
        if (stream == 0) {
            stream = Streams.create(call.db(), call.address(KEY), call.length(KEY), Entry.NO_EXPIRY);
            call.event(Event.CHANGED, KEY);
        }
        if (Groups.find(stream, call.address(GROUP), call.length(GROUP)) != 0) {
            throw BUSY;
        }
        long group = Groups.create(call.db(), stream, call.address(GROUP), call.length(GROUP));
        Groups.reached(group, last.milliseconds(), last.sequence(), options.entriesRead);
        call.event(Event.XGROUP_CREATE, KEY);
        call.changed(1);
        call.reply().ok();
    }

    private static StreamId lastOf(long stream) {
        return stream == 0 ? StreamId.MIN : StreamCommands.last(stream);
    }

    static void setId(Call call) {
        Options options = Options.read(call, false);
        long stream = stream(call);
        long group = group(call, stream);
        if (call.argc() > OPTIONS + 2) {
            throw wrongArguments(call);
        }
        StreamId last = call.is(ID, "$") ? lastOf(stream) : StreamId.loose(call, ID);
        Groups.reached(group, last.milliseconds(), last.sequence(), options.entriesRead);
        call.event(Event.XGROUP_SETID, KEY);
        call.changed(1);
        call.reply().ok();
    }

    static void destroy(Call call) {
        long stream = stream(call);
        long group = Groups.find(stream, call.address(GROUP), call.length(GROUP));
        if (group != 0) {
            Groups.destroy(call.db(), stream, group);
            call.event(Event.XGROUP_DESTROY, KEY);
            call.changed(1);
        }
        call.reply().integer(group == 0 ? 0 : 1);
    }

    static void createConsumer(Call call) {
        long group = group(call, stream(call));
        boolean absent = Groups.findConsumer(group, call.address(CONSUMER), call.length(CONSUMER)) == 0;
        if (absent) {
            Groups.createConsumer(call.db(), group, call.address(CONSUMER), call.length(CONSUMER), call.now());
            call.event(Event.XGROUP_CREATECONSUMER, KEY);
            call.changed(1);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    static void deleteConsumer(Call call) {
        long group = group(call, stream(call));
        long consumer = Groups.findConsumer(group, call.address(CONSUMER), call.length(CONSUMER));
        long pending = 0;
        if (consumer != 0) {
            pending = Pending.countOf(consumer);
            Groups.deleteConsumer(call.db(), group, consumer);
            call.event(Event.XGROUP_DELCONSUMER, KEY);
            call.changed(1);
        }
        call.reply().integer(pending);
    }

    private static long stream(Call call) {
        long stream = Streams.findForWrite(call.db(), call.address(KEY), call.length(KEY));
        if (stream == 0) {
            throw NO_KEY;
        }
        return stream;
    }

    private static long group(Call call, long stream) {
        long group = Groups.find(stream, call.address(GROUP), call.length(GROUP));
        if (group == 0) {
            throw new CommandError("NOGROUP No such consumer group '" + call.shown(GROUP) + "' for key name '"
                    + call.shown(KEY) + "'");
        }
        return group;
    }
}
