package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.ModelSchemas;
import java.util.List;
import java.util.Optional;

/** OpenAPI v3: what {@code kubectl explain} shows, and how kubectl learns that the server validates fields itself. */
final class OpenApi {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final ResourceTypes types;

    OpenApi(ResourceTypes types) {
        this.types = types;
    }

    /** The answer to a path below {@code /openapi/v3}, or empty. */
    Optional<ObjectNode> answer(String path) {
        if (path.equals("/openapi/v3")) {
            ObjectNode index = Json.object();
            ObjectNode paths = index.putObject("paths");
            types.all().forEach(t -> paths.putObject(root(t).substring(1))
                    .put("serverRelativeURL", "/openapi/v3" + root(t)));
            return Optional.of(index);
        }
        String wanted = path.substring("/openapi/v3".length());
        List<ResourceType> here =
                types.all().stream().filter(t -> root(t).equals(wanted)).toList();
        return here.isEmpty() ? Optional.empty() : Optional.of(document(here));
    }

    private static String root(ResourceType type) {
        return (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
    }

    private static ObjectNode document(List<ResourceType> here) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.32.0+sandbox");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        ObjectNode metadata = ModelSchemas.metadata().source().deepCopy();
        metadata.put("description", "ObjectMeta is metadata that all persisted resources must have.");
        schemas.set(META, metadata);
        for (ResourceType type : here) {
            schemas.set(name(type), schema(type));
            paths(type, paths);
        }
        return document;
    }

    private static String name(ResourceType type) {
        return "dev.redis-replication.sandbox." + type.apiVersion().replace('/', '.') + "." + type.kind();
    }

    private static ObjectNode schema(ResourceType type) {
        ObjectNode schema = type.schema().source().deepCopy();
        ObjectNode properties = Json.child(schema, "properties");
        properties
                .putObject("apiVersion")
                .put("type", "string")
                .put("description", "The version of the schema of this object.");
        properties.putObject("kind").put("type", "string").put("description", "The kind of this object.");
        ObjectNode metadata = properties.putObject("metadata").put("description", "Standard object's metadata.");
        metadata.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + META);
        schema.putArray("x-kubernetes-group-version-kind").add(kind(type));
        return schema;
    }

    private static ObjectNode kind(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private static void paths(ResourceType type, ObjectNode paths) {
        String collection = root(type) + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        ObjectNode many = paths.putObject(collection);
        operation(many, "get", "list", type);
        operation(many, "post", "post", type);
        ObjectNode one = paths.putObject(collection + "/{name}");
        operation(one, "get", "get", type);
        operation(one, "put", "put", type);
        operation(one, "delete", "delete", type);
        ObjectNode patch = operation(one, "patch", "patch", type);
        ObjectNode content = patch.putObject("requestBody").putObject("content");
        for (String accepted : List.of("application/apply-patch+yaml", "application/merge-patch+json")) {
            content.putObject(accepted).putObject("schema").put("type", "object");
        }
    }

    private static ObjectNode operation(ObjectNode path, String method, String action, ResourceType type) {
        ObjectNode operation = path.putObject(method).put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", kind(type));
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
            parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
        ok.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + name(type));
        return operation;
    }
}
