package dev.redisreplication.node.config;

import java.util.List;
import java.util.Locale;

/**
 * One directive.
 *
 * @param kind what its values look like: yes-no, number:min..max, memory, memory-or-percent, octal, one-of:a|b, words, text
 * @param initial value when nobody sets it
 * @param fixed whether only the start can set it
 * @param inert whether it is a hint about memory or speed, accepted for the sake of Redis' own redis.conf and without effect
 *     in this server
 * @param aliases older names
 * @param idle values that ask for nothing, besides the default
 * @param refusal why every other value is refused: it would ask for what this server does not do. Null if it does it.
 */
record Directive(
        String name,
        String kind,
        String initial,
        boolean fixed,
        boolean inert,
        List<String> aliases,
        List<String> idle,
        String refusal) {
    private static final int MOST_HZ = 500; // what Redis takes for more
    private static final String EVENT_CLASSES = "[Ag$lshzxeKEtmdn]*";

    boolean isNumber() {
        return kind.startsWith("number:");
    }

    /** Whether Redis keeps it from clients (enable-protected-configs) rather than from every change. */
    boolean guarded() {
        return name.equals("dir") || name.equals("dbfilename");
    }

    /**
     * The value in canonical form, as CONFIG GET prints it; words are joined by one blank.
     *
     * @throws ConfigException when it is none, or asks for what this server does not do
     */
    String check(List<String> words) throws ConfigException {
        String value = canonical(words);
        if (refusal != null && !value.equals(initial) && !idle.contains(value)) {
            throw new ConfigException(refusal);
        }
        return value;
    }

    private String canonical(List<String> words) throws ConfigException {
        if (kind.equals("words")) {
            return WordLists.check(name, words);
        }
        if (words.size() != 1) {
            throw new ConfigException("wrong number of arguments");
        }
        String value = words.get(0);
        if (kind.equals("yes-no")) {
            if (!value.equalsIgnoreCase("yes") && !value.equalsIgnoreCase("no")) {
                throw new ConfigException("argument must be 'yes' or 'no'");
            }
            return value.toLowerCase(Locale.ROOT);
        }
        if (kind.startsWith("one-of:")) {
            return oneOf(value);
        }
        if (isNumber()) {
            return number(value);
        }
        return switch (kind) {
            case "memory" -> memory(value);
            case "memory-or-percent" -> memoryOrPercent(value);
            case "octal" -> octal(value);
            default -> text(value);
        };
    }

    private String oneOf(String value) throws ConfigException {
        String[] all = kind.substring("one-of:".length()).split("\\|", -1);
        for (String one : all) {
            if (one.equalsIgnoreCase(value)) {
                return one;
            }
        }
        throw new ConfigException("argument(s) must be one of the following: " + String.join(", ", all));
    }

    private String number(String value) throws ConfigException {
        int dots = kind.indexOf("..");
        long min = Long.parseLong(kind, "number:".length(), dots, 10);
        long max = Long.parseLong(kind, dots + 2, kind.length(), 10);
        long number = WordLists.integer(value);
        if (number < min || number > max) {
            throw new ConfigException("argument must be between " + min + " and " + max + " inclusive");
        }
        if (name.equals("hz")) {
            number = Math.clamp(number, 1, MOST_HZ);
        }
        return Long.toString(number);
    }

    private String memory(String value) throws ConfigException {
        long bytes = MemorySize.parse(value);
        if (bytes < 0) {
            throw new ConfigException("argument must be a memory value");
        }
        if (name.equals("repl-backlog-size") && bytes == 0) {
            throw new ConfigException("argument must be between 1 and 9223372036854775807 inclusive");
        }
        if (name.equals("client-query-buffer-limit") && bytes < 1 << 20) {
            throw new ConfigException("argument must be between 1048576 and 9223372036854775807 inclusive");
        }
        if (name.equals("proto-max-bulk-len") && (bytes < 1 << 20 || bytes > Integer.MAX_VALUE)) {
            throw new ConfigException("argument must be between 1048576 and 2147483647 inclusive");
        }
        return Long.toString(bytes);
    }

    /** A share stays what it is: of what, may change. */
    private static String memoryOrPercent(String value) throws ConfigException {
        if (value.isEmpty()) {
            return "0";
        }
        if (!value.endsWith("%")) {
            long bytes = MemorySize.parse(value);
            if (bytes < 0) {
                throw new ConfigException("argument must be a memory or percent value");
            }
            return Long.toString(bytes);
        }
        String digits = value.substring(0, value.length() - 1);
        if (!digits.matches("[0-9]{1,18}")) {
            throw new ConfigException("argument must be a memory or percent value");
        }
        long percent = Long.parseLong(digits);
        if (percent > 100) {
            throw new ConfigException("percentage argument must be less or equal to 100");
        }
        return percent == 0 ? "0" : percent + "%";
    }

    private static String octal(String value) throws ConfigException {
        try {
            int mode = Integer.parseInt(value, 8);
            if (mode >= 0 && mode <= 0777) {
                return Integer.toOctalString(mode);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("argument couldn't be parsed into an octal number");
    }

    private String text(String value) throws ConfigException {
        String refusal =
                switch (name) {
                    case "notify-keyspace-events" ->
                        value.matches(EVENT_CLASSES) ? null : "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
                    case "dbfilename", "appendfilename", "appenddirname" ->
                        value.indexOf('/') >= 0 ? name + " can't be a path, just a filename" : null;
                    default -> null;
                };
        if (refusal != null) {
            throw new ConfigException(refusal);
        }
        return value;
    }
}
