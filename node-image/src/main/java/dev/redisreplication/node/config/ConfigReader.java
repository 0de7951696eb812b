package dev.redisreplication.node.config;

import dev.redisreplication.node.memory.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the sources of the configuration in their order: the file, the environment, the flags. What is wrong ends with
 * a {@link ConfigException} that names the place.
 */
public final class ConfigReader {
    /** What an environment variable of ours begins with. */
    public static final String VARIABLE_PREFIX = "REDIS_NODE_";

    private static final int MAX_INCLUDES = 32;
    private final NodeSettings settings;
    private final InputStream standardInput;
    private String otherWord = "";
    private BiConsumer<List<String>, String> other = (words, place) -> {};
    private List<Given> below = List.of();
    private List<Given> above = List.of();
    /** Values that ask for what this server does not do, by directive: a later source may take them back. */
    private final Map<Directive<?>, String> refused = new LinkedHashMap<>();

    /**
     * A directive that another source than these gives.
     *
     * @param place begins the message when the value is wrong
     * @param name of a directive; or {@code include}, whose word is a file
     */
    public record Given(String place, String name, List<String> words) {}

    /** Fills {@code settings}; {@code standardInput} is what the file name "-" stands for. */
    public ConfigReader(NodeSettings settings, InputStream standardInput) {
        this.settings = settings;
        this.standardInput = standardInput;
    }

    /**
     * Has lines that begin with {@code word} be for somebody else.
     *
     * @param taker gets what follows the word, and where it stands
     */
    public void others(String word, BiConsumer<List<String>, String> taker) {
        otherWord = word;
        other = taker;
    }

    /**
     * Adds two sources.
     *
     * @param below what counts less than the file
     * @param above what counts more than the file, and less than the environment
     */
    public void add(List<Given> below, List<Given> above) {
        this.below = List.copyOf(below);
        this.above = List.copyOf(above);
    }

    /** Reads {@code [file|-] [--directive value ...]} over {@code environment} over the file. */
    public void read(List<String> args, Map<String, String> environment) throws ConfigException {
        given(below, false);
        int first = 0;
        if (!args.isEmpty() && (args.get(0).equals("-") || !args.get(0).startsWith("--"))) {
            first = 1;
            if (args.get(0).equals("-")) {
                lines(text(standardInput), "standard input", 0);
            } else {
                Path file = Path.of(args.get(0)).toAbsolutePath().normalize();
                settings.file(file.toString());
                file(file, 0);
            }
        }
        given(above, true);
        environment(environment);
        flags(args.subList(first, args.size()));
        if (!refused.isEmpty()) {
            throw new ConfigException(refused.values().iterator().next());
        }
        settings.settlePasswords();
    }

    private void file(Path file, int depth) throws ConfigException {
        if (depth > MAX_INCLUDES) {
            throw new ConfigException(file + ": too many nested includes");
        }
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException("cannot read the configuration file " + file + ": " + reason(e));
        }
        lines(text, file.toString(), depth);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "no such file" : e.toString();
    }

    private static String text(InputStream in) throws ConfigException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException("standard input: " + e.getMessage());
        }
    }

    private void lines(String text, String source, int depth) throws ConfigException {
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = Words.trim(raw);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                List<String> split = Words.split(line);
                if (split == null) {
                    throw new ConfigException("Unbalanced quotes in configuration line");
                }
                List<String> words = decoded(split);
                if (words.size() == 2 && words.get(0).equalsIgnoreCase("include")) {
                    include(words.get(1), depth);
                } else if (words.get(0).equalsIgnoreCase(otherWord)) {
                    other.accept(
                            words.subList(1, words.size()), "in " + source + ", line " + number + ": '" + line + "'");
                } else {
                    set(
                            words.get(0),
                            words.subList(1, words.size()),
                            "in " + source + ", line " + number + ": '" + line + "'");
                    if (NodeSettings.isUser(words.get(0))) {
                        settings.placeOfUser("in " + source + ", line " + number + ": '" + line + "'");
                    }
                }
            } catch (ConfigException e) {
                if (e.getMessage().startsWith("in ")) {
                    throw e; // from an included file, which has named its place
                }
                throw new ConfigException("in " + source + ", line " + number + ": '" + line + "': " + e.getMessage());
            }
        }
    }

    /** A file was read byte by byte, so that escapes can give any byte; it becomes text here. */
    private static List<String> decoded(List<String> words) {
        return words.stream()
                .map(w -> ByteText.of(w.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private void include(String pattern, int depth) throws ConfigException {
        Path path = Path.of(pattern).toAbsolutePath();
        String name = path.getFileName().toString();
        if (name.indexOf('*') < 0 && name.indexOf('?') < 0 && name.indexOf('[') < 0) {
            file(path, depth + 1);
            return;
        }
        List<Path> found = new ArrayList<>();
        PathMatcher matcher = matcher(name);
        try (var entries = Files.newDirectoryStream(path.getParent())) {
            for (Path p : entries) {
                if (matcher.matches(p.getFileName())) {
                    found.add(p);
                }
            }
        } catch (IOException e) {
            return; // as for Redis, a pattern that finds nothing is no fault
        }
        found.sort(null);
        for (Path p : found) {
            file(p, depth + 1);
        }
    }

    /** A pattern as glob(3) takes it, which knows no alternatives in braces. */
    private static PathMatcher matcher(String pattern) throws ConfigException {
        String glob = pattern.replace("{", "\\{").replace("}", "\\}").replace("[^", "[!");
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new ConfigException("include: '" + pattern + "' is no pattern: " + e.getDescription());
        }
    }

    private void environment(Map<String, String> environment) throws ConfigException {
        for (Map.Entry<String, String> e : environment.entrySet()) {
            String variable = e.getKey();
            if (!variable.startsWith(VARIABLE_PREFIX) || isServiceLink(variable, e.getValue())) {
                continue;
            }
            String bare = variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
            String name = bare.replace('_', '-');
            if (bare.endsWith("_cpulist")) {
                name = bare;
            }
            try {
                if (NodeSettings.isUser(name)) {
                    throw new ConfigException("users are declared in the file or by flags");
                }
                setLater(name, List.of(e.getValue()), "in the environment, " + variable);
            } catch (ConfigException x) {
                throw new ConfigException("in the environment, " + variable + ": " + x.getMessage());
            }
        }
    }

    private void given(List<Given> all, boolean later) throws ConfigException {
        for (Given g : all) {
            try {
                if (g.name().equals("include")) {
                    include(g.words().get(0), 0);
                } else if (NodeSettings.isUser(g.name())) {
                    settings.userOfFlag(g.words(), g.place());
                } else if (later) {
                    setLater(g.name(), g.words(), g.place());
                } else {
                    set(g.name(), g.words(), g.place());
                }
            } catch (ConfigException e) {
                throw new ConfigException(g.place() + ": " + e.getMessage());
            }
        }
    }

    private void set(String name, List<String> words, String place) throws ConfigException {
        Directive<?> d = Directives.find(name);
        String refusal = d == null ? null : d.refusal(words);
        if (refusal != null) {
            refused.put(d, place + ": " + refusal);
            return;
        }
        settings.set(name, words);
        if (d != null) {
            refused.remove(d);
        }
    }

    /** From a source that counts more than the file. */
    private void setLater(String name, List<String> words, String place) throws ConfigException {
        set(name, words, place);
        if (name.equalsIgnoreCase("requirepass")) {
            settings.passwordLater();
        }
    }

    /**
     * Whether Kubernetes made the variable for a Service whose name begins with redis-node, or redis: it gives them to every
     * container of the namespace.
     */
    public static boolean isServiceLink(String variable, String value) {
        return variable.endsWith("_SERVICE_HOST")
                || variable.contains("_SERVICE_PORT")
                || (variable.contains("_PORT") && value.contains("://"))
                || (variable.contains("_PORT_") && (variable.contains("_TCP") || variable.contains("_UDP")));
    }

    private void flags(List<String> args) throws ConfigException {
        int i = 0;
        while (i < args.size()) {
            String flag = args.get(i);
            if (!flag.startsWith("--") || flag.length() == 2) {
                throw new ConfigException("'" + flag + "' is not a flag; flags are --directive value");
            }
            int end = i + 1;
            // A value may begin with two dashes itself (a password): the word behind a flag always belongs to it,
            // unless it names a directive.
            while (end < args.size() && (!args.get(end).startsWith("--") || (end == i + 1 && !isFlag(args.get(end))))) {
                end++;
            }
            List<String> words = args.subList(i + 1, end);
            String place = "in the flag '" + flag + " " + String.join(" ", words) + "'";
            try {
                if (NodeSettings.isUser(flag.substring(2))) {
                    settings.userOfFlag(words, place);
                } else {
                    setLater(flag.substring(2), words, place);
                }
            } catch (ConfigException e) {
                throw new ConfigException(place + ": " + e.getMessage());
            }
            i = end;
        }
    }

    private static boolean isFlag(String word) {
        return NodeSettings.known(word.substring(2));
    }
}
