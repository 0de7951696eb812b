package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A structural OpenAPI schema with Kubernetes' extensions, as much of it as validation, defaulting, pruning and field
 * ownership need. Made once a schema document; immutable.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy">merge strategy</a>
 */
public final class Schema {
    /** What is known of a value whose schema is not known: maps are granular, lists atomic. */
    public static final Schema UNKNOWN = new Schema(Json.object().put("x-kubernetes-preserve-unknown-fields", true));

    private final JsonNode source;
    private final Map<String, Schema> properties = new LinkedHashMap<>();
    private final Schema additional;
    private final Schema items;
    private final List<String> mapKeys = new ArrayList<>();
    private final List<String> required = new ArrayList<>();
    private final List<CelRule> rules = new ArrayList<>();

    public Schema(JsonNode source) {
        this.source = source;
        source.path("properties").properties().forEach(e -> properties.put(e.getKey(), new Schema(e.getValue())));
        JsonNode more = source.path("additionalProperties");
        additional = more.isObject() ? new Schema(more) : more.asBoolean(false) ? UNKNOWN : null;
        items = source.path("items").isObject() ? new Schema(source.path("items")) : null;
        source.path("x-kubernetes-list-map-keys").forEach(k -> mapKeys.add(k.asText()));
        source.path("required").forEach(k -> required.add(k.asText()));
        source.path("x-kubernetes-validations").forEach(r -> rules.add(new CelRule(r)));
    }

    /** The document this was made from. */
    public JsonNode source() {
        return source;
    }

    /** {@code object}, {@code array}, {@code string}, ... or the empty string when any will do. */
    public String type() {
        return source.path("type").asText("");
    }

    public Map<String, Schema> properties() {
        return properties;
    }

    /** The schema of the values of a map, or null when this is not one. */
    public Schema additional() {
        return additional;
    }

    /** The schema of a list's elements; never null. */
    public Schema items() {
        return items == null ? UNKNOWN : items;
    }

    public List<String> required() {
        return required;
    }

    public List<CelRule> rules() {
        return rules;
    }

    /** The schema of the field, or null when there is no such field. */
    public Schema field(String name) {
        Schema property = properties.get(name);
        if (property != null) {
            return property;
        }
        if (additional != null) {
            return additional;
        }
        return preservesUnknown() ? UNKNOWN : null;
    }

    /** Whether fields without a schema are kept. */
    public boolean preservesUnknown() {
        return source.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    }

    /** Whether a whole Kubernetes object lies here. */
    public boolean embedded() {
        return source.path("x-kubernetes-embedded-resource").asBoolean(false);
    }

    public boolean intOrString() {
        return source.path("x-kubernetes-int-or-string").asBoolean(false)
                || source.path("format").asText("").equals("int-or-string");
    }

    public boolean nullable() {
        return source.path("nullable").asBoolean(false);
    }

    /** Whether field owners share a list by its elements (associative) instead of owning it whole. */
    public boolean isListMap() {
        return source.path("x-kubernetes-list-type").asText("").equals("map") && !mapKeys.isEmpty();
    }

    public boolean isListSet() {
        return source.path("x-kubernetes-list-type").asText("").equals("set");
    }

    /** Whether a map is owned whole. */
    public boolean isAtomicMap() {
        return source.path("x-kubernetes-map-type").asText("").equals("atomic");
    }

    /** The fields that tell the elements of an associative list apart. */
    public List<String> mapKeys() {
        return mapKeys;
    }

    /** The keys of an element of an associative list; absent ones take the default of their schema. */
    public ObjectNode keysOf(JsonNode element) {
        ObjectNode keys = Json.object();
        for (String key : mapKeys) {
            JsonNode value = element.get(key);
            if (value == null || value.isNull()) {
                Schema field = items().field(key);
                value = field == null ? null : field.defaultValue();
            }
            if (value != null) {
                keys.set(key, value);
            }
        }
        return keys;
    }

    /** The default value, or null. */
    public JsonNode defaultValue() {
        return source.get("default");
    }
}
