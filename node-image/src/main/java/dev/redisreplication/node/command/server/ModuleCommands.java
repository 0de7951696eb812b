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

    static void register(CommandTable t) {
        // spotless:off: one row a command
        CommandRow module = t.row("module", -2, t.help(HELP), "4.0.0", "A container for module commands.");
        t.sub(module, "list", 2, call -> call.reply().array(0), "4.0.0", "Returns the loaded modules: none.")
                .is(ADMIN, NOSCRIPT);
        t.sub(module, "help", 2, t.help(HELP), "5.0.0", "Returns helpful text about the subcommands.");
        // spotless:on
    }
}
