package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Category.CONNECTION;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** COMMAND: the table of commands as clients can read it. */
final class CommandCommands {
    private static final CommandError NO_KEYS = new CommandError("ERR Invalid arguments specified for command");

    private CommandCommands() {}

    static void register(CommandTable t) {
        // spotless:off: one row a command
        CommandRow c = t.row("command", -1, CommandCommands::all, "2.8.13", "Returns information about all commands.")
                .is(LOADING, STALE, WITHOUT_ROLE).in(CONNECTION);
        t.sub(c, "count", 2, CommandCommands::count, "2.8.13", "Returns a count of commands.");
        t.sub(c, "info", -2, CommandCommands::info, "2.8.13",
                "Returns information about one, multiple or all commands.");
        t.sub(c, "docs", -2, CommandCommands::docs, "7.0.0", "Returns documentary information about commands.");
        t.sub(c, "list", -2, CommandCommands::list, "7.0.0", "Returns a list of command names.");
        t.sub(c, "getkeys", -4, CommandCommands::getKeys, "2.8.13",
                "Extracts the key names from an arbitrary command.");
        t.sub(c, "help", 2, t.help(HELP), "5.0.0", "Returns helpful text about the subcommands.");
        // spotless:on
    }

    private static final String[] HELP = {
        "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "(no subcommand)",
        "    Return details about all Redis commands.",
        "COUNT",
        "    Return the total number of commands in this Redis server.",
        "LIST",
        "    Return a list of all commands in this Redis server.",
        "INFO [<command-name> ...]",
        "    Return details about multiple Redis commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "DOCS [<command-name> ...]",
        "    Return documentation details about multiple Redis commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "GETKEYS <full-command>",
        "    Return the keys from a full Redis command."
    };

    private static void all(Call call) {
        List<CommandRow> rows = call.node().table().rows();
        call.reply().array(rows.size());
        for (CommandRow row : rows) {
            describe(call.reply(), row);
        }
    }

    private static void count(Call call) {
        call.reply().integer(call.node().table().rows().size());
    }

    private static void info(Call call) {
        if (call.argc() == 2) {
            all(call);
            return;
        }
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            CommandRow row = call.node().table().find(call.asString(i));
            if (row == null) {
                call.reply().nil();
            } else {
                describe(call.reply(), row);
            }
        }
    }

    /** The ten elements that Redis 7.0 gives of a command. */
    private static void describe(ReplyWriter r, CommandRow row) {
        r.array(10);
        r.bulk(row.name());
        r.integer(row.arity());
        List<String> flags = new ArrayList<>();
        for (Flag f : row.flags()) {
            if (!f.internal()) {
                flags.add(f.text());
            }
        }
        statuses(r, flags);
        r.integer(row.firstKey());
        r.integer(row.lastKey());
        r.integer(row.keyStep());
        List<String> categories = new ArrayList<>();
        for (Category c : row.allCategories()) {
            categories.add("@" + c.text());
        }
        statuses(r, categories);
        r.set(0); // tips
        r.set(0); // key specifications: the three numbers above say it
        r.array(row.subcommands().size());
        for (CommandRow sub : row.subcommands()) {
            describe(r, sub);
        }
    }

    private static void statuses(ReplyWriter r, List<String> texts) {
        r.set(texts.size());
        for (String text : texts) {
            r.simple(text);
        }
    }

    private static void docs(Call call) {
        List<CommandRow> rows = new ArrayList<>();
        if (call.argc() == 2) {
            rows.addAll(call.node().table().rows());
        }
        for (int i = 2; i < call.argc(); i++) {
            CommandRow row = call.node().table().find(call.asString(i));
            if (row != null) {
                rows.add(row);
            }
        }
        docs(call.reply(), rows);
    }

    private static void docs(ReplyWriter r, List<CommandRow> rows) {
        r.map(rows.size());
        for (CommandRow row : rows) {
            r.bulk(row.name());
            boolean container = !row.subcommands().isEmpty();
            r.map(container ? 4 : 3);
            r.bulk("summary");
            r.bulk(row.summary());
            r.bulk("since");
            r.bulk(row.since());
            r.bulk("group");
            r.bulk(row.group());
            if (container) {
                r.bulk("subcommands");
                docs(r, row.subcommands());
            }
        }
    }

    private static void list(Call call) {
        List<String> names = new ArrayList<>();
        boolean filtered = call.argc() == 5 && call.is(2, "FILTERBY");
        boolean known = filtered && (call.is(3, "PATTERN") || call.is(3, "ACLCAT") || call.is(3, "MODULE"));
        if (!known && call.argc() != 2) {
            throw CommandError.SYNTAX;
        }
        CommandTable table = call.node().table();
        for (CommandRow row : table.withSubcommands()) {
            if (!filtered || passes(call, row)) {
                names.add(row.name());
            }
        }
        call.reply().array(names.size());
        for (String name : names) {
            call.reply().bulk(name);
        }
    }

    private static boolean passes(Call call, CommandRow row) {
        String value = call.asString(4).toLowerCase(Locale.ROOT);
        if (call.is(3, "PATTERN")) {
            return Glob.matches(value, row.name());
        }
        if (call.is(3, "ACLCAT")) {
            return row.allCategories().stream().anyMatch(c -> c.text().equals(value));
        }
        return false; // no command is a module's
    }

    private static void getKeys(Call call) {
        CommandTable table = call.node().table();
        CommandRow row = call.asString(2).indexOf('|') < 0 ? table.find(call.asString(2)) : null;
        if (row != null && !row.subcommands().isEmpty()) {
            row = table.find(row.name() + "|" + call.asString(3));
        }
        if (row == null) {
            throw new CommandError("ERR Invalid command specified");
        }
        boolean channels = row.has(Flag.PUBSUB); // they have positions as keys have, and are none
        if (channels || row.firstKey() == 0 && !row.has(Flag.MOVABLEKEYS)) {
            throw new CommandError("ERR The command has no key arguments");
        }
        int argc = call.argc() - 2;
        if (row.arity() >= 0 ? argc != row.arity() : argc < -row.arity()) {
            throw new CommandError("ERR Invalid number of arguments specified for command");
        }
        Call asked = call.tail(2);
        int[] at;
        try {
            at = Keys.positions(row, asked);
        } catch (CommandError e) { // what the command itself would say is not asked for
            throw NO_KEYS;
        }
        if (at.length == 0) {
            throw NO_KEYS;
        }
        call.reply().array(at.length);
        for (int i : at) {
            call.reply().bulk(asked.address(i), asked.length(i));
        }
    }
}
