package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All commands of this server, found by name without making a String of it: open addressing over the upper-cased bytes.
 * Immutable.
 */
public final class CommandTable {
    private static final int SLOTS = 1024; // about 250 commands: mostly one probe
    private final CommandRow[] slots = new CommandRow[SLOTS];
    private final byte[][] names = new byte[SLOTS][];
    private final List<CommandRow> rows;
    private final List<CommandRow> withSubcommands;
    private final Handler[] handlers;

    private CommandTable(List<CommandRow.Builder> builders, Map<String, Handler> handlersByName) {
        List<CommandRow> commands = new ArrayList<>(builders.size());
        List<CommandRow> all = new ArrayList<>(2 * builders.size());
        for (CommandRow.Builder builder : builders) {
            CommandRow row = builder.build(all);
            commands.add(row);
            place(row);
        }
        rows = Collections.unmodifiableList(commands);
        withSubcommands = Collections.unmodifiableList(all);
        handlers = all.stream().map(row -> handlersByName.get(row.name)).toArray(Handler[]::new);
    }

    private void place(CommandRow row) {
        byte[] bytes = row.name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        int i = Ascii.hash(bytes) & (SLOTS - 1);
        while (slots[i] != null) {
            if (Arrays.equals(names[i], bytes)) {
                throw new IllegalStateException("two rows for " + row.name);
            }
            i = (i + 1) & (SLOTS - 1);
        }
        slots[i] = row;
        names[i] = bytes;
    }

    /** What executes a row. */
    Handler handler(CommandRow row) {
        return handlers[row.index];
    }

    /** Every command, in the order of registration, without subcommands. */
    public List<CommandRow> rows() {
        return rows;
    }

    /** Every command, each followed by its subcommands. */
    public List<CommandRow> withSubcommands() {
        return withSubcommands;
    }

    /** The row of the name at {@code address}, in any case, or null. */
    CommandRow find(long address, int length) {
        int i = Ascii.hash(address, length) & (SLOTS - 1);
        for (CommandRow row = slots[i]; row != null; row = slots[i]) {
            if (Ascii.same(address, length, names[i])) {
                return row;
            }
            i = (i + 1) & (SLOTS - 1);
        }
        return null;
    }

    /** The row that {@code request} calls, a subcommand's if it names one, or null. */
    public CommandRow find(Request request) {
        CommandRow row = find(request.address(0), request.length(0));
        return row == null || !row.hasSubcommands() || request.argc() == 1 ? row : row.subcommand(request);
    }

    /** The row called {@code name}, such as {@code get} or {@code client|id}, or null. */
    public CommandRow find(String name) {
        for (CommandRow row : withSubcommands) {
            if (row.name.equalsIgnoreCase(name)) {
                return row;
            }
        }
        return null;
    }

    /** A table that is being written. */
    public static final class Builder {
        private final List<CommandRow.Builder> rows = new ArrayList<>(256);
        private final Map<String, Handler> handlers = new HashMap<>(512);

        /**
         * Adds a command.
         *
         * @param name lower case
         * @param arity number of arguments with the name, or minus the least number
         */
        public CommandRow.Builder row(String name, int arity, Handler handler) {
            CommandRow.Builder row = new CommandRow.Builder(name, arity);
            handlers.put(name, handler);
            rows.add(row);
            return row;
        }

        /** Adds the subcommand {@code name} of {@code container}: {@code sub(client, "id", 2, ...)}, arity with both words. It begins with the flags and categories that the container has so far. */
        public CommandRow.Builder sub(CommandRow.Builder container, String name, int arity, Handler handler) {
            CommandRow.Builder row = container.sub(name, arity);
            handlers.put(row.name(), handler);
            return row;
        }

        /** A handler that answers with lines of help. */
        public Handler help(String... lines) {
            return call -> {
                call.reply().array(lines.length + 2);
                for (String line : lines) {
                    call.reply().simple(line);
                }
                call.reply().simple("HELP");
                call.reply().simple("    Prints this help.");
            };
        }

        /** The table of what was added. */
        public CommandTable build() {
            return new CommandTable(rows, handlers);
        }
    }
}
