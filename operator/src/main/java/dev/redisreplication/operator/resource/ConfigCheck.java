package dev.redisreplication.operator.resource;

import dev.redisreplication.api.v1alpha1.OwnedDirectives;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.config.NodeSettings;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Asks the node's own table of directives whether it would start with {@code spec.config}. */
public final class ConfigCheck {
    /** Connections that the operator, the replicas and a few clients need. */
    private static final int LEAST_CLIENTS = 32;

    /** What a rule of a user looks like; only the node knows all commands and categories. */
    private static final Pattern RULE =
            Pattern.compile("(?i)on|off|nopass|resetpass|reset|allkeys|resetkeys|allchannels"
                    + "|resetchannels|allcommands|nocommands|clearselectors|(skip-)?sanitize-payload"
                    + "|[><].*|[#!](?-i:[0-9a-f]{64})|~.+|%(R|W|RW|WR)~.+|&.+|[+-]@?[a-z0-9_|-]+");

    private ConfigCheck() {}

    /** What is wrong, in the node's words; "" if nothing is. */
    public static String problem(GroupModel model) {
        try {
            for (Map.Entry<String, String> entry : model.spec().config().entrySet()) {
                String reason = OwnedDirectives.REASONS.get(entry.getKey());
                if (reason != null) {
                    throw new IllegalArgumentException(reason + ": " + entry.getKey());
                }
                // However it is quoted: the node would read it as another directive.
                if (NodeArguments.split(entry.getValue()).stream().anyMatch(part -> part.startsWith("--"))) {
                    throw new IllegalArgumentException("no argument may start with '--': " + entry.getKey());
                }
            }
            NodeSettings settings = new NodeSettings();
            new ConfigReader(settings, InputStream.nullInputStream()).read(NodeArguments.ofUser(model), Map.of());
            if (model.spec().config().containsKey("user") && settings.users().isEmpty()) {
                throw new IllegalArgumentException("user: no user is declared");
            }
            settings.users().forEach(ConfigCheck::checkUser);
            if (settings.get(Directives.MAXCLIENTS) < LEAST_CLIENTS) {
                throw new IllegalArgumentException("maxclients: at least " + LEAST_CLIENTS
                        + ", so that the operator and the replicas are not shut out");
            }
            return "";
        } catch (ConfigException | IllegalArgumentException e) {
            return "spec.config: " + e.getMessage();
        }
    }

    private static void checkUser(NodeSettings.UserLine user) {
        if (user.name().equals("default")) {
            throw new IllegalArgumentException(
                    "user default: the operator and the replicas log in as this user, and spec.auth"
                            + " has its password; declare others");
        }
        if (user.name().chars().anyMatch(Character::isWhitespace) || user.name().isEmpty()) {
            throw new IllegalArgumentException("user '" + user.name() + "': a name has no blanks");
        }
        for (String rule : withoutParentheses(user.rules())) {
            if (!RULE.matcher(rule).matches()) {
                throw new IllegalArgumentException("user " + user.name() + ": '" + shown(rule) + "' is no rule");
            }
        }
    }

    /** A hash that is cut short is no secret to be shown either. */
    private static String shown(String rule) {
        return rule.startsWith("#") || rule.startsWith("!") ? rule.charAt(0) + "..." : rule;
    }

    /** The rules, those of selectors too. */
    private static List<String> withoutParentheses(List<String> words) {
        return words.stream()
                .flatMap(word -> word.startsWith("(")
                        ? List.of(word.substring(1).split(" ", -1)).stream()
                        : List.of(word).stream())
                .map(word -> word.endsWith(")") ? word.substring(0, word.length() - 1) : word)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
