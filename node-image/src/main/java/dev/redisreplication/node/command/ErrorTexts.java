package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.util.Locale;

/** Errors of the dispatcher, in the words of Redis 7.0. */
final class ErrorTexts {
    static final CommandError NO_AUTH = new CommandError("NOAUTH Authentication required.");
    static final CommandError LOADING = new CommandError("LOADING Redis is loading the dataset in memory");
    static final CommandError NOT_IN_MULTI = new CommandError("ERR Command not allowed inside a transaction");

    static final CommandError REPLICA_IN_KEYSPACE = new CommandError("ERR Replica can't interact with the keyspace");
    static final CommandError DEBUG_REFUSED = new CommandError(
            "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
                    + " can run it from a local connection, otherwise you need to set this option in the configuration"
                    + " file, and then restart the server.");

    static final int SHOWN = 128;

    private ErrorTexts() {}

    static String unknownCommand(Request request) {
        StringBuilder args = new StringBuilder();
        for (int i = 1; i < request.argc() && args.length() < SHOWN; i++) {
            String arg = cut(request, i, SHOWN - args.length());
            args.append('\'').append(arg).append("' ");
        }
        return "ERR unknown command '" + cut(request, 0, SHOWN) + "', with args beginning with: " + args;
    }

    static String unknownSubcommand(CommandRow row, Request request) {
        return "ERR unknown subcommand '" + cut(request, 1, SHOWN) + "'. Try "
                + row.name().toUpperCase(Locale.ROOT) + " HELP.";
    }

    static String whileSubscribed(CommandRow row) {
        return "ERR Can't execute '" + row.name()
                + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are" + " allowed in this context";
    }

    /** The code that an error begins with. */
    static String code(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    /** The beginning of argument {@code i}, a character a byte; like the C strings of Redis it ends at a NUL. */
    static String cut(Request request, int i, int length) {
        String text = Ascii.latin(request.address(i), Math.min(request.length(i), length));
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }
}
