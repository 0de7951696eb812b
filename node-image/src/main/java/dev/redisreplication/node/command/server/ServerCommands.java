package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Category.KEYSPACE;
import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.ALLOW_BUSY;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_MULTI;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WATCHES;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;
import static dev.redisreplication.node.command.Flag.WRITE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.Journal;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Shutdown;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Looking at the server, emptying it, ending it. */
public final class ServerCommands {
    private static final CommandError NOT_A_DATABASE = new CommandError("ERR DB index is out of range");
    private static final CommandError INVALID_FIRST = new CommandError("ERR invalid first DB index");
    private static final CommandError INVALID_SECOND = new CommandError("ERR invalid second DB index");

    private ServerCommands() {}

    /**
     * Adds the rows.
     *
     * @param flushedAll told on the loop when FLUSHALL has emptied the data
     */
    public static void register(CommandTable.Builder t, Runnable flushedAll, Shutdown shutdown) {
        // spotless:off: one row a command
        t.row("info", -1, ServerCommands::info).is(LOADING, STALE, WITHOUT_ROLE, WATCHES).in(DANGEROUS);
        t.row("dbsize", 1, ServerCommands::dbsize).is(READONLY, FAST).in(KEYSPACE);
        t.row("flushall", -1, call -> flushAll(call, flushedAll)).is(WRITE).in(KEYSPACE, DANGEROUS);
        t.row("flushdb", -1, ServerCommands::flushDb).is(WRITE).in(KEYSPACE, DANGEROUS);
        t.row("swapdb", 3, ServerCommands::swapDb).is(WRITE, FAST).in(KEYSPACE, DANGEROUS);
        t.row("time", 1, ServerCommands::time).is(LOADING, STALE, FAST);
        t.row("lolwut", -1, ServerCommands::lolwut).is(READONLY, FAST);
        t.row("shutdown", -1, call -> shutdown(call, shutdown))
                .is(ADMIN, NOSCRIPT, LOADING, STALE, NO_MULTI, ALLOW_BUSY);
        ConfigCommands.register(t);
        CommandCommands.register(t);
        ModuleCommands.register(t);
        ClusterCommands.register(t);
        // spotless:on
    }

    private static void info(Call call) {
        Set<String> sections = new HashSet<>();
        for (int i = 1; i < call.argc(); i++) {
            sections.add(call.asString(i).toLowerCase(Locale.ROOT));
        }
        call.reply().verbatim("txt", call.node().info().text(sections));
    }

    /** Draws nothing: which version to be compatible with is all that it says, as Redis does for versions without a picture. */
    private static void lolwut(Call call) {
        if (call.argc() > 2 && call.is(1, "VERSION")) {
            call.asLong(2);
        }
        call.reply().verbatim("txt", "Redis ver. " + Node.REDIS_VERSION + "\n");
    }

    private static void dbsize(Call call) {
        call.reply().integer(call.db().size());
    }

    private static void flushAll(Call call, Runnable flushedAll) {
        checkFlushMode(call);
        long keys = call.store().size();
        call.store().flush();
        flushedAll.run();
        flushed(call, Journal.ALL, keys);
    }

    private static void flushDb(Call call) {
        checkFlushMode(call);
        long keys = call.db().size();
        call.db().flush();
        flushed(call, call.client().db(), keys);
    }

    /** SYNC and ASYNC are the same here: pages are given back at once, whatever their number. */
    private static void checkFlushMode(Call call) {
        if (call.argc() > 2 || (call.argc() == 2 && !call.is(1, "SYNC") && !call.is(1, "ASYNC"))) {
            throw CommandError.SYNTAX;
        }
    }

    private static void flushed(Call call, int db, long keys) {
        call.node().journal().add(Event.FLUSHED, db);
        call.changed((int) Math.min(keys, Integer.MAX_VALUE));
        call.propagate(); // even when there was nothing: a replica may have something to lose
        call.reply().ok();
    }

    private static void swapDb(Call call) {
        int first = index(call, 1, INVALID_FIRST);
        int second = index(call, 2, INVALID_SECOND);
        int databases = call.store().databases();
        if (first < 0 || first >= databases || second < 0 || second >= databases) {
            throw NOT_A_DATABASE;
        }
        call.store().swap(first, second);
        call.node().journal().add(Event.EXCHANGED, first);
        call.node().journal().add(Event.EXCHANGED, second);
        call.changed(1);
        call.reply().ok();
    }

    private static int index(Call call, int i, CommandError otherwise) {
        long index = call.asLong(i, otherwise);
        if (index != (int) index) {
            throw otherwise;
        }
        return (int) index;
    }

    private static void time(Call call) {
        long micros = call.node().micros();
        call.reply().array(2);
        call.reply().bulk(micros / 1_000_000);
        call.reply().bulk(micros % 1_000_000);
    }

    /** A script in the middle of its work leaves data that are not to be saved; and nothing is waited for that it would hold up. */
    private static Shutdown.Options whileBusy(CommandError busy, Shutdown.Options options) {
        if (busy != null && !Boolean.FALSE.equals(options.save())) {
            throw busy;
        }
        return busy == null ? options : options.with("now");
    }

    private static void shutdown(Call call, Shutdown shutdown) {
        Shutdown.Options options = Shutdown.Options.NONE;
        boolean abort = false;
        for (int i = 1; i < call.argc(); i++) {
            if (call.is(i, "ABORT")) {
                abort = true;
                continue;
            }
            options = options.with(call.asString(i));
            if (options == null) {
                throw CommandError.SYNTAX;
            }
        }
        if (abort && !options.equals(Shutdown.Options.NONE)) {
            throw CommandError.SYNTAX;
        }
        if (!abort) {
            options = whileBusy(call.node().interlude().busy(), options);
            shutdown.begin(options, call.await(shutdown.waiting(), 0));
        } else if (shutdown.abort()) {
            call.reply().ok();
        } else {
            throw new CommandError("ERR No shutdown in progress.");
        }
    }
}
