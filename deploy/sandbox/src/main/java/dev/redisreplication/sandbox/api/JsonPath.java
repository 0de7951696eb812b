package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths that printer columns use: fields, indexes, {@code [*]} and {@code [?(@.a=="b")]}. */
final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "\\.([A-Za-z_][\\w-]*)|\\['([^']+)'\\]|\\[(\\d+|\\*)\\]|\\[\\?\\(@\\.([\\w.-]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)\\]");

    private JsonPath() {}

    /** Everything the path leads to; nothing when it cannot be read. */
    static List<JsonNode> find(JsonNode root, String path) {
        List<JsonNode> found = List.of(root);
        Matcher step = STEP.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!step.find(at) || step.start() != at) {
                return List.of();
            }
            at = step.end();
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                follow(node, step, next);
            }
            found = next;
        }
        return found;
    }

    private static void follow(JsonNode node, Matcher step, List<JsonNode> into) {
        String field = step.group(1) != null ? step.group(1) : step.group(2);
        if (field != null) {
            if (node.hasNonNull(field)) {
                into.add(node.get(field));
            }
        } else if (step.group(3) != null) {
            if (step.group(3).equals("*")) {
                node.forEach(into::add);
            } else if (node.has(Integer.parseInt(step.group(3)))) {
                into.add(node.get(Integer.parseInt(step.group(3))));
            }
        } else {
            String[] fields = step.group(4).split("\\.", -1);
            for (JsonNode element : node) {
                if (Json.text(element, fields).equals(step.group(5))) {
                    into.add(element);
                }
            }
        }
    }
}
