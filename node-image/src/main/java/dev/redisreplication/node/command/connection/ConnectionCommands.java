package dev.redisreplication.node.command.connection;

import static dev.redisreplication.node.command.Category.CONNECTION;
import static dev.redisreplication.node.command.Flag.ALLOW_BUSY;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_AUTH;
import static dev.redisreplication.node.command.Flag.NO_QUEUE;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WATCHES;
import static dev.redisreplication.node.command.Flag.WHILE_SUBSCRIBED;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.User;
import dev.redisreplication.node.command.Users;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.resp.ReplyWriter;

/** PING, ECHO, SELECT, AUTH, HELLO, RESET, QUIT; CLIENT has {@link ClientCommands}. */
public final class ConnectionCommands {
    private static final CommandError PING_ARITY = new CommandError("ERR wrong number of arguments for 'ping' command");
    private static final CommandError NOT_A_DATABASE = new CommandError("ERR DB index is out of range");
    private static final CommandError NO_PASSWORD_SET =
            new CommandError("ERR AUTH <password> called without any password configured for the default user. Are you"
                    + " sure your configuration is correct?");
    private static final CommandError WRONG_PASSWORD =
            new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
    private static final CommandError NO_PROTOCOL = new CommandError("NOPROTO unsupported protocol version");
    private static final CommandError PROTOCOL_NOT_INTEGER =
            new CommandError("ERR Protocol version is not an integer or out of range");
    private static final CommandError HELLO_NEEDS_AUTH = new CommandError(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH"
                    + " <user> <pass> option can be used to authenticate the client and select the RESP protocol version"
                    + " at the same time");

    private ConnectionCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("ping", -1, ConnectionCommands::ping).is(FAST, WITHOUT_ROLE, WHILE_SUBSCRIBED).in(CONNECTION);
        t.row("echo", 2, ConnectionCommands::echo).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("select", 2, ConnectionCommands::select).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("auth", -2, ConnectionCommands::auth)
                .is(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, WITHOUT_ROLE, WATCHES).in(CONNECTION);
        t.row("hello", -1, ConnectionCommands::hello)
                .is(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, WITHOUT_ROLE, WATCHES).in(CONNECTION);
        t.row("reset", 1, ConnectionCommands::reset)
                .is(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, NO_QUEUE, WITHOUT_ROLE, WHILE_SUBSCRIBED)
                .in(CONNECTION);
        t.row("quit", -1, ConnectionCommands::quit)
                .is(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, NO_QUEUE, WITHOUT_ROLE, WHILE_SUBSCRIBED)
                .in(CONNECTION);
        ClientCommands.register(t);
        // spotless:on
    }

    private static void ping(Call call) {
        if (call.argc() > 2) {
            throw PING_ARITY;
        }
        if (call.client().onlyListens()) {
            call.reply().array(2);
            call.reply().bulk("pong");
            if (call.argc() == 1) {
                call.reply().bulk("");
            } else {
                call.reply().bulk(call.address(1), call.length(1));
            }
        } else if (call.argc() == 1) {
            call.reply().simple("PONG");
        } else {
            call.reply().bulk(call.address(1), call.length(1));
        }
    }

    private static void echo(Call call) {
        call.reply().bulk(call.address(1), call.length(1));
    }

    private static void select(Call call) {
        int index = (int) Numbers.between(call, 1, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (index < 0 || index >= call.store().databases()) {
            throw NOT_A_DATABASE;
        }
        call.client().select(index);
        call.reply().ok();
    }

    private static void auth(Call call) {
        if (call.argc() > 3) {
            throw CommandError.SYNTAX;
        }
        for (int i = 1; i < call.argc(); i++) {
            call.redact(i);
        }
        if (call.argc() == 2 && call.node().users().standardHasNoPassword()) {
            throw NO_PASSWORD_SET;
        }
        String user = call.argc() == 2 ? "default" : call.asString(1);
        authenticate(call, user, call.argc() - 1);
        call.reply().ok();
    }

    private static void authenticate(Call call, String user, int passwordAt) {
        Users users = call.node().users();
        User found = users.authenticate(user, call.asBytes(passwordAt));
        if (found == null) {
            // No script may run these: within another command they are part of a transaction.
            boolean queued = call.node().execution().isNested();
            users.refused(
                    call.client(), queued ? Users.Context.MULTI : Users.Context.of(call.client()), call.shown(0), user);
            throw WRONG_PASSWORD;
        }
        call.client().authenticate(found);
    }

    private static void hello(Call call) {
        int version = 0;
        int i = 1;
        if (call.argc() > 1) {
            long asked = call.asLong(1, PROTOCOL_NOT_INTEGER);
            if (asked < 2 || asked > 3) {
                throw NO_PROTOCOL;
            }
            version = (int) asked;
            i = 2;
        }
        while (i < call.argc()) {
            int more = call.argc() - i - 1;
            if (call.is(i, "AUTH") && more >= 2) {
                call.redact(i + 1);
                call.redact(i + 2);
                authenticate(call, call.asString(i + 1), i + 2);
                i += 3;
            } else if (call.is(i, "SETNAME") && more >= 1) {
                // Kept whatever follows, as a password is.
                call.node().heldNames().name(call.client(), ClientCommands.validName(call, i + 1));
                i += 2;
            } else {
                throw new CommandError("ERR Syntax error in HELLO option '" + call.shown(i) + "'");
            }
        }
        if (!call.client().authenticated()) {
            throw HELLO_NEEDS_AUTH;
        }
        if (version != 0) {
            call.reply().protocol(version);
        }
        greeting(call);
    }

    private static void greeting(Call call) {
        ReplyWriter r = call.reply();
        boolean sentinel = call.node().mode() == Node.Mode.SENTINEL;
        r.map(sentinel ? 6 : 7);
        r.bulk("server");
        r.bulk("redis");
        r.bulk("version");
        r.bulk(Node.REDIS_VERSION);
        r.bulk("proto");
        r.integer(r.resp3() ? 3 : 2);
        r.bulk("id");
        r.integer(call.client().id());
        r.bulk("mode");
        r.bulk(call.node().mode().word());
        if (!sentinel) {
            r.bulk("role");
            r.bulk(call.node().gate().isReplica() ? "replica" : "master");
        }
        r.bulk("modules");
        r.array(0);
    }

    private static void reset(Call call) {
        call.node().reset(call.client());
        call.reply().protocol(2);
        call.reply().simple("RESET");
    }

    private static void quit(Call call) {
        call.reply().ok();
        call.client().closeAfterReply();
    }
}
