package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;

import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;

/** MODULE: there are none, and clients may ask which. */
final class ModuleCommands {
    private static final String[] HELP = {
        "MODULE <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "LIST",
        "    Return a list of loaded modules."
    };

    private ModuleCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder module = t.row("module", -2, t.help(HELP));
        t.sub(module, "list", 2, call -> call.reply().array(0)).is(ADMIN, NOSCRIPT);
        t.sub(module, "help", 2, t.help(HELP));
        // spotless:on
    }
}
