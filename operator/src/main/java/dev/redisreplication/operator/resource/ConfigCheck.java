package dev.redisreplication.operator.resource;

import dev.redisreplication.api.v1alpha1.OwnedDirectives;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import java.io.InputStream;
import java.util.Map;

/** Asks the node's own table of directives whether it would start with {@code spec.config}. */
public final class ConfigCheck {

    private ConfigCheck() {}

    /** What is wrong, in the node's words; "" if nothing is. */
    public static String problem(GroupModel model) {
        for (String directive : model.spec().config().keySet()) {
            if (OwnedDirectives.NAMES.contains(directive)) {
                return "spec.config: the operator sets this itself: " + directive;
            }
        }
        try {
            for (Map.Entry<String, String> entry : model.spec().config().entrySet()) {
                // However it is quoted: the node would read it as another directive.
                if (NodeArguments.split(entry.getValue()).stream().anyMatch(part -> part.startsWith("--"))) {
                    return "spec.config: no argument may start with '--': " + entry.getKey();
                }
            }
            new ConfigReader(new NodeSettings(), InputStream.nullInputStream())
                    .read(NodeArguments.ofUser(model), Map.of());
            return "";
        } catch (ConfigException | IllegalArgumentException e) {
            return "spec.config: " + e.getMessage();
        }
    }
}
