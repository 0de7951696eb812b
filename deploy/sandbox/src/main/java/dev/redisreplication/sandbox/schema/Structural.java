package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Defaulting and pruning by a structural schema. Both change the object they are given. */
public final class Structural {
    private Structural() {}

    /** Sets the default of each absent field whose parent is there; null takes the default where null is not allowed. */
    public static void applyDefaults(Schema schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.properties().forEach((name, field) -> {
                JsonNode now = object.get(name);
                if ((now == null || (now.isNull() && !field.nullable())) && field.defaultValue() != null) {
                    object.set(name, field.defaultValue().deepCopy());
                }
            });
            object.properties().forEach(e -> {
                Schema field = schema.field(e.getKey());
                if (field != null) {
                    applyDefaults(field, e.getValue());
                }
            });
        } else if (value instanceof ArrayNode array) {
            array.forEach(element -> applyDefaults(schema.items(), element));
        }
    }

    /**
     * Removes what the schema does not know.
     *
     * @return the paths removed, such as {@code spec.colour}
     */
    public static List<String> prune(Schema schema, ObjectNode root) {
        List<String> unknown = new ArrayList<>();
        prune(schema, root, "", unknown);
        return unknown;
    }

    private static void prune(Schema schema, JsonNode value, String path, List<String> unknown) {
        if (value instanceof ObjectNode object) {
            if (schema.preservesUnknown() && schema.properties().isEmpty()) {
                return;
            }
            for (String name : List.copyOf(fieldNames(object))) {
                boolean objectMeta = (path.isEmpty() || schema.embedded())
                        && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"));
                Schema field = schema.field(name);
                String at = path.isEmpty() ? name : path + "." + name;
                if (objectMeta) {
                    continue;
                }
                if (field == null) {
                    object.remove(name);
                    unknown.add(at);
                } else {
                    prune(field, object.get(name), at, unknown);
                }
            }
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                prune(schema.items(), array.get(i), path + "[" + i + "]", unknown);
            }
        }
    }

    private static List<String> fieldNames(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Drops nulls everywhere outside of what is preserved, as the API server does for built-in kinds. */
    public static void dropNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            List<String> nulls = new ArrayList<>();
            object.properties().forEach(e -> {
                if (e.getValue().isNull()) {
                    nulls.add(e.getKey());
                } else {
                    dropNulls(e.getValue());
                }
            });
            object.remove(nulls);
        } else if (value instanceof ArrayNode array) {
            array.forEach(Structural::dropNulls);
        }
    }
}
