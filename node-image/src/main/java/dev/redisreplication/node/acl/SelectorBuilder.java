package dev.redisreplication.node.acl;

import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandDocs;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A selector that is being written, rule by rule. */
final class SelectorBuilder {
    private final CommandTable table;
    private boolean allCommands;
    private boolean future;
    private final BitSet commands = new BitSet();
    private final Map<Integer, List<String>> firstArguments = new HashMap<>();
    private final List<String> commandRules = new ArrayList<>();
    private boolean allKeys;
    private final List<KeyPattern> keys = new ArrayList<>();
    private boolean allChannels;
    private final List<Pattern> channels = new ArrayList<>();

    /** Nothing is allowed, except all channels if {@code allChannels}. */
    SelectorBuilder(CommandTable table, boolean allChannels) {
        this.table = table;
        this.allChannels = allChannels;
    }

    /** What {@code from} allows. */
    SelectorBuilder(CommandTable table, Selector from) {
        this.table = table;
        allCommands = from.allCommands();
        future = from.future();
        commands.or(from.commands());
        from.firstArguments().forEach((row, words) -> firstArguments.put(row, new ArrayList<>(words)));
        commandRules.addAll(from.commandRules());
        allKeys = from.allKeys();
        keys.addAll(from.keys());
        allChannels = from.allChannels();
        channels.addAll(from.channels());
    }

    Selector build() {
        Map<Integer, List<String>> words = new TreeMap<>();
        firstArguments.forEach((row, list) -> words.put(row, List.copyOf(list)));
        return new Selector(
                allCommands,
                future,
                (BitSet) commands.clone(),
                words,
                List.copyOf(commandRules),
                allKeys,
                List.copyOf(keys),
                allChannels,
                List.copyOf(channels));
    }

    void apply(String rule) throws RuleException {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "allkeys", "~*" -> keys(true);
            case "resetkeys" -> keys(false);
            case "allchannels", "&*" -> channels(true);
            case "resetchannels" -> channels(false);
            case "allcommands", "+@all" -> commands(true);
            case "nocommands", "-@all" -> commands(false);
            default -> applySpecific(rule);
        }
    }

    private void applySpecific(String rule) throws RuleException {
        if (rule.isEmpty()) {
            return;
        }
        char first = rule.charAt(0);
        if (first == '~' || first == '%') {
            addKeys(rule);
        } else if (first == '&') {
            addChannels(rule.substring(1));
        } else if (first != '+' && first != '-') {
            throw RuleException.syntax();
        } else if (rule.length() > 1 && rule.charAt(1) == '@') {
            category(rule.substring(2), first == '+');
        } else if (first == '-' || rule.indexOf('|') < 0) {
            command(rule.substring(1), first == '+');
        } else {
            withArgument(rule.substring(1));
        }
    }

    private void keys(boolean all) {
        allKeys = all;
        keys.clear();
    }

    private void channels(boolean all) {
        allChannels = all;
        channels.clear();
    }

    private void commands(boolean all) {
        allCommands = all;
        future = all;
        commands.clear();
        if (all) {
            commands.set(0, table.withSubcommands().size());
        }
        firstArguments.clear();
        commandRules.clear();
    }

    private void addKeys(String rule) throws RuleException {
        if (allKeys) {
            throw new RuleException("Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does"
                    + " not have any effect. Try 'resetkeys' to start with an empty list of patterns");
        }
        boolean reads = rule.charAt(0) == '~';
        boolean writes = reads;
        int at = 1;
        if (!reads) {
            for (; at < rule.length() && rule.charAt(at) != '~'; at++) {
                boolean read = Character.toUpperCase(rule.charAt(at)) == 'R' && !reads;
                boolean write = Character.toUpperCase(rule.charAt(at)) == 'W' && !writes;
                if (!read && !write) {
                    throw RuleException.syntax();
                }
                reads |= read;
                writes |= write;
            }
            at = Math.min(at + 1, rule.length()); // Redis takes the rule without a tilde, too
        }
        String text = rule.substring(at);
        if (!(reads || writes) || RuleWords.hasBlank(text)) {
            throw RuleException.syntax();
        }
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).pattern().text().equals(text)) {
                keys.set(i, keys.get(i).and(reads, writes));
                return;
            }
        }
        keys.add(new KeyPattern(new Pattern(text), reads, writes));
    }

    private void addChannels(String text) throws RuleException {
        if (allChannels) {
            throw new RuleException("Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and"
                    + " does not have any effect. Try 'resetchannels' to start with an empty list of channels");
        }
        if (RuleWords.hasBlank(text)) {
            throw RuleException.syntax();
        }
        if (channels.stream().noneMatch(c -> c.text().equals(text))) {
            channels.add(new Pattern(text));
        }
    }

    private void category(String name, boolean allowed) throws RuleException {
        Category category = Category.of(name);
        if (category == null) {
            throw RuleException.unknownName();
        }
        for (CommandRow row : table.rows()) {
            allowIf(row, category, allowed);
            row.subcommands().forEach(sub -> allowIf(sub, category, allowed));
        }
        noteRule("@" + category.text(), allowed);
    }

    private void allowIf(CommandRow row, Category category, boolean allowed) {
        if (row.allCategories().contains(category)) {
            allow(row, allowed);
        }
    }

    private void command(String name, boolean allowed) throws RuleException {
        CommandRow row = table.find(name);
        if (row == null) {
            noteAbsent(name, name, allowed);
            return;
        }
        allow(row, allowed);
        noteRule(row.name(), allowed);
    }

    /** The command with its subcommands. */
    private void allow(CommandRow row, boolean allowed) {
        commands.set(row.index(), allowed);
        firstArguments.remove(row.index());
        row.subcommands().forEach(sub -> commands.set(sub.index(), allowed));
        allCommands &= allowed;
    }

    /** {@code +config|get} is a subcommand; {@code +select|0} is a command with that first argument. */
    private void withArgument(String rule) throws RuleException {
        int bar = rule.lastIndexOf('|');
        CommandRow row = table.find(rule.substring(0, bar));
        String word = rule.substring(bar + 1);
        if (row == null) {
            noteAbsent(rule.substring(0, bar), rule, true);
            return;
        }
        if (row.name().indexOf('|') >= 0) {
            throw new RuleException("Allowing first-arg of a subcommand is not supported");
        }
        if (word.isEmpty()) {
            throw RuleException.syntax();
        }
        if (!row.subcommands().isEmpty()) {
            CommandRow sub = table.find(rule);
            if (sub == null) {
                throw RuleException.unknownName();
            }
            commands.set(sub.index());
            noteRule(sub.name(), true);
            return;
        }
        List<String> words = firstArguments.computeIfAbsent(row.index(), _ -> new ArrayList<>(1));
        String upper = RuleWords.asciiUpper(word);
        if (!words.contains(upper)) {
            words.add(upper);
        }
        noteRule(row.name() + "|" + RuleWords.asciiLower(word), true);
    }

    /** Of a command of Redis that this server does not have there is nothing to allow: the rule is kept as it is. */
    private void noteAbsent(String name, String rule, boolean allowed) throws RuleException {
        if (!CommandDocs.read().knows(RuleWords.asciiLower(name))) {
            throw RuleException.unknownName();
        }
        noteRule(RuleWords.asciiLower(rule), allowed);
    }

    /** A rule says all that earlier ones said of the same command, and of its subcommands. */
    private void noteRule(String rule, boolean allowed) {
        commandRules.removeIf(earlier -> earlier.substring(1).equals(rule) || earlier.startsWith(rule + "|", 1));
        commandRules.add((allowed ? "+" : "-") + rule);
    }
}
