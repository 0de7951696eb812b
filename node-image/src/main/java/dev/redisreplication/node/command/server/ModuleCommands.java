package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_ASYNC_LOADING;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;

/** MODULE: there are none, clients may ask which, and none can be loaded. */
final class ModuleCommands {
    private static final String[] HELP = {
        "MODULE <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "LIST",
        "    Return a list of loaded modules."
    };

    private static final CommandError NONE =
            new CommandError("ERR MODULE command not allowed. This server takes no modules.");

    private ModuleCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder module = t.row("module", -2, t.help(HELP));
        t.sub(module, "list", 2, call -> call.reply().array(0)).is(ADMIN, NOSCRIPT);
        t.sub(module, "load", -3, ModuleCommands::refuse).is(ADMIN, NOSCRIPT, NO_ASYNC_LOADING);
        t.sub(module, "loadex", -3, ModuleCommands::refuse).is(ADMIN, NOSCRIPT, NO_ASYNC_LOADING);
        t.sub(module, "unload", 3, ModuleCommands::refuse).is(ADMIN, NOSCRIPT, NO_ASYNC_LOADING);
        t.sub(module, "help", 2, t.help(HELP));
        // spotless:on
    }

    private static void refuse(Call call) {
        throw NONE;
    }
}
