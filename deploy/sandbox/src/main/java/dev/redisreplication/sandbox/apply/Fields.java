package dev.redisreplication.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Walks values by their schema and says which fields there are, and which ones differ. */
final class Fields {
    private Fields() {}

    /**
     * What differs between two objects.
     *
     * @param changed fields that are new or have another value
     * @param removed fields that are gone
     */
    record Difference(FieldSet changed, FieldSet removed) {}

    /** How a value takes part in ownership: by its fields, by its elements, or as one whole. */
    enum Shape {
        FIELDS,
        KEYED,
        SET,
        WHOLE
    }

    static Shape shape(Schema schema, JsonNode value) {
        if (value.isObject()) {
            return schema.isAtomicMap() ? Shape.WHOLE : Shape.FIELDS;
        }
        if (value.isArray()) {
            return schema.isListMap() ? Shape.KEYED : schema.isListSet() ? Shape.SET : Shape.WHOLE;
        }
        return Shape.WHOLE;
    }

    /** The set that an applied configuration claims. */
    static FieldSet setOf(Schema schema, JsonNode value) {
        FieldSet set = new FieldSet();
        claim(schema, value, set);
        return set;
    }

    private static void claim(Schema schema, JsonNode value, FieldSet into) {
        switch (shape(schema, value)) {
            case WHOLE -> into.add();
            case FIELDS ->
                value.properties().forEach(e -> {
                    FieldSet at = into.at("f:" + e.getKey());
                    JsonNode child = e.getValue();
                    boolean structField = schema.properties().containsKey(e.getKey());
                    if (!structField || child.isNull() || (child.isObject() && child.isEmpty())) {
                        at.add();
                    }
                    claim(fieldOf(schema, e.getKey()), child, at);
                });
            case KEYED, SET ->
                elements(schema, value).forEach((element, item) -> {
                    FieldSet at = into.at(element);
                    at.add();
                    claim(schema.items(), item, at);
                });
        }
        // The place of an object is only claimed by what says so above.
    }

    /** What changed from the old object to the new one. */
    static Difference compare(Schema schema, JsonNode old, JsonNode now) {
        FieldSet changed = new FieldSet();
        FieldSet removed = new FieldSet();
        compare(schema, old, now, changed, removed);
        return new Difference(changed, removed);
    }

    private static void compare(Schema schema, JsonNode old, JsonNode now, FieldSet changed, FieldSet removed) {
        if (Objects.equals(old, now)) {
            return;
        }
        if (old == null) {
            all(schema, now, changed);
            return;
        }
        if (now == null) {
            all(schema, old, removed);
            return;
        }
        Shape before = shape(schema, old);
        Shape after = shape(schema, now);
        if (before != after || after == Shape.WHOLE) {
            changed.add();
            return;
        }
        Map<String, JsonNode> left = children(schema, old);
        Map<String, JsonNode> right = children(schema, now);
        right.forEach((element, item) -> {
            JsonNode was = left.get(element);
            compare(childSchema(schema, element), was, item, changed.at(element), removed.at(element));
        });
        left.forEach((element, item) -> {
            if (!right.containsKey(element)) {
                compare(childSchema(schema, element), item, null, changed.at(element), removed.at(element));
            }
        });
    }

    /** Everything at and below the place. */
    private static void all(Schema schema, JsonNode value, FieldSet into) {
        into.add();
        if (shape(schema, value) != Shape.WHOLE) {
            children(schema, value)
                    .forEach((element, item) -> all(childSchema(schema, element), item, into.at(element)));
        }
    }

    /** The parts of a value by path element. */
    static Map<String, JsonNode> children(Schema schema, JsonNode value) {
        if (value.isObject()) {
            Map<String, JsonNode> fields = new LinkedHashMap<>();
            value.properties().forEach(e -> fields.put("f:" + e.getKey(), e.getValue()));
            return fields;
        }
        return elements(schema, value);
    }

    /** The elements of an associative list or a set by path element. */
    static Map<String, JsonNode> elements(Schema schema, JsonNode list) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        list.forEach(item -> elements.put(elementOf(schema, item), item));
        return elements;
    }

    /** The path element of an item of an associative list or a set. */
    static String elementOf(Schema schema, JsonNode item) {
        if (schema.isListSet()) {
            return "v:" + Json.write(item);
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        schema.keysOf(item).properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        ObjectNode keys = Json.object();
        sorted.forEach(keys::set);
        return "k:" + Json.write(keys);
    }

    static Schema childSchema(Schema schema, String element) {
        return element.startsWith("f:") ? fieldOf(schema, element.substring(2)) : schema.items();
    }

    static Schema fieldOf(Schema schema, String name) {
        Schema field = schema.field(name);
        return field == null ? Schema.UNKNOWN : field;
    }
}
