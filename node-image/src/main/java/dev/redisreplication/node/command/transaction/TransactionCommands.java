package dev.redisreplication.node.command.transaction;

import static dev.redisreplication.node.command.Category.TRANSACTION;
import static dev.redisreplication.node.command.Flag.ALLOW_BUSY;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_QUEUE;
import static dev.redisreplication.node.command.Flag.SKIP_SLOWLOG;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Exec;
import dev.redisreplication.node.command.Transactions;

/** Transactions: commands are queued as they come, and executed together. */
public final class TransactionCommands {
    private static final CommandError NESTED = new CommandError("ERR MULTI calls can not be nested");
    private static final CommandError WATCH_IN_MULTI = new CommandError("ERR WATCH inside MULTI is not allowed");
    private static final CommandError EXEC_WITHOUT_MULTI = new CommandError("ERR EXEC without MULTI");
    private static final CommandError DISCARD_WITHOUT_MULTI = new CommandError("ERR DISCARD without MULTI");

    private TransactionCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        Exec exec = new Exec();
        // spotless:off: one row a command
        t.row("multi", 1, TransactionCommands::multi)
                .is(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY, NO_QUEUE).in(TRANSACTION);
        t.row("exec", 1, call -> exec(call, exec))
                .is(NOSCRIPT, LOADING, STALE, SKIP_SLOWLOG, NO_QUEUE).in(TRANSACTION);
        t.row("discard", 1, TransactionCommands::discard)
                .is(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY, NO_QUEUE).in(TRANSACTION);
        t.row("watch", -2, TransactionCommands::watch)
                .is(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY, NO_QUEUE).keys(1, -1, 1, RO).in(TRANSACTION);
        t.row("unwatch", 1, TransactionCommands::unwatch)
                .is(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY).in(TRANSACTION);
        // spotless:on
    }

    private static void multi(Call call) {
        if (!Transactions.begin(call.client())) {
            throw NESTED;
        }
        call.reply().ok();
    }

    private static void exec(Call call, Exec exec) {
        if (!call.client().inMulti()) {
            throw EXEC_WITHOUT_MULTI;
        }
        exec.run(call);
    }

    private static void discard(Call call) {
        if (!call.client().inMulti()) {
            throw DISCARD_WITHOUT_MULTI;
        }
        Transactions.end(call.node().watches(), call.client());
        call.reply().ok();
    }

    private static void watch(Call call) {
        if (call.client().inMulti()) {
            throw WATCH_IN_MULTI;
        }
        call.node().heldNames().requireRoom(call.request());
        for (int i = 1; i < call.argc(); i++) {
            call.node().watches().watch(call.client(), call.asBytes(i));
        }
        call.reply().ok();
    }

    private static void unwatch(Call call) {
        call.node().watches().unwatchAll(call.client());
        call.reply().ok();
    }
}
