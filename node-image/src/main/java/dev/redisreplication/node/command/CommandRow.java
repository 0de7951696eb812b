package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One row of the table of commands, written as one expression:
 *
 * <pre>{@code
 * t.row("get", 2, StringCommands::get, "1.0.0", "Returns the string value of a key.")
 *         .is(READONLY, FAST).keys(1).in(STRING);
 * }</pre>
 *
 * A container such as CLIENT is a row too; its subcommands are rows named {@code "client|id"}, added by
 * {@link CommandTable#sub}.
 */
public final class CommandRow {
    final String name;
    final int arity;
    final Handler handler;
    final String since;
    final String summary;
    final String group;
    private final String upperSubname;
    final CommandStats stats = new CommandStats();
    final List<CommandRow> subcommands = new ArrayList<>(0);

    int flags;
    int categories;
    int firstKey;
    int lastKey;
    int keyStep;
    KeyFinder keyFinder;

    CommandRow(String name, int arity, Handler handler, String since, String summary, String group) {
        this.name = name;
        this.arity = arity;
        this.handler = handler;
        this.since = since;
        this.summary = summary;
        this.group = group;
        this.upperSubname = name.substring(name.indexOf('|') + 1).toUpperCase(Locale.ROOT);
    }

    /** Finds the keys of a command whose positions no three numbers can say, such as {@code EVAL}. */
    @FunctionalInterface
    public interface KeyFinder {
        /** The positions of the keys among the arguments of {@code call}, in order. */
        int[] keys(Call call);
    }

    /** Sets the flags. */
    public CommandRow is(Flag... which) {
        for (Flag f : which) {
            flags |= f.bit;
        }
        return this;
    }

    /** One key, at argument {@code position}. */
    public CommandRow keys(int position) {
        return keys(position, position, 1);
    }

    /** Keys at {@code first}, {@code first + step}, ... up to {@code last}; a negative last counts from the end. */
    public CommandRow keys(int first, int last, int step) {
        firstKey = first;
        lastKey = last;
        keyStep = step;
        return this;
    }

    /** The keys must be searched for, by {@code finder}. Sets MOVABLEKEYS. */
    public CommandRow keysBy(KeyFinder finder) {
        keyFinder = finder;
        return is(Flag.MOVABLEKEYS);
    }

    /** The ACL categories that do not follow from the flags. */
    public CommandRow in(Category... which) {
        for (Category c : which) {
            categories |= c.bit;
        }
        return this;
    }

    /** The name, lower case; of a subcommand {@code container|sub}. */
    public String name() {
        return name;
    }

    /** Number of arguments with the name, or minus the least number. */
    public int arity() {
        return arity;
    }

    /** Whether the row carries {@code flag}. */
    public boolean has(Flag flag) {
        return (flags & flag.bit) != 0;
    }

    /** Whether only its subcommands are executed: what it was given is for them, and it has no flags itself. */
    private boolean isContainer() {
        return !acceptsArgc(1) && !subcommands.isEmpty();
    }

    /** All flags. */
    public Set<Flag> flags() {
        EnumSet<Flag> all = EnumSet.noneOf(Flag.class);
        if (isContainer()) {
            return all;
        }
        for (Flag f : Flag.values()) {
            if (has(f)) {
                all.add(f);
            }
        }
        return all;
    }

    /** Position of the first key, or 0. */
    public int firstKey() {
        return firstKey;
    }

    /** Position of the last key; negative from the end. */
    public int lastKey() {
        return lastKey;
    }

    /** Distance from one key to the next. */
    public int keyStep() {
        return keyStep;
    }

    /** Version of Redis that brought the command. */
    public String since() {
        return since;
    }

    /** One sentence on what it does. */
    public String summary() {
        return summary;
    }

    /** The group it is documented in. */
    public String group() {
        return group;
    }

    /** Rows of its subcommands. */
    public List<CommandRow> subcommands() {
        return Collections.unmodifiableList(subcommands);
    }

    /** The ACL categories it was given and those that its flags say. */
    public Set<Category> allCategories() {
        EnumSet<Category> all = EnumSet.noneOf(Category.class);
        if (isContainer()) {
            all.add(Category.SLOW);
            return all;
        }
        for (Category c : Category.values()) {
            if ((categories & c.bit) != 0) {
                all.add(c);
            }
        }
        addIf(all, Flag.WRITE, Category.WRITE);
        boolean scripting = all.contains(Category.SCRIPTING);
        if (has(Flag.READONLY) && !scripting) {
            all.add(Category.READ);
        }
        addIf(all, Flag.ADMIN, Category.ADMIN);
        addIf(all, Flag.ADMIN, Category.DANGEROUS);
        addIf(all, Flag.PUBSUB, Category.PUBSUB);
        addIf(all, Flag.BLOCKING, Category.BLOCKING);
        all.add(has(Flag.FAST) ? Category.FAST : Category.SLOW);
        return all;
    }

    private void addIf(Set<Category> all, Flag flag, Category category) {
        if (has(flag)) {
            all.add(category);
        }
    }

    /** Figures for INFO commandstats. */
    public CommandStats stats() {
        return stats;
    }

    /** The row of the subcommand that argument 1 names, or null. */
    CommandRow subcommand(Request request) {
        if (subcommands.isEmpty() || request.argc() < 2) {
            return null;
        }
        for (CommandRow sub : subcommands) {
            if (Ascii.same(request.address(1), request.length(1), sub.upperSubname)) {
                return sub;
            }
        }
        return null;
    }

    boolean acceptsArgc(int argc) {
        return arity >= 0 ? argc == arity : argc >= -arity;
    }

    /** Whether at least all arguments are there that the handler looks at. */
    boolean hasArguments(int argc) {
        return argc >= Math.abs(arity);
    }
}
