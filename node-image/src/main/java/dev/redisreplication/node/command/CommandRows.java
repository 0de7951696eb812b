package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All commands of this server, found by name without making a String of it: open addressing over the upper-cased bytes.
 * Clients may call some of them by other names, or not at all; the log always has their own. Immutable. Who executes them
 * is not known here, but in {@link CommandTable}.
 */
public class CommandRows {
    private static final int SLOT_BITS = 10; // about 250 commands: mostly one probe
    private static final int SLOTS = 1 << SLOT_BITS;
    private final CommandRow[] slots = new CommandRow[SLOTS];
    private final byte[][] names = new byte[SLOTS][];
    private final long[] words = new long[SLOTS]; // the names again, as Ascii.word
    private final List<CommandRow> rows;
    private final List<CommandRow> withSubcommands;
    private final List<CommandRow> renamed = new ArrayList<>();

    CommandRows(List<CommandRow.Builder> builders) {
        List<CommandRow> commands = new ArrayList<>(builders.size());
        List<CommandRow> all = new ArrayList<>(2 * builders.size());
        for (CommandRow.Builder builder : builders) {
            CommandRow row = builder.build(all);
            commands.add(row);
            place(row, row.name);
        }
        rows = Collections.unmodifiableList(commands);
        withSubcommands = Collections.unmodifiableList(all);
    }

    /**
     * The rows of {@code like}, some of them under other names.
     *
     * @param names by own names, both in lower case; "" where clients cannot call the command
     * @throws IllegalArgumentException when there is no such command, or two have one name
     */
    CommandRows(CommandRows like, Map<String, String> names) {
        rows = like.rows;
        withSubcommands = like.withSubcommands;
        for (String name : names.keySet()) {
            if (rows.stream().noneMatch(row -> row.name.equals(name))) {
                throw new IllegalArgumentException("No such command in rename-command: '" + name + "'");
            }
        }
        for (CommandRow row : rows) {
            String name = names.getOrDefault(row.name, row.name);
            if (!name.isEmpty()) {
                place(row, name);
            }
            if (!name.equals(row.name)) {
                renamed.add(row);
            }
        }
    }

    private void place(CommandRow row, String name) {
        byte[] bytes = name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        long word = Ascii.word(bytes);
        int i = slot(word, bytes.length);
        while (slots[i] != null) {
            if (Arrays.equals(names[i], bytes)) {
                throw new IllegalArgumentException("Target command name already exists: '" + name + "'");
            }
            i = (i + 1) & (SLOTS - 1);
        }
        slots[i] = row;
        names[i] = bytes;
        words[i] = word;
    }

    private static int slot(long word, int length) {
        return (int) ((word + length) * 0x9E3779B97F4A7C15L >>> 64 - SLOT_BITS);
    }

    /** Every command, in the order of registration, without subcommands. */
    public final List<CommandRow> rows() {
        return rows;
    }

    /** Every command, each followed by its subcommands. */
    public final List<CommandRow> withSubcommands() {
        return withSubcommands;
    }

    /** The row of the name at {@code address}, in any case, or null. */
    final CommandRow find(long address, int length) {
        long word = Ascii.word(address, length);
        int i = slot(word, length);
        for (CommandRow row = slots[i]; row != null; row = slots[i]) {
            if (words[i] == word
                    && (length <= Ascii.WORD ? length == names[i].length : Ascii.same(address, length, names[i]))) {
                return row;
            }
            i = (i + 1) & (SLOTS - 1);
        }
        return null;
    }

    /** The row that {@code request} calls, a subcommand's if it names one, or null. */
    public final CommandRow find(Request request) {
        CommandRow row = find(request.address(0), request.length(0));
        return row == null || !row.hasSubcommands() || request.argc() == 1 ? row : row.subcommand(request);
    }

    /** The row that {@code request} of this origin calls: what comes from a log has the commands' own names. */
    final CommandRow find(Origin origin, Request request) {
        if (origin != Origin.CLIENT) {
            for (CommandRow row : renamed) {
                if (Ascii.same(request.address(0), request.length(0), row.name.toUpperCase(Locale.ROOT))) {
                    return row;
                }
            }
        }
        return find(request.address(0), request.length(0));
    }

    /** The row called {@code name}, such as {@code get} or {@code client|id}, or null. */
    public final CommandRow find(String name) {
        for (CommandRow row : withSubcommands) {
            if (row.name.equalsIgnoreCase(name)) {
                return row;
            }
        }
        return null;
    }
}
