package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One row of the table of commands. Immutable; its figures are in {@link Stats}, its documentation in {@link CommandDocs}. It
 * is written as one expression:
 *
 * <pre>{@code
 * t.row("get", 2, c::get).is(READONLY, FAST).key(1, RO, ACCESS).in(STRING);
 * }</pre>
 *
 * A container such as CLIENT is a row too; its subcommands are rows named {@code "client|id"}, added by
 * {@link CommandTable.Builder#sub}.
 */
public final class CommandRow {
    /** Its place among all rows, where its figures are. */
    final int index;

    final String name;
    final int arity;
    private final CommandRow[] subcommands;
    final KeySpec[] keySpecs;
    private final Keys.Finder keyFinder;
    private final Declared declared;

    /** Whether the specifications tell all that there is to know of the keys. */
    final boolean specsSuffice;

    /** Whether it is done in so short a time, for most arguments, that a reading of the clock is a good part of it. */
    final boolean brief;

    final int flags;
    private final int categories;
    private final int firstChannel;
    private final boolean manyChannels;
    private final boolean channelPatterns;
    private final String upperSubname;

    private CommandRow(Builder of, int index, CommandRow... subcommands) {
        this.index = index;
        this.name = of.name;
        this.arity = of.arity;
        this.subcommands = subcommands;
        this.keySpecs = of.keySpecs.toArray(KeySpec[]::new);
        this.keyFinder = of.keyFinder;
        this.declared = of.declared;
        this.specsSuffice = keySpecs.length > 0 && of.keySpecs.stream().noneMatch(s -> s.has(KeyFlag.VARIABLE_FLAGS));
        boolean movable = !of.keySpecs.stream().allMatch(KeySpec::isRange);
        int own = movable ? of.flags | Flag.MOVABLEKEYS.bit : of.flags;
        this.flags = (own & Flag.IMPLY_WITHOUT_ROLE) == 0 ? own : own | Flag.WITHOUT_ROLE.bit;
        this.categories = of.categories;
        this.brief = has(Flag.FAST) || name.equals("set") || name.equals("del");
        this.firstChannel = of.firstChannel;
        this.manyChannels = of.manyChannels;
        this.channelPatterns = of.channelPatterns;
        this.upperSubname = name.substring(name.indexOf('|') + 1).toUpperCase(Locale.ROOT);
    }

    /** Its place among all rows of the table, from 0. */
    public int index() {
        return index;
    }

    /** Where its channels begin, or 0 if it has none that a user needs a right to. */
    public int firstChannel() {
        return firstChannel;
    }

    /** Whether all arguments from there on are channels. */
    public boolean hasManyChannels() {
        return manyChannels;
    }

    /** Whether the channels are patterns. */
    public boolean hasChannelPatterns() {
        return channelPatterns;
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

    /** The flags that {@code request}, which calls it, is checked by. */
    int flags(Request request) {
        return declared == null ? flags : declared.flags(flags, request);
    }

    /** Whether only its subcommands are executed: what it was given is for them, and it has no flags itself. */
    private boolean isContainer() {
        return !acceptsArgc(1) && hasSubcommands();
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

    /** Where its keys are. */
    public List<KeySpec> keySpecs() {
        return List.of(keySpecs);
    }

    /** Whether it may have keys among its arguments. */
    public boolean hasKeys() {
        if (keyFinder != null) {
            return true;
        }
        for (KeySpec spec : keySpecs) {
            if (!spec.has(KeyFlag.NOT_KEY)) {
                return true;
            }
        }
        return false;
    }

    /** Rows of its subcommands. */
    public List<CommandRow> subcommands() {
        return List.of(subcommands);
    }

    boolean hasSubcommands() {
        return subcommands.length > 0;
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

    /** The row of the subcommand that argument 1 names, or null. */
    CommandRow subcommand(Request request) {
        if (!hasSubcommands() || request.argc() < 2) {
            return null;
        }
        for (CommandRow sub : subcommands) {
            if (Ascii.same(request.address(1), request.length(1), sub.upperSubname)) {
                return sub;
            }
        }
        return null;
    }

    /**
     * Finds the keys of a request that calls it, by the specifications, and where these do not suffice by a function.
     *
     * @param request the command as it came, of a number of arguments that is accepted
     * @param keys is filled with them
     * @return whether there are any: of none, a command that has keys would be answered by an error
     */
    public boolean findKeys(Request request, Keys keys) {
        keys.clear();
        if (specsSuffice && findBySpecs(request, keys)) {
            return keys.ranges() > 0;
        }
        keys.clear();
        if (keyFinder != null) {
            keyFinder.find(request, keys);
        }
        return keys.ranges() > 0;
    }

    private boolean findBySpecs(Request request, Keys keys) {
        for (KeySpec spec : keySpecs) {
            if (spec.has(KeyFlag.NOT_KEY)) {
                continue;
            }
            if (!spec.find(request, keys) || spec.has(KeyFlag.INCOMPLETE)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it may be called with {@code argc} arguments, its name included. */
    public boolean acceptsArgc(int argc) {
        return arity >= 0 ? argc == arity : argc >= -arity;
    }

    /** Whether at least all arguments are there that the handler looks at. */
    boolean hasArguments(int argc) {
        return argc >= Math.abs(arity);
    }

    /** A row that is being written. */
    public static final class Builder {
        private final String name;
        private final int arity;
        private final List<Builder> subcommands = new ArrayList<>(0);
        private final List<KeySpec> keySpecs = new ArrayList<>(2);
        private Keys.Finder keyFinder;
        private Declared declared;
        private int flags;
        private int categories;
        private int firstChannel;
        private boolean manyChannels;
        private boolean channelPatterns;

        Builder(String name, int arity) {
            this.name = name;
            this.arity = arity;
        }

        String name() {
            return name;
        }

        /** A subcommand of this one, with the flags and categories that this one has so far. */
        Builder sub(String subname, int arity) {
            Builder sub = new Builder(name + "|" + subname, arity);
            sub.flags = flags;
            if (subname.equals("help")) {
                sub.flags = flags & Flag.WITHOUT_ROLE.bit | Flag.LOADING.bit | Flag.STALE.bit;
            }
            sub.categories = categories;
            subcommands.add(sub);
            return sub;
        }

        /** Adds the row, its subcommands behind it, to {@code all}. */
        CommandRow build(List<CommandRow> all) {
            int index = all.size();
            all.add(null);
            CommandRow[] subs = subcommands.stream().map(sub -> sub.build(all)).toArray(CommandRow[]::new);
            CommandRow row = new CommandRow(this, index, subs);
            all.set(index, row);
            return row;
        }

        /** Adds flags. */
        public Builder is(Flag... which) {
            for (Flag f : which) {
                flags |= f.bit;
            }
            return this;
        }

        /** The ACL categories that do not follow from the flags. */
        public Builder in(Category... which) {
            for (Category c : which) {
                categories |= c.bit;
            }
            return this;
        }

        /** One channel, at argument {@code position}. */
        public Builder channel(int position) {
            firstChannel = position;
            return this;
        }

        /** Channels from argument {@code first} on, or patterns of them. */
        public Builder channels(int first, boolean patterns) {
            firstChannel = first;
            manyChannels = true;
            channelPatterns = patterns;
            return this;
        }

        /** One key, at argument {@code position}. */
        public Builder key(int position, KeyFlag... which) {
            return keys(position, position, 1, which);
        }

        /** Keys at {@code first}, {@code first + step}, ... up to {@code last}; a negative last counts from the end. */
        public Builder keys(int first, int last, int step, KeyFlag... which) {
            int relative = last < 0 ? last : last - first;
            return keys(new KeySpec.Index(first), new KeySpec.Range(relative, step, 0), which);
        }

        /** Argument {@code position} says how many keys follow it. */
        public Builder numberedKeys(int position, KeyFlag... which) {
            return keys(new KeySpec.Index(position), new KeySpec.Numbered(0, 1, 1), which);
        }

        /** Keys behind {@code word}, as {@code find} says: {@link KeySpec.Keyword}. */
        public Builder keysBehind(String word, int from, KeySpec.Find find, KeyFlag... which) {
            return keys(new KeySpec.Keyword(word, from), find, which);
        }

        /** Keys that only {@link #keysBy} finds. */
        public Builder unknownKeys(KeyFlag... which) {
            return keys(new KeySpec.Unknown(), new KeySpec.Unknown(), which);
        }

        private Builder keys(KeySpec.Begin begin, KeySpec.Find find, KeyFlag... which) {
            keySpecs.add(new KeySpec(begin, find, KeyFlag.bits(which)));
            return this;
        }

        /** What tells the flags of a request where its arguments decide them. */
        public Builder declaredBy(Declared what) {
            declared = what;
            return this;
        }

        /** What finds the keys where the specifications are incomplete or their flags variable. */
        public Builder keysBy(Keys.Finder finder) {
            keyFinder = finder;
            return this;
        }
    }
}
