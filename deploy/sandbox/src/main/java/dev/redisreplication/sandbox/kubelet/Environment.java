package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment of a container, and the expansion of {@code $(VAR)} in its arguments. */
final class Environment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_][\\w.-]*)\\)");

    private Environment() {}

    /**
     * The variables that the container declares.
     *
     * @throws IllegalStateException when a key that is needed is not there
     */
    static Map<String, String> of(Api api, ObjectNode pod, JsonNode container, String podIp) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonNode source : container.path("envFrom")) {
            keys(api, pod, source).forEach((k, v) -> variables.put(Json.text(source, "prefix") + k, v));
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            String name = Json.text(variable, "name");
            if (from.has("fieldRef")) {
                variables.put(name, field(pod, Json.text(from, "fieldRef", "fieldPath"), podIp));
            } else if (from.has("secretKeyRef") || from.has("configMapKeyRef")) {
                JsonNode reference =
                        from.has("secretKeyRef") ? from.path("secretKeyRef") : from.path("configMapKeyRef");
                String value = keys(
                                api,
                                pod,
                                Json.object().set(from.has("secretKeyRef") ? "secretRef" : "configMapRef", reference))
                        .get(Json.text(reference, "key"));
                if (value != null) {
                    variables.put(name, value);
                } else if (!reference.path("optional").asBoolean(false)) {
                    throw new IllegalStateException("couldn't find key " + Json.text(reference, "key") + " in "
                            + Json.namespace(pod) + "/" + Json.text(reference, "name"));
                }
            } else {
                variables.put(name, expand(Json.text(variable, "value"), variables));
            }
        }
        return variables;
    }

    private static Map<String, String> keys(Api api, ObjectNode pod, JsonNode source) {
        boolean secret = source.has("secretRef");
        JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
        ObjectNode object = api.find(
                api.type(secret ? "secrets" : "configmaps"), Json.namespace(pod), Json.text(reference, "name"));
        Map<String, String> keys = new LinkedHashMap<>();
        if (object == null) {
            if (reference.path("optional").asBoolean(false)) {
                return keys;
            }
            throw new IllegalStateException(
                    (secret ? "secret" : "configmap") + " \"" + Json.text(reference, "name") + "\" not found");
        }
        object.path("data").properties().forEach(e -> {
            String text = e.getValue().asText();
            keys.put(e.getKey(), secret ? new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8) : text);
        });
        return keys;
    }

    private static String field(ObjectNode pod, String path, String podIp) {
        Matcher keyed =
                Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']").matcher(path);
        if (keyed.matches()) {
            return Json.text(pod, "metadata", keyed.group(1), keyed.group(2));
        }
        return switch (path) {
            case "status.podIP", "status.podIPs", "status.hostIP" -> podIp;
            default -> Json.text(pod, path.split("\\.", -1));
        };
    }

    /** {@code $(NAME)} becomes the variable's value when there is one; {@code $$} is a dollar. */
    static String expand(String text, Map<String, String> variables) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = name == null ? "$" : variables.getOrDefault(name, matcher.group());
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }
}
