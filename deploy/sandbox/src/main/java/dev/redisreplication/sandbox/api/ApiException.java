package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.apply.ManagedFields.ConflictException;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A refusal, worded and numbered as the API server does it; becomes a {@code Status} on the wire. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    private ApiException(int code, String reason, String message, ObjectNode details) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /** As a {@code Status} object. */
    public ObjectNode toStatus() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (details != null) {
            status.set("details", details);
        }
        return status.put("code", code);
    }

    static ApiException notFound(ResourceType type, String name) {
        return new ApiException(
                404, "NotFound", type.qualified() + " \"" + name + "\" not found", details(type, name, false));
    }

    static ApiException noSuchPath() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    static ApiException alreadyExists(ResourceType type, String name) {
        return new ApiException(
                409,
                "AlreadyExists",
                type.qualified() + " \"" + name + "\" already exists",
                details(type, name, false));
    }

    static ApiException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
                details(type, name, false));
    }

    /** 400 with the reason. */
    public static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message, null);
    }

    static ApiException unsupportedMediaType(String given) {
        return new ApiException(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - \"" + given + "\" is not supported here",
                null);
    }

    static ApiException methodNotAllowed() {
        return new ApiException(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource", null);
    }

    static ApiException expired(long asked, long oldest) {
        return new ApiException(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")", null);
    }

    static ApiException invalid(ResourceType type, String name, List<FieldError> errors) {
        ObjectNode details = details(type, name, true);
        ArrayNode causes = details.putArray("causes");
        errors.forEach(e -> causes.addObject()
                .put("reason", e.reason())
                .put("message", e.detail())
                .put("field", e.field()));
        String all = errors.size() == 1
                ? errors.getFirst().message()
                : errors.stream().map(FieldError::message).collect(Collectors.joining(", ", "[", "]"));
        String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        return new ApiException(422, "Invalid", kind + " \"" + name + "\" is invalid: " + all, details);
    }

    static ApiException applyConflict(ConflictException conflict) {
        List<ConflictException.Cause> found = conflict.causes();
        Map<String, List<String>> owners = new LinkedHashMap<>();
        found.forEach(
                c -> owners.computeIfAbsent(c.owner(), o -> new ArrayList<>()).add(c.field()));
        StringBuilder text = new StringBuilder("Apply failed with " + found.size());
        if (found.size() == 1) {
            text.append(" conflict: conflict with ").append(found.getFirst().owner());
            text.append(": ").append(found.getFirst().field());
        } else {
            text.append(" conflicts: ");
            text.append(owners.entrySet().stream()
                    .map(o -> "conflicts with " + o.getKey() + ":\n- " + String.join("\n- ", o.getValue()))
                    .collect(Collectors.joining("\n")));
        }
        ObjectNode details = Json.object();
        ArrayNode causes = details.putArray("causes");
        found.forEach(c -> causes.addObject()
                .put("reason", "FieldManagerConflict")
                .put("message", "conflict with " + c.owner())
                .put("field", c.field()));
        return new ApiException(409, "Conflict", text.toString(), details);
    }

    private static ObjectNode details(ResourceType type, String name, boolean byKind) {
        ObjectNode details = Json.object().put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", byKind ? type.kind() : type.plural());
    }
}
