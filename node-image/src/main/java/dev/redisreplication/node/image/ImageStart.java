package dev.redisreplication.node.image;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.ConfigReader.Given;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A start by the image's entrypoint: {@code arguments} and {@code environment} of a container as the configuration of the
 * server. A managed node is configured by its operator alone, and none of this holds for it.
 *
 * @param arguments what {@link ConfigReader} is to read, with the flags that a variable names
 * @param below directives that count less than the file
 * @param above directives that count more than the file and less than flags
 * @param warnings lines for the log
 */
public record ImageStart(List<String> arguments, List<Given> below, List<Given> above, List<String> warnings) {
    private static final Set<String> PASSWORD_FLAGS =
            Set.of("--requirepass", "--requirepass-file", "--aclfile", "--user");

    /** Each list is taken as it is now. */
    public ImageStart {
        arguments = List.copyOf(arguments);
        below = List.copyOf(below);
        above = List.copyOf(above);
        warnings = List.copyOf(warnings);
    }

    /**
     * How a server starts.
     *
     * @param arguments {@code [file] [--directive value ...]}
     * @throws ConfigException names every variable that is wrong
     */
    public static ImageStart server(List<String> arguments, Map<String, String> environment, FileText files)
            throws ConfigException {
        if (isManaged(arguments, environment)) {
            return new ImageStart(arguments, List.of(), List.of(), List.of());
        }
        Variables variables = new Variables(environment, all(), files);
        boolean hasFile = !arguments.isEmpty() && !arguments.get(0).startsWith("--");
        List<String> extra = ServerVariables.blanks(variables.get("REDIS_EXTRA_FLAGS"));
        if (!extra.isEmpty() && !extra.get(0).startsWith("--")) {
            variables.wrong("REDIS_EXTRA_FLAGS", "'" + extra.get(0) + "' is not a flag; flags are --directive value");
        }
        List<String> whole = new ArrayList<>(arguments);
        whole.addAll(hasFile ? 1 : 0, extra);
        List<Given> above = new ArrayList<>();
        if (variables.any()) {
            boolean hasPassword = whole.stream().anyMatch(PASSWORD_FLAGS::contains)
                    || environment.keySet().stream().anyMatch(ImageStart::isPassword);
            above.addAll(ServerVariables.directives(variables, hasFile, hasPassword));
            if (variables.has("REDIS_OVERRIDES_FILE")) {
                above.add(new Given(
                        "in the environment, REDIS_OVERRIDES_FILE",
                        "include",
                        List.of(variables.get("REDIS_OVERRIDES_FILE"))));
            }
        }
        variables.check();
        // A container ends when its first process does.
        above.add(new Given("in the image", "daemonize", List.of("no")));
        return new ImageStart(
                whole,
                List.of(new Given("in the image", "protected-mode", List.of("no"))),
                above,
                warnings(variables, "REDIS_DATABASE"));
    }

    /**
     * The lines of the configuration file that a Sentinel starts with; none when no variable is set.
     *
     * @throws ConfigException names every variable that is wrong
     */
    public static List<String> sentinelFile(Map<String, String> environment, FileText files) throws ConfigException {
        Variables variables = new Variables(environment, all(), files);
        if (!variables.any()) {
            return List.of();
        }
        List<String> lines = SentinelVariables.lines(variables);
        variables.check();
        return lines;
    }

    /** Lines for the log of a Sentinel, about variables that mean nothing. */
    public static List<String> sentinelWarnings(Map<String, String> environment) {
        return warnings(new Variables(environment, all(), path -> ""), "REDIS_SENTINEL_DATABASE");
    }

    private static List<String> warnings(Variables variables, String database) {
        List<String> warnings = new ArrayList<>();
        for (String name : variables.unknown()) {
            warnings.add("The environment variable " + name + " is not known to this image, and has no effect");
        }
        if (variables.has(database)) {
            warnings.add("The environment variable " + database + " has no effect");
        }
        return warnings;
    }

    private static Set<String> all() {
        Set<String> all = new HashSet<>(ServerVariables.NAMES);
        all.addAll(SentinelVariables.NAMES);
        return all;
    }

    private static boolean isPassword(String variable) {
        return variable.equals(ConfigReader.VARIABLE_PREFIX + "REQUIREPASS")
                || variable.equals(ConfigReader.VARIABLE_PREFIX + "REQUIREPASS_FILE")
                || variable.equals(ConfigReader.VARIABLE_PREFIX + "ACLFILE");
    }

    private static boolean isManaged(List<String> arguments, Map<String, String> environment) {
        int flag = arguments.lastIndexOf("--managed");
        if (flag >= 0 && flag + 1 < arguments.size()) {
            return arguments.get(flag + 1).equalsIgnoreCase("yes");
        }
        return "yes".equalsIgnoreCase(environment.get(ConfigReader.VARIABLE_PREFIX + "MANAGED"));
    }
}
