package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.KEYSPACE;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.type.Types;
import java.util.List;

/** OBJECT: how a value is kept. */
public final class ObjectCommands {
    private static final List<String> HELP = List.of(
            "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "ENCODING <key>",
            "    Return the kind of internal representation used in order to store the value",
            "    associated with a <key>.",
            "FREQ <key>",
            "    Return the access frequency index of the <key>. The returned integer is",
            "    proportional to the logarithm of the recent access frequency of the key.",
            "IDLETIME <key>",
            "    Return the idle time of the <key>, that is the approximated number of",
            "    seconds elapsed since the last access to the key.",
            "REFCOUNT <key>",
            "    Return the number of references of the value associated with the specified",
            "    <key>.",
            "HELP",
            "    Prints this help.");

    private static final CommandError NO_FREQUENCY = new CommandError(
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching"
                    + " between policies at runtime LRU and LFU data will take some time to adjust.");
    private static final CommandError NO_IDLE_TIME = new CommandError(
            "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies"
                    + " at runtime LRU and LFU data will take some time to adjust.");

    private ObjectCommands() {}

    /** Adds the container and its subcommands. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder object = t.row("object", -2, ObjectCommands::help);
        t.sub(object, "encoding", 3, ObjectCommands::encoding).is(READONLY).key(2, RO).in(KEYSPACE);
        t.sub(object, "freq", 3, ObjectCommands::freq).is(READONLY).key(2, RO).in(KEYSPACE);
        t.sub(object, "idletime", 3, ObjectCommands::idletime).is(READONLY).key(2, RO).in(KEYSPACE);
        t.sub(object, "refcount", 3, ObjectCommands::refcount).is(READONLY).key(2, RO).in(KEYSPACE);
        t.sub(object, "help", 2, ObjectCommands::help).is(LOADING, STALE).in(KEYSPACE);
        // spotless:on
    }

    static void encoding(Call call) {
        long entry = find(call);
        if (entry == 0) {
            call.reply().nil();
        } else {
            call.reply().bulk(Types.encodingName(entry));
        }
    }

    static void freq(Call call) {
        long entry = find(call);
        if (entry == 0) {
            call.reply().nil();
        } else if (call.store().policy().isLfu()) {
            call.reply().integer(call.db().frequency(entry));
        } else {
            throw NO_FREQUENCY;
        }
    }

    static void idletime(Call call) {
        long entry = find(call);
        if (entry == 0) {
            call.reply().nil();
        } else if (call.store().policy().isLfu()) {
            throw NO_IDLE_TIME;
        } else {
            call.reply().integer(call.db().idleSeconds(entry));
        }
    }

    static void refcount(Call call) {
        if (find(call) == 0) {
            call.reply().nil();
        } else {
            call.reply().integer(1);
        }
    }

    static void help(Call call) {
        call.reply().array(HELP.size());
        HELP.forEach(call.reply()::simple);
    }

    private static long find(Call call) {
        return call.db().inspect(call.address(2), call.length(2));
    }
}
