package dev.redisreplication.node.acl;

import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One set of rules: a command is allowed if one selector of the user allows it with all of its keys and channels. Immutable.
 *
 * @param allCommands every command, those of later versions too
 * @param future whether commands of later versions are allowed: what the list of rules begins with
 * @param commands the commands that are allowed, by {@link CommandRow#index()}
 * @param firstArguments of commands that are not: with which first arguments they are all the same, upper case
 * @param commandRules as they were given, without those that later ones have made needless
 * @param allKeys whether {@code keys} is needless
 * @param allChannels whether {@code channels} is needless
 */
record Selector(
        boolean allCommands,
        boolean future,
        BitSet commands,
        Map<Integer, List<String>> firstArguments,
        List<String> commandRules,
        boolean allKeys,
        List<KeyPattern> keys,
        boolean allChannels,
        List<Pattern> channels) {
    private static final Denial.Reason[] REASONS = Denial.Reason.values();

    boolean isUnrestricted() {
        return allCommands && allKeys && allChannels;
    }

    boolean readsAnyKey() {
        return allKeys || keys.stream().anyMatch(KeyPattern::readsAny);
    }

    /** The command's part of {@link #check}. */
    private boolean allowsCommand(CommandRow row, Request request) {
        return allCommands
                || commands.get(row.index())
                || row.has(Flag.NO_AUTH)
                || (!firstArguments.isEmpty() && allowsFirstArgument(row, request));
    }

    private boolean allowsFirstArgument(CommandRow row, Request request) {
        for (String word : firstArguments.getOrDefault(row.index(), List.of())) {
            if (request.argc() > 1 && Ascii.same(request.address(1), request.length(1), ByteText.bytes(word))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it allows the command: 0, or what it lacks. The keys are found only if they are needed, and once.
     *
     * @return of two, the greater one is the one to be told: {@link #denial} unpacks it
     */
    long check(CommandRow row, Request request, FoundKeys found) {
        if (!allowsCommand(row, request)) {
            return lacks(Denial.Reason.COMMAND, 0);
        }
        if (!row.acceptsArgc(request.argc())) {
            return 0;
        }
        if (!allKeys && row.hasKeys()) {
            int key = forbiddenKey(request, found.of(row, request));
            if (key > 0) {
                return lacks(Denial.Reason.KEY, key);
            }
        }
        if (!allChannels && row.firstChannel() > 0) {
            int channel = forbiddenChannel(row, request);
            if (channel > 0) {
                return lacks(Denial.Reason.CHANNEL, channel);
            }
        }
        return 0;
    }

    /** No object, as one selector may refuse what the next one allows. */
    private static long lacks(Denial.Reason reason, int argument) {
        return reason.ordinal() + 1L << Integer.SIZE | argument;
    }

    static Denial denial(long lacks) {
        return new Denial(REASONS[(int) (lacks >> Integer.SIZE) - 1], (int) lacks);
    }

    private int forbiddenKey(Request request, Keys found) {
        for (int range = 0; range < found.ranges(); range++) {
            boolean reads = found.reads(range);
            boolean writes = found.writes(range);
            for (int i = found.first(range); i <= found.last(range); i += found.step(range)) {
                if (!allowsKey(reads, writes, request.address(i), request.length(i))) {
                    return i;
                }
            }
        }
        return 0;
    }

    /** Whether a key may be touched in this way. */
    private boolean allowsKey(boolean reads, boolean writes, long key, int length) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).allows(reads, writes, key, length)) {
                return true;
            }
        }
        return false;
    }

    private int forbiddenChannel(CommandRow row, Request request) {
        int last = row.hasManyChannels() ? request.argc() - 1 : row.firstChannel();
        for (int i = row.firstChannel(); i <= last; i++) {
            if (!allowsChannel(row.hasChannelPatterns(), request.address(i), request.length(i))) {
                return i;
            }
        }
        return 0;
    }

    /** Whether a channel may be used, or a pattern, which has to be the very one that a rule has. */
    private boolean allowsChannel(boolean pattern, long channel, int length) {
        for (Pattern each : channels) {
            if (pattern ? each.is(channel, length) : each.matches(channel, length)) {
                return true;
            }
        }
        return false;
    }

    /** The same of a name that was copied. */
    boolean allowsChannel(boolean pattern, byte[] name) {
        if (allChannels) {
            return true;
        }
        Pattern copy = new Pattern(ByteText.of(name));
        return allowsChannel(pattern, copy.address(), copy.length());
    }

    /** The rules for keys. */
    String keyRules() {
        return allKeys ? "~*" : keys.stream().map(KeyPattern::rule).collect(Collectors.joining(" "));
    }

    /** The rules for channels. */
    String channelRules() {
        return allChannels ? "&*" : channels.stream().map(c -> "&" + c.text()).collect(Collectors.joining(" "));
    }

    /** The rules for commands. */
    String rulesOfCommands() {
        String start = future ? "+@all" : "-@all";
        return commandRules.isEmpty() ? start : start + " " + String.join(" ", commandRules);
    }

    /** All rules, as ACL LIST shows them. */
    String describe() {
        String keyRules = keyRules();
        String channelRules = allChannels ? "&* " : "resetchannels " + (channels.isEmpty() ? "" : channelRules() + " ");
        return (keyRules.isEmpty() ? "" : keyRules + " ") + channelRules + rulesOfCommands();
    }

    /** The keys of one request, found when the first selector asks. */
    static final class FoundKeys {
        private final Keys keys = new Keys();
        private boolean known;

        void forget() {
            known = false;
        }

        private Keys of(CommandRow row, Request request) {
            if (!known) {
                row.findKeys(request, keys);
                known = true;
            }
            return keys;
        }
    }
}
