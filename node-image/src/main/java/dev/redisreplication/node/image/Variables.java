package dev.redisreplication.node.image;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The variables that the image understands, with what their {@code _FILE} forms hold, and what is wrong with them. */
final class Variables {
    private static final String PREFIX = "REDIS_";
    private static final String FILE_SUFFIX = "_FILE";
    private static final Set<String> YES = Set.of("1", "true", "yes");
    private static final Set<String> NO = Set.of("0", "false", "no");

    private final Map<String, String> values = new TreeMap<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    /**
     * Takes those of {@code environment} that are {@code known}. One that is set to nothing is as good as not set.
     *
     * @param files reads what the {@code _FILE} forms name, which count more than the plain ones
     */
    Variables(Map<String, String> environment, Set<String> known, FileText files) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (value.isEmpty() || ConfigReader.isServiceLink(name, value)) {
                return;
            }
            String plain = name.endsWith(FILE_SUFFIX) ? name.substring(0, name.length() - FILE_SUFFIX.length()) : "";
            if (known.contains(name)) {
                values.putIfAbsent(name, value);
            } else if (known.contains(plain)) {
                values.put(plain, content(name, value, files));
            } else if (name.startsWith(PREFIX) && !name.startsWith(ConfigReader.VARIABLE_PREFIX)) {
                unknown.add(name);
            }
        });
        values.values().removeIf(String::isEmpty);
    }

    private String content(String name, String path, FileText files) {
        try {
            // As a shell takes the output of a command: without the ends of line behind it.
            return files.read(path).replaceFirst("[\r\n]+$", "");
        } catch (IOException e) {
            wrong(name, "cannot read '" + path + "': " + e.getMessage());
            return "";
        }
    }

    /** Whether one of them is set. */
    boolean any() {
        return !values.isEmpty() || !errors.isEmpty();
    }

    /** Names that begin with REDIS_ and mean nothing here, in order. */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Its value, or "". */
    String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** Its value, or {@code otherwise}. */
    String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** Whether it says yes; {@code otherwise} when it is not set, or says neither yes nor no. */
    boolean yes(String name, boolean otherwise) {
        String value = get(name).toLowerCase(Locale.ROOT);
        if (YES.contains(value)) {
            return true;
        }
        if (!value.isEmpty() && !NO.contains(value)) {
            wrong(name, "'" + get(name) + "' is neither yes nor no");
            return otherwise;
        }
        return value.isEmpty() && otherwise;
    }

    /** A port that somebody listens on, as text; {@code otherwise} when it is not set, or is none. */
    String port(String name, String otherwise) {
        String value = get(name, otherwise);
        if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 65535) {
            return value;
        }
        wrong(name, "'" + value + "' is no port (1 to 65535)");
        return otherwise;
    }

    /** A number of at least 1, as text; {@code otherwise} when it is not set, or is none. */
    String positive(String name, String otherwise) {
        String value = get(name, otherwise);
        if (value.matches("0*[1-9]\\d{0,9}")) {
            return value;
        }
        wrong(name, "'" + value + "' is no positive number");
        return otherwise;
    }

    /** Notes what is wrong with a variable; {@link #check} tells all of it. */
    void wrong(String name, String why) {
        errors.add(name + ": " + why);
    }

    /** Ends the start if something is wrong. */
    void check() throws ConfigException {
        if (!errors.isEmpty()) {
            throw new ConfigException("in the environment, " + String.join("; ", errors));
        }
    }
}
