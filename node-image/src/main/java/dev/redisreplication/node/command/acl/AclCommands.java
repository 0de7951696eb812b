package dev.redisreplication.node.command.acl;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.acl.AclException;
import dev.redisreplication.node.acl.AclLog;
import dev.redisreplication.node.acl.AclUser;
import dev.redisreplication.node.acl.AclUsers;
import dev.redisreplication.node.acl.Rules;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.Handler;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** ACL and its subcommands. */
public final class AclCommands {
    private static final int MOST_SHOWN = 128;
    private static final int MOST_BITS = 4096;
    private static final int SHOWN_ENTRIES = 10;

    private static final CommandError BITS =
            new CommandError("ERR ACL GENPASS argument must be the number of bits for the output password, a positive"
                    + " number up to " + MOST_BITS);
    private static final CommandError KEEP_DEFAULT = new CommandError("ERR The 'default' user cannot be removed");
    private static final CommandError NO_FILE = new CommandError(
            "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL"
                    + " SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file"
                    + " set) in order to store users in the Redis configuration.");

    private static final String[] HELP = {
        "ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CAT [<category>]",
        "    List all commands that belong to <category>, or all command categories",
        "    when no category is specified.",
        "DELUSER <username> [<username> ...]",
        "    Delete a list of users.",
        "DRYRUN <username> <command> [<arg> ...]",
        "    Returns whether the user can execute the given command without executing the command.",
        "GETUSER <username>",
        "    Get the user's details.",
        "GENPASS [<bits>]",
        "    Generate a secure 256-bit user password. The optional `bits` argument can",
        "    be used to specify a different size.",
        "LIST",
        "    Show users details in config file format.",
        "LOAD",
        "    Reload users from the ACL file.",
        "LOG [<count> | RESET]",
        "    Show the ACL log entries.",
        "SAVE",
        "    Save the current config to the ACL file.",
        "SETUSER <username> <attribute> [<attribute> ...]",
        "    Create or modify a user with the specified attributes.",
        "USERS",
        "    List all the registered usernames.",
        "WHOAMI",
        "    Return the current connection username."
    };

    private final AclUsers users;
    private final SecureRandom random = new SecureRandom();

    private AclCommands(AclUsers users) {
        this.users = users;
    }

    /** Adds the rows. */
    public static void register(CommandTable.Builder t, AclUsers users) {
        AclCommands c = new AclCommands(users);
        Handler help = t.help(HELP);
        // spotless:off: one row a command
        CommandRow.Builder acl = t.row("acl", -2, help).is(NOSCRIPT, LOADING, STALE);
        t.sub(acl, "cat", -2, AclCommands::cat);
        t.sub(acl, "genpass", -2, c::genPass);
        t.sub(acl, "whoami", 2, call -> call.reply().bulk(call.client().user().name()));
        t.sub(acl, "deluser", -3, c::delUser).is(ADMIN);
        t.sub(acl, "dryrun", -4, c::dryRun).is(ADMIN);
        t.sub(acl, "getuser", 3, c::getUser).is(ADMIN);
        t.sub(acl, "list", 2, call -> bulks(call, users.lines())).is(ADMIN);
        t.sub(acl, "load", 2, c::load).is(ADMIN);
        t.sub(acl, "log", -2, c::log).is(ADMIN);
        t.sub(acl, "save", 2, c::save).is(ADMIN);
        t.sub(acl, "setuser", -3, c::setUser).is(ADMIN);
        t.sub(acl, "users", 2, call -> bulks(call, users.all().stream().map(AclUser::name).toList())).is(ADMIN);
        t.sub(acl, "help", 2, help);
        // spotless:on
    }

    private static void bulks(Call call, List<String> texts) {
        call.reply().array(texts.size());
        texts.forEach(call.reply()::bulk);
    }

    private static CommandError wrongArguments(Call call) {
        return new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '" + call.shown(1) + "'. Try ACL HELP.");
    }

    private static void cat(Call call) {
        if (call.argc() > 3) {
            throw wrongArguments(call);
        }
        List<String> names = new ArrayList<>();
        if (call.argc() == 2) {
            for (Category category : Category.values()) {
                names.add(category.text());
            }
        } else {
            Category category = Category.of(call.asString(2));
            if (category == null) {
                String shown = call.shown(2);
                throw new CommandError(
                        "ERR Unknown category '" + shown.substring(0, Math.min(shown.length(), MOST_SHOWN)) + "'");
            }
            for (CommandRow row : call.table().withSubcommands()) {
                if (row.allCategories().contains(category)) {
                    names.add(row.name());
                }
            }
        }
        bulks(call, names);
    }

    private void genPass(Call call) {
        if (call.argc() > 3) {
            throw wrongArguments(call);
        }
        long bits = call.argc() == 3 ? call.asLong(2) : 256;
        if (bits <= 0 || bits > MOST_BITS) {
            throw BITS;
        }
        int digits = (int) (bits + 3) / 4;
        byte[] bytes = new byte[(digits + 1) / 2];
        random.nextBytes(bytes);
        call.reply().bulk(HexFormat.of().formatHex(bytes).substring(0, digits));
    }

    private void setUser(Call call) {
        String name = call.asString(2);
        List<String> words = new ArrayList<>();
        for (int i = 3; i < call.argc(); i++) {
            words.add(call.asString(i));
            call.redact(i);
        }
        Rules next;
        try {
            next = users.staged(name, words);
        } catch (AclException e) {
            throw new CommandError("ERR " + e.getMessage());
        }
        AclUser user = users.find(name);
        if (user != null) {
            Disconnect.whereChannelsAreRevoked(call, user, next);
        }
        users.put(name, next);
        call.reply().ok();
    }

    private void delUser(Call call) {
        for (int i = 2; i < call.argc(); i++) {
            if (call.asString(i).equals("default")) {
                throw KEEP_DEFAULT;
            }
        }
        int deleted = 0;
        for (int i = 2; i < call.argc(); i++) {
            AclUser user = users.remove(call.asString(i));
            if (user != null) {
                Disconnect.all(call, user);
                deleted++;
            }
        }
        call.reply().integer(deleted);
    }

    private void getUser(Call call) {
        AclUser user = users.find(call.asString(2));
        if (user == null) {
            call.reply().nil();
            return;
        }
        Rules rules = user.rules();
        ReplyWriter out = call.reply();
        out.map(6);
        out.bulk("flags");
        out.set(rules.flags().size());
        rules.flags().forEach(out::bulk);
        out.bulk("passwords");
        bulks(call, rules.passwords());
        selector(out, rules.own());
        out.bulk("selectors");
        out.array(rules.more().size());
        for (List<String> selector : rules.more()) {
            out.map(3);
            selector(out, selector);
        }
    }

    private static void selector(ReplyWriter out, List<String> rules) {
        out.bulk("commands");
        out.bulk(rules.get(0));
        out.bulk("keys");
        out.bulk(rules.get(1));
        out.bulk("channels");
        out.bulk(rules.get(2));
    }

    private void dryRun(Call call) {
        AclUser user = users.find(call.asString(2));
        if (user == null) {
            throw new CommandError("ERR User '" + call.shown(2) + "' not found");
        }
        Request request = call.request().tail(3);
        CommandRow row = call.table().find(request);
        if (row == null) {
            throw new CommandError("ERR Command '" + call.shown(3) + "' not found");
        }
        if (!row.acceptsArgc(request.argc())) {
            throw new CommandError("ERR wrong number of arguments for '" + row.name() + "' command");
        }
        Denial denial = user.check(row, request);
        if (denial == null) {
            call.reply().ok();
            return;
        }
        String object = denial.argument() == 0 ? "" : call.shown(3 + denial.argument());
        call.reply()
                .bulk(
                        switch (denial.reason()) {
                            case KEY -> "This user has no permissions to access the '" + object + "' key";
                            case CHANNEL -> "This user has no permissions to access the '" + object + "' channel";
                            default -> "This user has no permissions to run the '" + row.name() + "' command";
                        });
    }

    private void log(Call call) {
        if (call.argc() > 3) {
            throw wrongArguments(call);
        }
        if (call.argc() == 3 && call.is(2, "RESET")) {
            users.log().clear();
            call.reply().ok();
            return;
        }
        List<AclLog.Entry> entries = users.log().newest(call.argc() == 3 ? call.asLong(2) : SHOWN_ENTRIES);
        call.reply().array(entries.size());
        entries.forEach(entry -> show(call.reply(), entry, System.currentTimeMillis()));
    }

    private static void show(ReplyWriter out, AclLog.Entry entry, long now) {
        out.map(7);
        out.bulk("count");
        out.integer(entry.count());
        out.bulk("reason");
        out.bulk(entry.reason().text());
        out.bulk("context");
        out.bulk(entry.context().name().toLowerCase(Locale.ROOT));
        out.bulk("object");
        out.bulk(entry.object());
        out.bulk("username");
        out.bulk(entry.user());
        out.bulk("age-seconds");
        out.doubleValue(Math.max(0, now - entry.at()) / 1000.0);
        out.bulk("client-info");
        out.bulk(entry.client());
    }

    private void load(Call call) {
        requireFile();
        List<AclUser> before;
        try {
            before = users.load();
        } catch (AclException e) {
            throw new CommandError("ERR " + e.getMessage());
        }
        before.forEach(user -> Disconnect.all(call, user));
        AclUser standard = users.find("default"); // the only one whose clients stay
        Disconnect.whereChannelsAreRevoked(call, standard, standard.rules());
        call.reply().ok();
    }

    private void save(Call call) {
        requireFile();
        try {
            users.save();
        } catch (IOException e) {
            Log.warning("cannot write the ACL file: " + e);
            throw new CommandError(
                    "ERR There was an error trying to save the ACLs. Please check the server logs for more information");
        }
        call.reply().ok();
    }

    private void requireFile() {
        if (!users.hasFile()) {
            throw NO_FILE;
        }
    }
}
