package dev.redisreplication.node.script;

import dev.redisreplication.node.command.CommandError;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The code of a function library.
 *
 * @param bytes all of it; one object for as long as it is known
 * @param body where the first line ends, which names it
 */
@SuppressWarnings("ArrayRecordComponent") // two are the same only if they are one object
record LibraryCode(String name, byte[] bytes, int body) {
    private static final CommandError BAD_NAME =
            new CommandError("ERR Library names can only contain letters, numbers, or"
                    + " underscores(_) and must be at least one character long");

    /** Reads the first line: {@code #!lua name=...}. */
    static LibraryCode parse(byte[] bytes) {
        String code = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!code.startsWith("#!")) {
            throw new CommandError("ERR Missing library metadata");
        }
        int end = code.indexOf('\n');
        if (end < 0) {
            throw new CommandError("ERR Invalid library metadata");
        }
        List<String> words = ScriptFlags.words(code.substring(0, end));
        String name = null;
        for (String word : words.subList(1, words.size())) {
            if (!word.regionMatches(true, 0, "name=", 0, 5)) {
                throw new CommandError("ERR Invalid metadata value given: " + word);
            }
            if (name != null) {
                throw new CommandError("ERR Invalid metadata value, name argument was given multiple times");
            }
            name = word.substring(5);
        }
        if (name == null) {
            throw new CommandError("ERR Library name was not given");
        }
        if (!isName(name)) {
            throw BAD_NAME;
        }
        String engine = words.getFirst().substring(2);
        if (!engine.equalsIgnoreCase("lua")) {
            throw new CommandError("ERR Engine '" + engine + "' not found");
        }
        return new LibraryCode(name, bytes, end);
    }

    /** Whether a library or a function may be called so. */
    static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_]+");
    }
}
