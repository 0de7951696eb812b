package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;

/**
 * What is wrong with one field, worded as Kubernetes words it.
 *
 * @param reason a cause's reason, such as {@code FieldValueInvalid}
 * @param field the path, such as {@code spec.replicas}
 * @param detail the message without the path
 */
public record FieldError(String reason, String field, String detail) {
    /** The value is there and wrong. */
    public static FieldError invalid(String field, JsonNode value, String why) {
        return new FieldError("FieldValueInvalid", field, "Invalid value: " + Json.write(value) + ": " + why);
    }

    /** The same, naming the type of the value in its place, as CEL rules and type errors do. */
    public static FieldError invalid(String field, String value, String why) {
        return new FieldError("FieldValueInvalid", field, "Invalid value: \"" + value + "\": " + why);
    }

    public static FieldError required(String field, String why) {
        return new FieldError("FieldValueRequired", field, why.isEmpty() ? "Required value" : "Required value: " + why);
    }

    public static FieldError forbidden(String field, String why) {
        return new FieldError("FieldValueForbidden", field, "Forbidden: " + why);
    }

    /** The error as one line. */
    public String message() {
        return field.isEmpty() ? "<nil>: " + detail : field + ": " + detail;
    }
}
