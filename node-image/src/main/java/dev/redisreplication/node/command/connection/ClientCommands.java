package dev.redisreplication.node.command.connection;

import static dev.redisreplication.node.command.Category.CONNECTION;
import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_PAUSE;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientLine;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** CLIENT and its subcommands. */
final class ClientCommands {
    private static final CommandError NAME_CHARACTERS =
            new CommandError("ERR Client names cannot contain spaces, newlines or special characters.");
    private static final CommandError NO_SUCH_CLIENT = new CommandError("ERR No such client");
    private static final CommandError INVALID_ID = new CommandError("ERR Invalid client ID");
    private static final CommandError ID_RANGE = new CommandError("ERR client-id should be greater than 0");
    private static final CommandError TIMEOUT_INVALID =
            new CommandError("ERR timeout is not an integer or out of range");
    private static final CommandError TIMEOUT_NEGATIVE = new CommandError("ERR timeout is negative");

    private static final int MOST_LISTED = 512 << 20; // bytes

    private ClientCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder c = t.row("client", -2, t.help(CLIENT_HELP))
                .is(NOSCRIPT, LOADING, STALE, WITHOUT_ROLE).in(CONNECTION);
        t.sub(c, "id", 2, call -> call.reply().integer(call.client().id()));
        t.sub(c, "getname", 2, ClientCommands::getName);
        t.sub(c, "setname", 3, ClientCommands::setName);
        t.sub(c, "setinfo", 4, ClientCommands::setInfo);
        t.sub(c, "info", 2, ClientCommands::info);
        t.sub(c, "list", -2, ClientCommands::list).is(ADMIN);
        t.sub(c, "kill", -3, ClientCommands::kill).is(ADMIN);
        t.sub(c, "pause", -3, ClientCommands::pause).is(ADMIN);
        t.sub(c, "unpause", 2, ClientCommands::unpause).is(ADMIN, NO_PAUSE);
        t.sub(c, "reply", 3, ClientCommands::reply);
        t.sub(c, "no-evict", 3, ClientCommands::noEvict).is(ADMIN);
        t.sub(c, "no-touch", 3, ClientCommands::noTouch);
        t.sub(c, "unblock", -3, ClientCommands::unblock).is(ADMIN);
        TrackingCommands.register(t, c);
        t.sub(c, "help", 2, t.help(CLIENT_HELP));
        // spotless:on
    }

    private static final String[] CLIENT_HELP = {
        "CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GETNAME",
        "    Return the name of the current connection.",
        "ID",
        "    Return the ID of the current connection.",
        "INFO",
        "    Return information about the current client connection.",
        "KILL <ip:port>",
        "    Kill connection made from <ip:port>.",
        "KILL <option> <value> [<option> <value> [...]]",
        "    Kill connections. Options are:",
        "    * ADDR (<ip:port>|<unixsocket>:0)",
        "    * LADDR (<ip:port>|<unixsocket>:0)",
        "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
        "    * USER <username>",
        "    * SKIPME (YES|NO)",
        "    * ID <client-id>",
        "LIST [options ...]",
        "    Return information about client connections. Options:",
        "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
        "    * ID <client-id> [<client-id> ...]",
        "TRACKING OFF",
        "    Nothing is tracked for clients by this server; ON is refused.",
        "TRACKINGINFO",
        "    Report tracking status for the current connection.",
        "GETREDIR",
        "    Return the client ID we are redirecting to when tracking is enabled.",
        "UNPAUSE",
        "    Stop the current client pause, resuming traffic.",
        "PAUSE <timeout> [WRITE|ALL]",
        "    Suspend all, or just write, clients for <timeout> milliseconds.",
        "REPLY (ON|OFF|SKIP)",
        "    Control the replies sent to the current connection.",
        "SETNAME <name>",
        "    Assign the name <name> to the current connection.",
        "SETINFO <option> <value>",
        "    Set lib-name or lib-ver of the current connection.",
        "UNBLOCK <clientid> [TIMEOUT|ERROR]",
        "    Unblock the specified blocked client.",
        "NO-EVICT (ON|OFF)",
        "    Protect current client connection from eviction.",
        "NO-TOUCH (ON|OFF)",
        "    Will not touch LRU/LFU stats when this mode is on."
    };

    static String validName(Call call, int i) {
        String name = call.asString(i);
        for (int k = 0; k < name.length(); k++) {
            if (name.charAt(k) < '!' || name.charAt(k) > '~') {
                throw NAME_CHARACTERS;
            }
        }
        return name;
    }

    private static void getName(Call call) {
        String name = call.client().name();
        if (name.isEmpty()) {
            call.reply().nil();
        } else {
            call.reply().bulk(name);
        }
    }

    private static void setName(Call call) {
        call.node().heldNames().name(call.client(), validName(call, 2));
        call.reply().ok();
    }

    private static void setInfo(Call call) {
        String value = call.asString(3);
        for (int k = 0; k < value.length(); k++) {
            if (value.charAt(k) < '!' || value.charAt(k) > '~') {
                throw new CommandError("ERR " + call.shown(2).toLowerCase(Locale.ROOT)
                        + " cannot contain spaces, newlines or special characters.");
            }
        }
        if (call.is(2, "LIB-NAME")) {
            call.node().heldNames().library(call.client(), value, null);
        } else if (call.is(2, "LIB-VER")) {
            call.node().heldNames().library(call.client(), null, value);
        } else {
            throw new CommandError("ERR Unrecognized option '" + call.shown(2) + "'");
        }
        call.reply().ok();
    }

    private static void info(Call call) {
        call.reply().verbatim("txt", ClientLine.of(call.node(), call.client()) + "\n");
    }

    private static void list(Call call) {
        boolean byId = call.argc() > 3 && call.is(2, "ID");
        String type = call.argc() == 4 && call.is(2, "TYPE") ? type(call, 3) : null;
        if (!byId && type == null && call.argc() != 2) {
            throw CommandError.SYNTAX;
        }
        for (int i = 3; byId && i < call.argc(); i++) {
            call.asLong(i, INVALID_ID); // all of them before the first is looked for
        }
        // Not on the heap: names may be long, and an id may be asked for many times.
        try (NativeBuffer lines = new NativeBuffer(4096)) {
            if (byId) {
                for (int i = 3; i < call.argc(); i++) {
                    add(call, lines, call.node().clients().find(call.asLong(i)));
                }
            } else {
                for (Client c : call.node().clients().all()) {
                    if (type == null || type.equals(ClientLine.type(c))) {
                        add(call, lines, c);
                    }
                }
            }
            call.reply().verbatim("txt", lines.address(), lines.readable());
        }
    }

    private static void add(Call call, NativeBuffer lines, Client client) {
        if (client != null) {
            lines.put(ClientLine.of(call.node(), client));
            lines.put('\n');
        }
        if (lines.readable() > MOST_LISTED) {
            throw new CommandError("ERR the list would be longer than a reply may be");
        }
    }

    private static String type(Call call, int i) {
        for (String known : new String[] {"NORMAL", "MASTER", "PUBSUB"}) {
            if (call.is(i, known)) {
                return known;
            }
        }
        if (call.is(i, "REPLICA") || call.is(i, "SLAVE")) {
            return "REPLICA";
        }
        throw new CommandError("ERR Unknown client type '" + call.shown(i) + "'");
    }

    private static void kill(Call call) {
        if (call.argc() == 3) {
            String address = call.asString(2);
            for (Client c : call.node().clients().all()) {
                if (c.connection().remoteAddress().equals(address)) {
                    end(call, c);
                    call.reply().ok();
                    return;
                }
            }
            throw NO_SUCH_CLIENT;
        }
        KillFilter filter = KillFilter.of(call);
        List<Client> victims = new ArrayList<>();
        for (Client c : call.node().clients().all()) {
            if (filter.takes(c, call.client())) {
                victims.add(c);
            }
        }
        for (Client c : victims) {
            end(call, c);
        }
        call.reply().integer(victims.size());
    }

    private static void end(Call call, Client victim) {
        if (victim == call.client()) {
            victim.closeAfterReply();
        } else {
            victim.close("killed by CLIENT KILL");
        }
    }

    /** What CLIENT KILL with options is to end. */
    private record KillFilter(long id, String address, String local, String type, String user, boolean skipMe) {
        static KillFilter of(Call call) {
            long id = 0;
            String address = null;
            String local = null;
            String type = null;
            String user = null;
            boolean skipMe = true;
            for (int i = 2; i < call.argc(); i += 2) {
                if (i + 1 == call.argc()) {
                    throw CommandError.SYNTAX;
                }
                if (call.is(i, "ID")) {
                    id = call.asLong(i + 1, ID_RANGE);
                    if (id < 1) {
                        throw ID_RANGE;
                    }
                } else if (call.is(i, "TYPE")) {
                    type = ClientCommands.type(call, i + 1);
                } else if (call.is(i, "ADDR")) {
                    address = call.asString(i + 1);
                } else if (call.is(i, "LADDR")) {
                    local = call.asString(i + 1);
                } else if (call.is(i, "USER")) {
                    user = call.asString(i + 1);
                    if (call.node().users().find(user) == null) {
                        throw new CommandError("ERR No such user '" + call.shown(i + 1) + "'");
                    }
                } else if (call.is(i, "SKIPME") && (call.is(i + 1, "YES") || call.is(i + 1, "NO"))) {
                    skipMe = call.is(i + 1, "YES");
                } else {
                    throw CommandError.SYNTAX;
                }
            }
            return new KillFilter(id, address, local, type, user, skipMe);
        }

        boolean takes(Client c, Client caller) {
            return (id == 0 || c.id() == id)
                    && (address == null || c.connection().remoteAddress().equals(address))
                    && (local == null || c.connection().localAddress().equals(local))
                    && (type == null || ClientLine.type(c).equals(type))
                    && (user == null || c.user().name().equals(user))
                    && !(skipMe && c == caller);
        }
    }

    private static void pause(Call call) {
        refuseMoreThan(call, 4);
        boolean all = call.argc() == 3 || call.is(3, "ALL");
        if (!all && !call.is(3, "WRITE")) {
            throw new CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL");
        }
        long millis = call.asLong(2, TIMEOUT_INVALID);
        if (millis < 0) {
            throw TIMEOUT_NEGATIVE;
        }
        call.node().pauseClients(millis, all);
        call.reply().ok();
    }

    private static void refuseMoreThan(Call call, int arguments) {
        if (call.argc() > arguments) {
            throw new CommandError("ERR unknown subcommand or wrong number of arguments for '" + call.shown(1)
                    + "'. Try CLIENT HELP.");
        }
    }

    private static void unpause(Call call) {
        call.node().resumeClients();
        call.reply().ok();
    }

    private static void reply(Call call) {
        if (call.is(2, "ON")) {
            call.client().replies(true);
            call.reply().ok();
        } else if (call.is(2, "OFF")) {
            call.client().replies(false);
        } else if (call.is(2, "SKIP")) {
            call.client().skipNextReply();
        } else {
            throw CommandError.SYNTAX;
        }
    }

    private static void noEvict(Call call) {
        if (!call.is(2, "ON") && !call.is(2, "OFF")) {
            throw CommandError.SYNTAX;
        }
        call.client().mayBeEvicted(call.is(2, "OFF"));
        call.reply().ok();
    }

    private static void noTouch(Call call) {
        if (!call.is(2, "ON") && !call.is(2, "OFF")) {
            throw CommandError.SYNTAX;
        }
        call.client().noTouch(call.is(2, "ON"));
        call.reply().ok();
    }

    private static void unblock(Call call) {
        refuseMoreThan(call, 4);
        boolean error = call.argc() == 4 && call.is(3, "ERROR");
        if (call.argc() == 4 && !error && !call.is(3, "TIMEOUT")) {
            throw new CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        }
        Client target = call.node().clients().find(call.asLong(2));
        boolean ended = target != null && call.node().suspensions().unblock(target, error);
        call.reply().integer(ended ? 1 : 0);
    }
}
