package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What there is: {@code /version}, {@code /api}, {@code /apis} and the resource lists below them. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    /** What {@code kubectl get all} means. */
    private static final Set<String> SHOWN_BY_ALL = Set.of("pods", "services", "statefulsets");

    /** Groups whose kinds are not stored, each with its version. */
    private static final Map<String, String> WITHOUT_OBJECTS =
            Map.of("authorization.k8s.io", "v1", Metrics.GROUP, Metrics.VERSION);

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    /** The answer to the path, or empty when it is not one of discovery. */
    Optional<ObjectNode> answer(String path) {
        return switch (path) {
            case "/version" -> Optional.of(version());
            case "/api", "/api/" -> Optional.of(coreVersions());
            case "/apis", "/apis/" -> Optional.of(groups());
            default -> below(path);
        };
    }

    private Optional<ObjectNode> below(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length == 3 && parts[1].equals("api") && parts[2].equals("v1")) {
            return Optional.of(resources("", "v1"));
        }
        if (parts.length == 3 && parts[1].equals("apis") && groupNames().contains(parts[2])) {
            ObjectNode group = group(parts[2]);
            return Optional.of(group.put("kind", "APIGroup").put("apiVersion", "v1"));
        }
        if (parts.length == 4 && parts[1].equals("apis") && groupNames().contains(parts[2])) {
            return Optional.of(resources(parts[2], parts[3]));
        }
        return Optional.empty();
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+sandbox")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-11-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private Set<String> groupNames() {
        Set<String> names = new LinkedHashSet<>();
        types.all().stream().map(ResourceType::group).filter(g -> !g.isEmpty()).forEach(names::add);
        names.addAll(WITHOUT_OBJECTS.keySet());
        return names;
    }

    private Set<String> versions(String group) {
        Set<String> versions = new LinkedHashSet<>();
        types.all().stream().filter(t -> t.group().equals(group)).forEach(t -> versions.add(t.version()));
        if (versions.isEmpty()) {
            versions.add(WITHOUT_OBJECTS.get(group));
        }
        return versions;
    }

    private ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        groupNames().forEach(g -> groups.add(group(g)));
        return list;
    }

    private ObjectNode group(String name) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode versions = group.putArray("versions");
        for (String version : versions(name)) {
            versions.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", versions.get(0));
        return group;
    }

    private ObjectNode resources(String group, String version) {
        String groupVersion = group.isEmpty() ? version : group + "/" + version;
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", groupVersion);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types.all()) {
            if (!type.group().equals(group) || !type.version().equals(version)) {
                continue;
            }
            ObjectNode main = resource(resources, type.plural(), type, type.kind(), VERBS);
            main.put("singularName", type.singular());
            if (!type.shortNames().isEmpty()) {
                main.set("shortNames", Json.array(type.shortNames()));
            }
            if (SHOWN_BY_ALL.contains(type.plural()) && !type.custom()) {
                main.putArray("categories").add("all");
            }
            if (type.statusSubresource()) {
                resource(resources, type.plural() + "/status", type, type.kind(), List.of("get", "patch", "update"));
            }
            if (type.scale() != null) {
                resource(resources, type.plural() + "/scale", type, "Scale", List.of("get", "patch", "update"))
                        .put("group", "autoscaling")
                        .put("version", "v1");
            }
            if (type.kind().equals("Pod")) {
                resource(resources, "pods/log", type, "Pod", List.of("get"));
                resource(resources, "pods/exec", type, "PodExecOptions", List.of("create", "get"));
                resource(resources, "pods/portforward", type, "PodPortForwardOptions", List.of("create", "get"));
            }
        }
        if (group.equals("authorization.k8s.io")) {
            for (String review : List.of("AccessReview", "RulesReview")) {
                String kind = "SelfSubject" + review;
                resources
                        .addObject()
                        .put("name", kind.toLowerCase(Locale.ROOT) + "s")
                        .put("singularName", kind.toLowerCase(Locale.ROOT))
                        .put("namespaced", false)
                        .put("kind", kind)
                        .set("verbs", Json.array(List.of("create")));
            }
        }
        if (group.equals(Metrics.GROUP)) {
            metrics(resources, "nodes", false, "NodeMetrics");
            metrics(resources, "pods", true, "PodMetrics");
        }
        return list;
    }

    private static void metrics(ArrayNode resources, String name, boolean namespaced, String kind) {
        resources
                .addObject()
                .put("name", name)
                .put("singularName", "")
                .put("namespaced", namespaced)
                .put("kind", kind)
                .set("verbs", Json.array(List.of("get", "list")));
    }

    private static ObjectNode resource(
            ArrayNode resources, String name, ResourceType type, String kind, List<String> verbs) {
        ObjectNode resource = resources
                .addObject()
                .put("name", name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", kind);
        resource.set("verbs", Json.array(verbs));
        return resource;
    }
}
