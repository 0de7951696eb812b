package dev.redisreplication.node.script;

import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Flag;
import java.util.Arrays;
import java.util.List;

/**
 * What a script says of itself: that it writes nothing, or may run where memory is short or data is stale.
 *
 * @param declared whether it says anything; one that does not is checked call by call only
 * @param bits the flags of {@link #NAMES}
 */
record ScriptFlags(boolean declared, int bits) {
    static final List<String> NAMES =
            List.of("no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys");

    static final ScriptFlags NONE = new ScriptFlags(false, 0);

    private static final int NO_WRITES = 1;
    private static final int ALLOW_OOM = 2;
    private static final int ALLOW_STALE = 4;

    boolean writesNothing() {
        return (bits & NO_WRITES) != 0;
    }

    boolean allowsOutOfMemory() {
        return (bits & ALLOW_OOM) != 0;
    }

    boolean allowsStale() {
        return (bits & ALLOW_STALE) != 0;
    }

    /**
     * What a command is that calls it.
     *
     * @param flags those of the command, which hold where nothing is declared
     */
    int ofCall(int flags) {
        if (!declared) {
            return flags;
        }
        int all = Flag.WRITE.set(flags, !writesNothing());
        all = Flag.DENYOOM.set(all, !writesNothing() && !allowsOutOfMemory());
        all = Flag.STALE.set(all, allowsStale());
        return Flag.MAY_REPLICATE.set(all, false);
    }

    /** The names of its flags. */
    List<String> names() {
        return NAMES.stream().filter(name -> (bits & bit(name)) != 0).toList();
    }

    /** The bit of a flag's name, or 0 if there is no such flag. */
    static int bit(String name) {
        int index = NAMES.indexOf(name);
        return index < 0 ? 0 : 1 << index;
    }

    /** The flags that the first line of a script declares, which begins with {@code #!}, or {@link #NONE}. */
    static ScriptFlags ofScript(String firstLine, boolean hasMore) {
        if (!firstLine.startsWith("#!")) {
            return NONE;
        }
        if (!hasMore) {
            throw new CommandError("ERR Invalid script shebang");
        }
        List<String> words = words(firstLine);
        if (!words.get(0).equals("#!lua")) {
            throw new CommandError("ERR Unexpected engine in script shebang: " + words.get(0));
        }
        int bits = 0;
        for (String word : words.subList(1, words.size())) {
            if (!word.startsWith("flags=")) {
                throw new CommandError("ERR Unknown lua shebang option: " + word);
            }
            String flags = word.substring("flags=".length());
            for (String flag : flags.isEmpty() ? new String[0] : flags.split(",", -1)) {
                int bit = bit(flag);
                if (bit == 0) {
                    throw new CommandError("ERR Unexpected flag in script shebang: " + flag);
                }
                bits |= bit;
            }
        }
        return new ScriptFlags(true, bits);
    }

    /** The words of a line, between blanks. */
    static List<String> words(String line) {
        return Arrays.stream(line.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }
}
