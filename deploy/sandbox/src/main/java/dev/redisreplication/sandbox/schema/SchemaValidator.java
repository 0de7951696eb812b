package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Validates a custom resource against its schema, then, when that holds, against the CEL rules in it. */
public final class SchemaValidator {
    private final List<FieldError> errors = new ArrayList<>();

    private SchemaValidator() {}

    /**
     * Everything that is wrong.
     *
     * @param old the object before, or null on creation
     */
    public static List<FieldError> validate(Schema schema, JsonNode value, JsonNode old) {
        SchemaValidator validator = new SchemaValidator();
        validator.structure(schema, value, "");
        if (validator.errors.isEmpty()) {
            validator.rules(schema, value, old, "");
        }
        return validator.errors;
    }

    private void structure(Schema schema, JsonNode value, String path) {
        if (value.isNull() && schema.nullable()) {
            return;
        }
        if (!typeFits(schema, value)) {
            String wanted = schema.intOrString() ? "integer,string" : schema.type();
            String got = typeOf(value);
            errors.add(
                    FieldError.invalid(path, got, path + " in body must be of type " + wanted + ": \"" + got + "\""));
            return;
        }
        JsonNode source = schema.source();
        if (source.path("enum").isArray() && !contains(source.path("enum"), value)) {
            String choices = sorted(source.path("enum"));
            errors.add(new FieldError(
                    "FieldValueNotSupported",
                    path,
                    "Unsupported value: " + Json.write(value) + ": supported values: " + choices));
        }
        switch (value.getNodeType()) {
            case OBJECT -> object(schema, value, path);
            case ARRAY -> array(schema, value, path);
            case STRING -> string(source, value, path);
            case NUMBER -> number(source, value, path);
            default -> {
                // Booleans have no more to check.
            }
        }
    }

    private void object(Schema schema, JsonNode value, String path) {
        for (String name : schema.required()) {
            if (!value.has(name)) {
                errors.add(FieldError.required(join(path, name), ""));
            }
        }
        int size = value.size();
        JsonNode source = schema.source();
        if (source.has("maxProperties") && size > source.path("maxProperties").asInt()) {
            errors.add(new FieldError(
                    "FieldValueTooMany",
                    path,
                    "Too many: " + size + ": must have at most "
                            + source.path("maxProperties").asInt() + " items"));
        }
        if (source.has("minProperties") && size < source.path("minProperties").asInt()) {
            errors.add(FieldError.invalid(
                    path,
                    value,
                    path + " in body should have at least "
                            + source.path("minProperties").asInt() + " properties"));
        }
        value.properties().forEach(e -> {
            Schema field = schema.field(e.getKey());
            if (field != null && !(path.isEmpty() && e.getKey().equals("metadata"))) {
                structure(field, e.getValue(), join(path, e.getKey()));
            }
        });
    }

    private void array(Schema schema, JsonNode value, String path) {
        JsonNode source = schema.source();
        if (source.has("maxItems") && value.size() > source.path("maxItems").asInt()) {
            errors.add(new FieldError(
                    "FieldValueTooMany",
                    path,
                    "Too many: " + value.size() + ": must have at most "
                            + source.path("maxItems").asInt() + " items"));
        }
        if (source.has("minItems") && value.size() < source.path("minItems").asInt()) {
            errors.add(FieldError.invalid(
                    path,
                    value,
                    path + " in body should have at least "
                            + source.path("minItems").asInt() + " items"));
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            JsonNode identity = schema.isListMap() ? schema.keysOf(element) : element;
            if ((schema.isListMap() || schema.isListSet()) && !seen.add(identity)) {
                errors.add(new FieldError(
                        "FieldValueDuplicate", path + "[" + i + "]", "Duplicate value: " + Json.write(identity)));
            }
            structure(schema.items(), element, path + "[" + i + "]");
        }
    }

    private void string(JsonNode source, JsonNode value, String path) {
        String text = value.asText();
        int length = text.codePointCount(0, text.length());
        if (source.has("maxLength") && length > source.path("maxLength").asInt()) {
            errors.add(new FieldError(
                    "FieldValueTooLong",
                    path,
                    "Too long: may not be more than " + source.path("maxLength").asInt() + " bytes"));
        }
        if (source.has("minLength") && length < source.path("minLength").asInt()) {
            errors.add(FieldError.invalid(
                    path,
                    value,
                    path + " in body should be at least "
                            + source.path("minLength").asInt() + " chars long"));
        }
        String pattern = source.path("pattern").asText("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            errors.add(FieldError.invalid(path, value, path + " in body should match '" + pattern + "'"));
        }
    }

    private void number(JsonNode source, JsonNode value, String path) {
        double number = value.asDouble();
        if (source.has("minimum")) {
            double least = source.path("minimum").asDouble();
            boolean open = source.path("exclusiveMinimum").asBoolean(false);
            if (open ? number <= least : number < least) {
                errors.add(FieldError.invalid(
                        path,
                        value,
                        path + " in body should be greater than " + (open ? "" : "or equal to ")
                                + plain(source.path("minimum"))));
            }
        }
        if (source.has("maximum")) {
            double most = source.path("maximum").asDouble();
            boolean open = source.path("exclusiveMaximum").asBoolean(false);
            if (open ? number >= most : number > most) {
                errors.add(FieldError.invalid(
                        path,
                        value,
                        path + " in body should be less than " + (open ? "" : "or equal to ")
                                + plain(source.path("maximum"))));
            }
        }
    }

    private void rules(Schema schema, JsonNode value, JsonNode old, String path) {
        if (value.isNull()) {
            return;
        }
        for (CelRule rule : schema.rules()) {
            rule.check(value, old).ifPresent(why -> {
                String at = path + rule.fieldPath();
                at = at.startsWith(".") ? at.substring(1) : at;
                errors.add(
                        rule.reason().equals("FieldValueForbidden")
                                ? FieldError.forbidden(at, why)
                                : FieldError.invalid(at, schema.type(), why));
            });
        }
        if (value.isObject()) {
            value.properties().forEach(e -> {
                Schema property = schema.properties().get(e.getKey());
                JsonNode before = old == null ? null : old.get(e.getKey());
                if (property != null) {
                    rules(property, e.getValue(), before, join(path, e.getKey()));
                } else if (schema.additional() != null) {
                    rules(schema.additional(), e.getValue(), before, path + "[" + e.getKey() + "]");
                }
            });
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                rules(schema.items(), value.get(i), correlated(schema, value.get(i), old), path + "[" + i + "]");
            }
        }
    }

    /** Elements can be followed from the old list to the new one only where keys tell them apart. */
    private static JsonNode correlated(Schema schema, JsonNode element, JsonNode old) {
        if (old != null && schema.isListMap()) {
            JsonNode keys = schema.keysOf(element);
            for (JsonNode candidate : old) {
                if (schema.keysOf(candidate).equals(keys)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static boolean typeFits(Schema schema, JsonNode value) {
        if (schema.intOrString()) {
            return value.isIntegralNumber() || value.isTextual();
        }
        return switch (schema.type()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber() || (value.isNumber() && value.asDouble() % 1 == 0);
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "null";
        };
    }

    private static boolean contains(JsonNode choices, JsonNode value) {
        for (JsonNode choice : choices) {
            if (choice.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static String sorted(JsonNode choices) {
        List<String> texts = new ArrayList<>();
        choices.forEach(c -> texts.add(Json.write(c)));
        return texts.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String plain(JsonNode number) {
        double value = number.asDouble();
        return value % 1 == 0 ? Long.toString((long) value) : Double.toString(value);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
