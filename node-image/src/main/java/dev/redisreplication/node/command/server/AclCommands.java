package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import java.util.ArrayList;
import java.util.List;

/** ACL as far as it only looks: there is one user here, {@code default}, who may do everything. */
final class AclCommands {
    private static final String USER = "default";
    private static final int MOST_SHOWN = 128;

    private static final String[] HELP = {
        "ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CAT [<category>]",
        "    List all commands that belong to <category>, or all command categories",
        "    when no category is specified.",
        "USERS",
        "    List all the registered usernames.",
        "WHOAMI",
        "    Return the current connection username."
    };

    private AclCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder acl = t.row("acl", -2, t.help(HELP)).is(NOSCRIPT, LOADING, STALE, WITHOUT_ROLE);
        t.sub(acl, "cat", -2, AclCommands::cat);
        t.sub(acl, "users", 2, AclCommands::users).is(ADMIN);
        t.sub(acl, "whoami", 2, call -> call.reply().bulk(USER));
        t.sub(acl, "help", 2, t.help(HELP));
        // spotless:on
    }

    private static void users(Call call) {
        call.reply().array(1);
        call.reply().bulk(USER);
    }

    private static void cat(Call call) {
        if (call.argc() > 3) {
            throw new CommandError(
                    "ERR unknown subcommand or wrong number of arguments for '" + call.shown(1) + "'. Try ACL HELP.");
        }
        List<String> names = new ArrayList<>();
        if (call.argc() == 2) {
            for (Category category : Category.values()) {
                names.add(category.text());
            }
        } else {
            Category category = category(call);
            for (CommandRow row : call.node().table().withSubcommands()) {
                if (row.allCategories().contains(category)) {
                    names.add(row.name());
                }
            }
        }
        call.reply().array(names.size());
        names.forEach(call.reply()::bulk);
    }

    private static Category category(Call call) {
        for (Category category : Category.values()) {
            if (call.asString(2).equalsIgnoreCase(category.text())) {
                return category;
            }
        }
        String shown = call.shown(2);
        throw new CommandError(
                "ERR Unknown category '" + shown.substring(0, Math.min(shown.length(), MOST_SHOWN)) + "'");
    }
}
