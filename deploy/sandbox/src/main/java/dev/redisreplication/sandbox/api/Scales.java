package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;

/** The scale subresource, read from the object by the paths that its kind gives. */
final class Scales {
    private Scales() {}

    static ObjectNode of(ResourceType type, ObjectNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.set(field, object.path("metadata").get(field));
        }
        scale.putObject("spec").put("replicas", number(object, Json.text(type.scale(), "specReplicasPath")));
        ObjectNode status = scale.putObject("status");
        status.put("replicas", number(object, Json.text(type.scale(), "statusReplicasPath")));
        status.put("selector", selector(type, object));
        return scale;
    }

    /** A custom resource says it as text, where its kind has a path for that. */
    private static String selector(ResourceType type, ObjectNode object) {
        if (type.custom()) {
            String path = Json.text(type.scale(), "labelSelectorPath");
            List<JsonNode> found = path.isEmpty() ? List.of() : JsonPath.find(object, path);
            return found.isEmpty() ? "" : found.getFirst().asText();
        }
        List<String> labels = new ArrayList<>();
        Json.at(object, "spec", "selector", "matchLabels")
                .properties()
                .forEach(e -> labels.add(e.getKey() + "=" + e.getValue().asText()));
        return String.join(",", labels);
    }

    private static int number(ObjectNode object, String path) {
        List<JsonNode> found = JsonPath.find(object, path);
        return found.isEmpty() ? 0 : found.getFirst().asInt();
    }
}
