package dev.redisreplication.node.command.connection;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;

/** What CLIENT has about client side caching. It is never on here, and these answer what Redis does while it is off. */
final class TrackingCommands {
    private static final CommandError NOT_TRACKING =
            new CommandError("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
                    + " OPTOUT mode enabled");
    private static final CommandError UNSUPPORTED =
            new CommandError("ERR client side caching is not supported by this server");

    private TrackingCommands() {}

    static void register(CommandTable.Builder t, CommandRow.Builder client) {
        // spotless:off: one row a command
        t.sub(client, "tracking", -3, TrackingCommands::tracking);
        t.sub(client, "trackinginfo", 2, TrackingCommands::info);
        t.sub(client, "caching", 3, TrackingCommands::caching);
        t.sub(client, "getredir", 2, call -> call.reply().integer(-1));
        // spotless:on
    }

    private static void tracking(Call call) {
        for (int i = 3; i < call.argc(); i++) {
            boolean valued = call.is(i, "REDIRECT") || call.is(i, "PREFIX");
            boolean known = call.is(i, "BCAST") || call.is(i, "OPTIN") || call.is(i, "OPTOUT") || call.is(i, "NOLOOP");
            if (!known && (!valued || i + 1 == call.argc())) {
                throw CommandError.SYNTAX;
            }
            i += valued ? 1 : 0;
        }
        if (call.is(2, "ON")) {
            throw UNSUPPORTED;
        }
        if (!call.is(2, "OFF")) {
            throw CommandError.SYNTAX;
        }
        call.reply().ok();
    }

    private static void info(Call call) {
        call.reply().map(3);
        call.reply().bulk("flags");
        call.reply().set(1);
        call.reply().bulk("off");
        call.reply().bulk("redirect");
        call.reply().integer(-1);
        call.reply().bulk("prefixes");
        call.reply().array(0);
    }

    private static void caching(Call call) {
        throw NOT_TRACKING;
    }
}
