package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * All commands of this server, found by name without making a String of it: open addressing over the upper-cased bytes.
 */
public final class CommandTable {
    private static final int SLOTS = 1024; // about 250 commands: mostly one probe
    private final CommandRow[] slots = new CommandRow[SLOTS];
    private final byte[][] names = new byte[SLOTS][];
    private final List<CommandRow> rows = new ArrayList<>(256);
    private String group = "generic";

    /** Names the group of the rows that follow, as COMMAND DOCS reports it: "string", "connection", ... */
    public CommandTable group(String name) {
        group = name;
        return this;
    }

    /**
     * Adds a command.
     *
     * @param name lower case
     * @param arity number of arguments with the name, or minus the least number
     * @param since version of Redis that brought it
     */
    public CommandRow row(String name, int arity, Handler handler, String since, String summary) {
        CommandRow row = new CommandRow(name, arity, handler, since, summary, group);
        rows.add(row);
        byte[] bytes = name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        int i = Ascii.hash(bytes) & (SLOTS - 1);
        while (slots[i] != null) {
            if (Arrays.equals(names[i], bytes)) {
                throw new IllegalStateException("two rows for " + name);
            }
            i = (i + 1) & (SLOTS - 1);
        }
        slots[i] = row;
        names[i] = bytes;
        return row;
    }

    /** Adds the subcommand {@code name} of {@code container}: {@code sub(client, "id", 2, ...)}, arity with both words. It begins with the flags and categories that the container has so far. */
    public CommandRow sub(CommandRow container, String name, int arity, Handler handler, String since, String summary) {
        CommandRow row = new CommandRow(container.name + "|" + name, arity, handler, since, summary, container.group);
        row.flags = name.equals("help") ? container.flags & Flag.WITHOUT_ROLE.bit : container.flags;
        if (name.equals("help")) {
            row.is(Flag.LOADING, Flag.STALE);
        }
        row.categories = container.categories;
        container.subcommands.add(row);
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

    /** Every command, in the order of registration, without subcommands. */
    public List<CommandRow> rows() {
        return Collections.unmodifiableList(rows);
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

    /** The row called {@code name}, such as {@code get} or {@code client|id}, or null. */
    public CommandRow find(String name) {
        for (CommandRow row : withSubcommands()) {
            if (row.name.equalsIgnoreCase(name)) {
                return row;
            }
        }
        return null;
    }

    /** Every command, each followed by its subcommands. */
    public List<CommandRow> withSubcommands() {
        List<CommandRow> all = new ArrayList<>(rows.size() * 2);
        for (CommandRow row : rows) {
            all.add(row);
            all.addAll(row.subcommands);
        }
        return all;
    }
}
