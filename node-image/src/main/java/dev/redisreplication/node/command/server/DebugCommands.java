package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Handler;
import dev.redisreplication.node.command.argument.Doubles;

/** DEBUG, for tests: refused unless enable-debug-command allows it. */
final class DebugCommands {
    private static final CommandError REFUSED = new CommandError(
            "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
                    + " can run it from a local connection, otherwise you need to set this option in the configuration"
                    + " file, and then restart the server.");

    private DebugCommands() {}

    static void register(CommandTable t) {
        // spotless:off: one row a command
        CommandRow debug = t.row("debug", -2, guarded(t.help("DEBUG SLEEP <seconds>", "DEBUG SEGFAULT")), "1.0.0",
                "A container for debugging commands.").is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(debug, "sleep", 3, guarded(DebugCommands::sleep), "1.0.0", "Stops the server for a while.");
        t.sub(debug, "segfault", 2, guarded(DebugCommands::die), "1.0.0", "Ends the process at once, as a crash does.");
        t.sub(debug, "set-active-expire", 3, guarded(DebugCommands::activeExpire), "2.8.0",
                "Turns active expiry on or off.");
        // spotless:on
    }

    private static Handler guarded(Handler handler) {
        return call -> {
            String allowed = call.node().settings().text("enable-debug-command");
            boolean local = call.client().connection() != null
                    && call.client().connection().isLoopback();
            if (allowed.equals("no") || (allowed.equals("local") && !local)) {
                throw REFUSED;
            }
            handler.run(call);
        };
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

    private static void die(Call call) {
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
