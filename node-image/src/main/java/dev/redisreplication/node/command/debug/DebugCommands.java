package dev.redisreplication.node.command.debug;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.PROTECTED;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Handler;
import dev.redisreplication.node.command.argument.Doubles;

/** DEBUG, for tests: refused unless enable-debug-command allows it. */
public final class DebugCommands {
    private DebugCommands() {}

    /** One row without subcommands, as in Redis: INFO and CLIENT LIST name nothing but {@code debug}. */
    public static void register(CommandTable.Builder t) {
        Handler help = t.help(
                "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                "DIGEST",
                "    Output a hex signature representing the current DB content.",
                "DIGEST-VALUE <key> [<key> ...]",
                "    Output a hex signature of the values of all the specified keys.",
                "SLEEP <seconds>",
                "    Stop the server for <seconds>. Decimals allowed.",
                "SEGFAULT",
                "    End the process at once, as a crash does.",
                "SET-ACTIVE-EXPIRE <0|1>",
                "    Setting it to 0 disables expiring keys in background.");
        // spotless:off: one row a command
        t.row("debug", -2, call -> debug(call, help)).is(ADMIN, NOSCRIPT, LOADING, STALE, PROTECTED);
        // spotless:on
    }

    private static void debug(Call call, Handler help) {
        if (call.argc() == 2 && call.is(1, "HELP")) {
            help.run(call);
        } else if (call.argc() == 2 && call.is(1, "DIGEST")) {
            call.reply().simple(new DataDigest().of(call.store()));
        } else if (call.is(1, "DIGEST-VALUE")) {
            digestValues(call);
        } else if (call.argc() == 3 && call.is(1, "SLEEP")) {
            sleep(call);
        } else if (call.is(1, "SEGFAULT")) {
            die();
        } else if (call.argc() == 3 && call.is(1, "SET-ACTIVE-EXPIRE")) {
            activeExpire(call);
        } else {
            throw new CommandError(
                    "ERR unknown subcommand or wrong number of arguments for '" + call.shown(1) + "'. Try DEBUG HELP.");
        }
    }

    private static void digestValues(Call call) {
        DataDigest digest = new DataDigest();
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            long entry = call.db().findAsIs(call.address(i), call.length(i));
            call.reply().simple(digest.ofValue(call.db(), entry));
        }
    }

    /** Stops the whole event loop, which is the point of it. */
    private static void sleep(Call call) {
        double seconds = Doubles.strict(call.address(2), call.length(2));
        if (Double.isNaN(seconds)) {
            throw CommandError.NOT_FLOAT;
        }
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (true) {
            long rest = until - System.nanoTime();
            if (rest <= 0) {
                break;
            }
            try {
                Thread.sleep(rest / 1_000_000, (int) (rest % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        call.reply().ok();
    }

    private static void die() {
        Runtime.getRuntime().halt(139); // what a shell reports for a segmentation fault
    }

    private static void activeExpire(Call call) {
        if (!call.is(2, "0") && !call.is(2, "1")) {
            throw CommandError.NOT_INTEGER;
        }
        call.node().activeExpiry(call.is(2, "1"));
        call.reply().ok();
    }
}
