package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.HttpRequest;
import dev.redisreplication.sandbox.http.HttpServer;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.protobuf.Protobuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The API over HTTP: routes a request, reads its body and options, and writes the answer in the form asked for. */
public final class ApiServer implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";

    private final Api api;
    private final Containers containers;
    private final Metrics metrics;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final HttpServer http;
    private volatile Consumer<HttpRequest> before = request -> {};

    /** Serves the API at the address; port 0 takes a free one. */
    public ApiServer(Api api, InetSocketAddress address, Containers containers) throws IOException {
        this.api = api;
        this.containers = containers;
        metrics = new Metrics(api, containers);
        discovery = new Discovery(api.types());
        openApi = new OpenApi(api.types());
        http = new HttpServer(address, this::handle);
    }

    /** Calls it with each request before that is served, on the request's thread: a test lets something happen just then. */
    public void before(Consumer<HttpRequest> hook) {
        before = hook;
    }

    public int port() {
        return http.port();
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            before.accept(exchange.request());
            route(exchange);
        } catch (ApiException e) {
            fail(exchange, e.code(), e.toStatus());
        } catch (ProtocolException e) {
            fail(exchange, 400, ApiException.badRequest(e.getMessage()).toStatus());
        } catch (RuntimeException e) {
            System.getLogger(ApiServer.class.getName())
                    .log(System.Logger.Level.ERROR, exchange.request().path(), e);
            ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
            status.put("status", "Failure").put("reason", "InternalError").put("code", 500);
            fail(exchange, 500, status.put("message", "Internal error occurred: " + e));
        }
    }

    private static void fail(HttpExchange exchange, int code, ObjectNode status) throws IOException {
        if (exchange.answered()) {
            exchange.abort();
        } else {
            exchange.respond(code, JSON, Json.bytes(status));
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        HttpRequest request = exchange.request();
        String path = request.path();
        Optional<ObjectNode> found = discovery.answer(path);
        if (found.isEmpty() && path.startsWith("/openapi/v3")) {
            found = openApi.answer(path);
        }
        if (found.isEmpty()) {
            found = metrics.answer(request);
        }
        if (found.isPresent()) {
            exchange.respond(200, JSON, Json.bytes(found.get()));
            return;
        }
        if (path.equals("/healthz") || path.equals("/livez") || path.equals("/readyz")) {
            exchange.respond(200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (path.startsWith(REVIEWS)) {
            review(exchange);
            return;
        }
        resource(exchange, Target.of(api.types(), path));
    }

    /** Everybody may do everything here. */
    private static void review(HttpExchange exchange) throws IOException {
        ObjectNode review = (ObjectNode) body(exchange.request());
        ObjectNode status = review.putObject("status");
        switch (exchange.request().path().substring(REVIEWS.length())) {
            case "selfsubjectaccessreviews" ->
                status.put("allowed", true).put("reason", "the sandbox allows everything");
            case "selfsubjectrulesreviews" -> {
                ObjectNode rule = status.putArray("resourceRules").addObject();
                List.of("verbs", "apiGroups", "resources")
                        .forEach(f -> rule.putArray(f).add("*"));
                ObjectNode urls = status.putArray("nonResourceRules").addObject();
                List.of("verbs", "nonResourceURLs")
                        .forEach(f -> urls.putArray(f).add("*"));
                status.put("incomplete", false);
            }
            default -> throw ApiException.noSuchPath();
        }
        exchange.respond(201, JSON, Json.bytes(review));
    }

    private void resource(HttpExchange exchange, Target target) throws IOException {
        HttpRequest request = exchange.request();
        // A WebSocket begins with GET, SPDY with POST.
        switch (target.subresource()) {
            case "exec" -> {
                containers.exec(api.get(target.type(), target.namespace(), target.name()), exchange);
                return;
            }
            case "portforward" -> {
                containers.forward(api.get(target.type(), target.namespace(), target.name()), exchange);
                return;
            }
            default -> {
                // An object.
            }
        }
        switch (request.method()) {
            case "GET", "HEAD" -> read(exchange, target);
            case "POST" -> {
                if (!target.name().isEmpty()) {
                    throw ApiException.methodNotAllowed();
                }
                ObjectNode object = object(body(request), target);
                answer(exchange, target, 201, api.create(target.type(), target.namespace(), object, options(exchange)));
            }
            case "PUT" -> put(exchange, target);
            case "PATCH" -> patch(exchange, target);
            case "DELETE" -> delete(exchange, target);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void read(HttpExchange exchange, Target target) throws IOException {
        HttpRequest request = exchange.request();
        if (target.subresource().equals("log")) {
            containers.log(api.get(target.type(), target.namespace(), target.name()), exchange);
            return;
        }
        boolean watch = request.flag("watch");
        if (!target.name().isEmpty() && !watch) {
            ObjectNode object = api.get(target.type(), target.namespace(), target.name());
            answer(
                    exchange,
                    target,
                    200,
                    target.subresource().equals("scale") ? Scales.of(target.type(), object) : object);
            return;
        }
        String fields = request.param("fieldSelector");
        if (!target.name().isEmpty()) {
            fields = "metadata.name=" + target.name();
        }
        Predicate<JsonNode> selector = Selector.of(request.param("labelSelector"), fields);
        Accept accept = Accept.of(request.header("accept"));
        String include = request.param("includeObject");
        if (watch) {
            new Watching(
                            api.store(),
                            target.type(),
                            target.namespace(),
                            selector,
                            exchange,
                            (object, first) -> switch (accept) {
                                case TABLE ->
                                    Tables.of(
                                            target.type(),
                                            List.of(object),
                                            Json.text(object, "metadata", "resourceVersion"),
                                            include,
                                            first);
                                case METADATA -> Tables.partial(object);
                                case WHOLE -> object;
                            })
                    .serve();
            return;
        }
        Store.Listing listing = api.store().list(target.type(), target.namespace(), selector);
        exchange.respond(200, JSON, Json.bytes(list(target.type(), listing, accept, include)));
    }

    private static ObjectNode list(ResourceType type, Store.Listing listing, Accept accept, String include) {
        String version = Long.toString(listing.version());
        if (accept == Accept.TABLE) {
            return Tables.of(type, listing.items(), version, include, true);
        }
        boolean partial = accept == Accept.METADATA;
        ObjectNode list = Json.object()
                .put("kind", partial ? "PartialObjectMetadataList" : type.kind() + "List")
                .put("apiVersion", partial ? "meta.k8s.io/v1" : type.apiVersion());
        list.putObject("metadata").put("resourceVersion", version);
        list.putArray("items")
                .addAll(partial ? listing.items().stream().map(Tables::partial).toList() : listing.items());
        return list;
    }

    private void put(HttpExchange exchange, Target target) throws IOException {
        ObjectNode object = object(body(exchange.request()), target);
        if (target.subresource().equals("scale")) {
            ObjectNode scaled = scale(exchange, target, Json.at(object, "spec", "replicas"));
            answer(exchange, target, 200, Scales.of(target.type(), scaled));
            return;
        }
        if (!Json.name(object).equals(target.name())) {
            throw ApiException.badRequest("the name of the object (" + Json.name(object)
                    + ") does not match the name on the URL (" + target.name() + ")");
        }
        answer(
                exchange,
                target,
                200,
                api.update(target.type(), target.namespace(), target.subresource(), object, options(exchange)));
    }

    private ObjectNode scale(HttpExchange exchange, Target target, JsonNode replicas) {
        return api.patch(target.type(), target.namespace(), target.name(), "", options(exchange), old -> {
            ObjectNode copy = old.deepCopy();
            // A client that leaves zeros out means zero.
            Json.child(copy, "spec").put("replicas", replicas.asInt(0));
            return copy;
        });
    }

    private void patch(HttpExchange exchange, Target target) throws IOException {
        HttpRequest request = exchange.request();
        String contentType = request.header("content-type").split(";", 2)[0].strip();
        JsonNode patch = body(request);
        ResourceType type = target.type();
        if (target.subresource().equals("scale")) {
            ObjectNode scaled = scale(exchange, target, Json.at(patch, "spec", "replicas"));
            answer(exchange, target, 200, Scales.of(type, scaled));
            return;
        }
        WriteOptions options = options(exchange);
        if (contentType.equals("application/apply-patch+yaml") || contentType.equals("application/apply-patch+json")) {
            boolean there = api.find(type, target.namespace(), target.name()) != null;
            ObjectNode applied = api.apply(
                    type, target.namespace(), target.name(), target.subresource(), object(patch, target), options);
            answer(exchange, target, there ? 200 : 201, applied);
            return;
        }
        ObjectNode patched = api.patch(
                type, target.namespace(), target.name(), target.subresource(), options, old -> switch (contentType) {
                    case "application/json-patch+json" -> Patches.json(old, patch);
                    case "application/merge-patch+json" -> Patches.merge(old, patch);
                    case "application/strategic-merge-patch+json" -> {
                        if (type.custom()) {
                            throw ApiException.unsupportedMediaType(contentType);
                        }
                        yield Patches.strategic(type.schema(), old, patch);
                    }
                    default -> throw ApiException.unsupportedMediaType(contentType);
                });
        answer(exchange, target, 200, patched);
    }

    private void delete(HttpExchange exchange, Target target) throws IOException {
        HttpRequest request = exchange.request();
        JsonNode given = request.body().length == 0 ? Json.object() : body(request);
        ObjectNode options = given instanceof ObjectNode o ? o : Json.object();
        for (String name : List.of("propagationPolicy", "gracePeriodSeconds")) {
            if (!request.param(name).isEmpty()) {
                options.put(name, request.param(name));
            }
        }
        boolean dryRun = options.path("dryRun").size() > 0 || request.query().containsKey("dryRun");
        if (target.name().isEmpty()) {
            Predicate<JsonNode> selector = Selector.of(request.param("labelSelector"), request.param("fieldSelector"));
            Store.Listing listing = api.store().list(target.type(), target.namespace(), selector);
            for (ObjectNode object : listing.items()) {
                api.delete(target.type(), Json.namespace(object), Json.name(object), options, dryRun);
            }
            exchange.respond(200, JSON, Json.bytes(list(target.type(), listing, Accept.WHOLE, "")));
            return;
        }
        String uid = Json.uid(api.get(target.type(), target.namespace(), target.name()));
        ObjectNode left = api.delete(target.type(), target.namespace(), target.name(), options, dryRun);
        if (left != null) {
            answer(exchange, target, 200, left);
            return;
        }
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success")
                .putObject("details")
                .put("name", target.name())
                .put("group", target.type().group())
                .put("kind", target.type().plural())
                .put("uid", uid);
        exchange.respond(200, JSON, Json.bytes(status));
    }

    private static void answer(HttpExchange exchange, Target target, int code, ObjectNode object) throws IOException {
        Accept accept = Accept.of(exchange.request().header("accept"));
        ObjectNode shown =
                switch (accept) {
                    case TABLE ->
                        Tables.of(
                                target.type(),
                                List.of(object),
                                Json.text(object, "metadata", "resourceVersion"),
                                exchange.request().param("includeObject"),
                                true);
                    case METADATA -> Tables.partial(object);
                    case WHOLE -> object;
                };
        exchange.respond(code, JSON, Json.bytes(shown));
    }

    private static WriteOptions options(HttpExchange exchange) {
        HttpRequest request = exchange.request();
        String manager = request.param("fieldManager");
        if (manager.isEmpty() && !request.header("content-type").contains("apply-patch")) {
            String agent = request.header("user-agent").split("/", 2)[0];
            manager = agent.isEmpty() ? "unknown" : agent;
        }
        String validation = request.param("fieldValidation");
        return new WriteOptions(
                manager,
                request.param("dryRun").equals("All"),
                request.flag("force"),
                validation.isEmpty() ? "Warn" : validation,
                exchange::warn);
    }

    private static JsonNode body(HttpRequest request) {
        try {
            String type = request.header("content-type").split(";", 2)[0].strip();
            if (type.equals(Protobuf.CONTENT_TYPE)) {
                return Protobuf.read(request.body());
            }
            JsonNode body = type.contains("yaml") ? Json.readYaml(request.body()) : Json.read(request.body());
            if (body == null || body.isMissingNode()) {
                throw ApiException.badRequest("the body of the request is empty");
            }
            return body;
        } catch (Protobuf.UnknownKindException e) {
            throw ApiException.unsupportedMediaType(e.getMessage());
        } catch (IOException e) {
            throw ApiException.badRequest("error decoding request: " + e.getMessage());
        }
    }

    private static ObjectNode object(JsonNode body, Target target) {
        if (!(body instanceof ObjectNode object)) {
            throw ApiException.badRequest("the body of the request is not an object");
        }
        ResourceType type = target.type();
        if (target.subresource().equals("scale")) {
            return object;
        }
        boolean kindFits = !object.has("kind") || Json.text(object, "kind").equals(type.kind());
        boolean versionFits =
                !object.has("apiVersion") || Json.text(object, "apiVersion").equals(type.apiVersion());
        if (!kindFits || !versionFits) {
            throw ApiException.badRequest("the API version in the data (" + Json.text(object, "apiVersion") + ", "
                    + Json.text(object, "kind") + ") does not match the expected API version (" + type.apiVersion()
                    + ", " + type.kind() + ")");
        }
        String namespace = Json.namespace(object);
        if (type.namespaced() && !namespace.isEmpty() && !namespace.equals(target.namespace())) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on" + " the request");
        }
        object.put("apiVersion", type.apiVersion());
        object.put("kind", type.kind());
        return object;
    }

    /** The forms in which an object can be shown. */
    private enum Accept {
        WHOLE,
        TABLE,
        METADATA;

        static Accept of(String header) {
            for (String choice : header.split(",", -1)) {
                if (choice.contains("as=Table")) {
                    return TABLE;
                } else if (choice.contains("as=PartialObjectMetadata")) {
                    return METADATA;
                } else if (choice.contains("protobuf")) {
                    continue;
                }
                return WHOLE;
            }
            return WHOLE;
        }
    }
}
