package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Category.CONNECTION;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.KeyFlag;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.resp.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** COMMAND: the table of commands as clients can read it. */
final class CommandCommands {
    private CommandCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder c = t.row("command", -1, CommandCommands::all)
                .is(LOADING, STALE, WITHOUT_ROLE).in(CONNECTION);
        t.sub(c, "count", 2, CommandCommands::count);
        t.sub(c, "info", -2, CommandCommands::info);
        t.sub(c, "docs", -2, CommandCommands::docs);
        t.sub(c, "list", -2, CommandCommands::list);
        t.sub(c, "getkeys", -4, CommandCommands::getKeys);
        t.sub(c, "getkeysandflags", -4, CommandCommands::getKeysAndFlags);
        t.sub(c, "help", 2, t.help(HELP));
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
        "    Return the keys from a full Redis command.",
        "GETKEYSANDFLAGS <full-command>",
        "    Return the keys and the access flags from a full Redis command."
    };

    private static void all(Call call) {
        rows(call, call.table().rows());
    }

    private static void rows(Call call, List<CommandRow> rows) {
        RowReply out = new RowReply(call.reply());
        call.reply().array(rows.size());
        for (CommandRow row : rows) {
            if (row == null) {
                call.reply().nil();
            } else {
                out.row(row);
            }
        }
    }

    private static void count(Call call) {
        call.reply().integer(call.table().rows().size());
    }

    private static void info(Call call) {
        rows(call, call.argc() == 2 ? call.table().rows() : named(call));
    }

    private static void docs(Call call) {
        List<CommandRow> rows = call.argc() == 2 ? call.table().rows() : named(call);
        new DocsReply(call.reply())
                .commands(rows.stream().filter(Objects::nonNull).toList());
    }

    /** The rows that the arguments name, null for a name that there is not. */
    private static List<CommandRow> named(Call call) {
        call.takeHeap(8L * call.argc());
        List<CommandRow> rows = new ArrayList<>();
        for (int i = 2; i < call.argc(); i++) {
            rows.add(call.table().find(call.asString(i)));
        }
        return rows;
    }

    private static void list(Call call) {
        List<String> names = new ArrayList<>();
        boolean filtered = call.argc() == 5 && call.is(2, "FILTERBY");
        boolean known = filtered && (call.is(3, "PATTERN") || call.is(3, "ACLCAT") || call.is(3, "MODULE"));
        if (!known && call.argc() != 2) {
            throw CommandError.SYNTAX;
        }
        for (CommandRow row : call.table().withSubcommands()) {
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
        Request asked = call.request().tail(2);
        Keys keys = keys(call, asked);
        call.reply().array(keys.size());
        keys.each((i, flags) -> call.reply().bulk(asked.address(i), asked.length(i)));
    }

    private static void getKeysAndFlags(Call call) {
        Request asked = call.request().tail(2);
        Keys keys = keys(call, asked);
        RowReply out = new RowReply(call.reply());
        call.reply().array(keys.size());
        keys.each((i, flags) -> {
            call.reply().array(2);
            call.reply().bulk(asked.address(i), asked.length(i));
            out.keyFlags(KeyFlag.of(flags));
        });
    }

    private static Keys keys(Call call, Request asked) {
        CommandRow row = call.table().find(asked);
        if (row == null) {
            throw new CommandError("ERR Invalid command specified");
        }
        if (!row.hasKeys()) {
            throw new CommandError("ERR The command has no key arguments");
        }
        if (!row.acceptsArgc(asked.argc())) {
            throw new CommandError("ERR Invalid number of arguments specified for command");
        }
        Keys keys = new Keys();
        if (!row.findKeys(asked, keys) && !row.has(Flag.NO_MANDATORY_KEYS)) {
            throw new CommandError("ERR Invalid arguments specified for command");
        }
        return keys;
    }
}
