package dev.redisreplication.node.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All commands of this server, and what executes them. Immutable. */
public final class CommandTable extends CommandRows {
    private final Handler[] handlers;

    private CommandTable(List<CommandRow.Builder> builders, Map<String, Handler> handlersByName) {
        super(builders);
        handlers = withSubcommands().stream()
                .map(row -> handlersByName.get(row.name))
                .toArray(Handler[]::new);
    }

    private CommandTable(CommandTable like, Map<String, String> names) {
        super(like, names);
        handlers = like.handlers;
    }

    /**
     * This table with other names for some commands, as clients say them.
     *
     * @param names by own names, both in lower case; "" where clients cannot call the command
     * @throws IllegalArgumentException when there is no such command, or two have one name
     */
    public CommandTable renamed(Map<String, String> names) {
        return names.isEmpty() ? this : new CommandTable(this, names);
    }

    /** What executes a row. */
    Handler handler(CommandRow row) {
        return handlers[row.index];
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

        /** Leaves out all commands but these. */
        public void only(Set<String> names) {
            rows.removeIf(row -> !names.contains(row.name()));
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
