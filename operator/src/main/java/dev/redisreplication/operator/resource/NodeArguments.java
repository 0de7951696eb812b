package dev.redisreplication.operator.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The command line of a node's container. */
final class NodeArguments {

    /** Where the container has the Secret of {@link PasswordSecrets#ring}. */
    static final String AUTH_PATH = "/etc/redis-node/auth";

    private static final String PASSWORDS = AUTH_PATH + "/" + GroupModel.RING_KEY;

    private NodeArguments() {}

    /** What the operator sets, then the user's directives in order of their names. */
    static List<String> of(GroupModel model) {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(GroupModel.REDIS_PORT),
                "--dir",
                "/data",
                "--managed",
                "yes",
                "--health-port",
                Integer.toString(GroupModel.HEALTH_PORT),
                "--requirepass-file",
                PASSWORDS,
                "--masterauth-file",
                PASSWORDS,
                "--appendonly",
                model.appendOnly() ? "yes" : "no"));
        if (model.spec().recovery().replaceUnloadableData()) {
            arguments.addAll(List.of("--unloadable-data", "wait"));
        }
        arguments.addAll(ofUser(model));
        return arguments;
    }

    /**
     * The directives of spec.config. {@code user} has a line for each user, as redis.conf would.
     *
     * @throws IllegalArgumentException when a quote is not closed
     */
    static List<String> ofUser(GroupModel model) {
        List<String> arguments = new ArrayList<>();
        new TreeMap<>(model.spec().config()).forEach((directive, value) -> {
            List<String> lines = directive.equals("user")
                    ? value.lines().filter(line -> !line.isBlank()).toList()
                    : List.of(value);
            for (String line : lines) {
                arguments.add("--" + directive);
                arguments.addAll(split(line));
            }
        });
        return arguments;
    }

    /**
     * Splits a directive's arguments as redis.conf does: at blanks, except within single or double quotes.
     *
     * @throws IllegalArgumentException when a quote is not closed
     */
    static List<String> split(String value) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = null;
        char quote = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    part.append(c);
                }
            } else if (Character.isWhitespace(c)) {
                if (part != null) {
                    parts.add(part.toString());
                    part = null;
                }
            } else {
                part = part == null ? new StringBuilder() : part;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    part.append(c);
                }
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed: " + value);
        }
        if (part != null) {
            parts.add(part.toString());
        }
        // "--save" with nothing after it would swallow the next flag; an empty value is one empty argument.
        return parts.isEmpty() ? List.of("") : parts;
    }
}
