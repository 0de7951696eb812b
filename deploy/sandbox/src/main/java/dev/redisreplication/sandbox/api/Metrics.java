package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Containers.Usage;
import dev.redisreplication.sandbox.http.HttpRequest;
import dev.redisreplication.sandbox.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code metrics.k8s.io}: what pods and the node take now. {@code kubectl top} asks for it. */
final class Metrics {
    static final String GROUP = "metrics.k8s.io";
    static final String VERSION = "v1beta1";

    private static final String ROOT = "/apis/" + GROUP + "/" + VERSION + "/";

    private final Api api;
    private final Containers containers;

    Metrics(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    /** The answer to a path below this group's, or empty. */
    Optional<ObjectNode> answer(HttpRequest request) {
        if (!request.path().startsWith(ROOT)) {
            return Optional.empty();
        }
        List<String> parts = Arrays.stream(
                        request.path().substring(ROOT.length()).split("/", -1))
                .filter(p -> !p.isEmpty())
                .toList();
        boolean inNamespace = parts.size() > 2 && parts.getFirst().equals("namespaces");
        String namespace = inNamespace ? parts.get(1) : "";
        List<String> rest = inNamespace ? parts.subList(2, parts.size()) : parts;
        if (rest.isEmpty() || rest.size() > 2) {
            return Optional.empty();
        }
        String name = rest.size() == 2 ? rest.get(1) : "";
        return switch (rest.getFirst()) {
            case "pods" -> Optional.of(pods(namespace, name, request));
            case "nodes" -> Optional.of(nodes(name, request));
            default -> Optional.empty();
        };
    }

    private ObjectNode pods(String namespace, String name, HttpRequest request) {
        ResourceType type = api.type("pods");
        List<ObjectNode> pods =
                name.isEmpty() ? api.list(type, namespace, selector(request)) : List.of(api.get(type, namespace, name));
        Map<String, Map<String, Usage>> usages = containers.usages(pods);
        ObjectNode list = list("PodMetricsList");
        for (ObjectNode pod : pods) {
            Map<String, Usage> usage = usages.getOrDefault(Json.uid(pod), Map.of());
            if (!usage.isEmpty()) {
                ObjectNode metrics = item("PodMetrics", pod);
                ArrayNode each = metrics.putArray("containers");
                usage.forEach((container, one) -> quantities(each.addObject().put("name", container), one));
                ((ArrayNode) list.get("items")).add(metrics);
            }
        }
        return name.isEmpty() ? list : only(list, type, name);
    }

    private ObjectNode nodes(String name, HttpRequest request) {
        ResourceType type = api.type("nodes");
        ObjectNode list = list("NodeMetricsList");
        Usage machine = containers.machine();
        for (ObjectNode node : api.list(type, "", selector(request))) {
            if (name.isEmpty() || Json.name(node).equals(name)) {
                ((ArrayNode) list.get("items")).add(quantities(item("NodeMetrics", node), machine));
            }
        }
        return name.isEmpty() ? list : only(list, type, name);
    }

    private static Predicate<JsonNode> selector(HttpRequest request) {
        return Selector.of(request.param("labelSelector"), request.param("fieldSelector"));
    }

    private static ObjectNode only(ObjectNode list, ResourceType type, String name) {
        if (list.path("items").isEmpty()) {
            throw ApiException.notFound(type, name);
        }
        return (ObjectNode) list.path("items").get(0);
    }

    private static ObjectNode list(String kind) {
        ObjectNode list = Json.object().put("kind", kind).put("apiVersion", GROUP + "/" + VERSION);
        list.putObject("metadata");
        list.putArray("items");
        return list;
    }

    private ObjectNode item(String kind, ObjectNode of) {
        ObjectNode item = Json.object().put("kind", kind).put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = item.putObject("metadata");
        for (String field : List.of("name", "namespace", "labels", "creationTimestamp")) {
            if (of.path("metadata").has(field)) {
                metadata.set(field, of.path("metadata").get(field));
            }
        }
        return item.put("timestamp", Api.now())
                .put("window", containers.window().toMillis() + "ms");
    }

    private static ObjectNode quantities(ObjectNode of, Usage usage) {
        of.putObject("usage").put("cpu", usage.nanosPerSecond() + "n").put("memory", usage.bytes() / 1024 + "Ki");
        return of;
    }
}
