package dev.redisreplication.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.apply.Fields.Shape;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two halves of server-side apply on values: laying a configuration over what is there, and taking away what its owner no longer names. */
final class Merge {
    private Merge() {}

    /** The live value with everything that the configuration says; shares nothing with its arguments. */
    static JsonNode overlay(Schema schema, JsonNode live, JsonNode config) {
        if (live == null || live.isNull()) {
            return config.deepCopy();
        }
        Shape shape = Fields.shape(schema, config);
        if (shape == Shape.WHOLE || shape != Fields.shape(schema, live)) {
            return config.deepCopy();
        }
        if (shape == Shape.FIELDS) {
            ObjectNode merged = live.deepCopy();
            config.properties()
                    .forEach(e -> merged.set(
                            e.getKey(),
                            overlay(Fields.fieldOf(schema, e.getKey()), live.get(e.getKey()), e.getValue())));
            return merged;
        }
        return overlayList(schema, live, config);
    }

    /** Applied elements come in the applied order; elements of others keep their place relative to those before them. */
    private static ArrayNode overlayList(Schema schema, JsonNode live, JsonNode config) {
        Map<String, JsonNode> wanted = Fields.elements(schema, config);
        Map<String, JsonNode> present = new LinkedHashMap<>(Fields.elements(schema, live));
        List<String> order = new ArrayList<>(wanted.keySet());
        int place = 0;
        for (String element : present.keySet()) {
            int known = order.indexOf(element);
            if (known >= 0) {
                place = known + 1;
            } else {
                order.add(Math.min(place++, order.size()), element);
            }
        }
        ArrayNode merged = Json.array();
        for (String element : order) {
            JsonNode item = wanted.get(element);
            merged.add(
                    item == null
                            ? present.get(element).deepCopy()
                            : overlay(schema.items(), present.get(element), item));
        }
        return merged;
    }

    /**
     * Removes from a value what its owner named before and nobody names any more.
     *
     * @param value changed in place
     * @param before what the owner held until now
     * @param kept what the owner names now, and everything that others hold
     */
    static void prune(Schema schema, JsonNode value, FieldSet before, FieldSet kept) {
        before.children().forEach((element, was) -> {
            FieldSet keep = kept.children().get(element);
            boolean wanted = keep != null && !keep.isEmpty();
            if (value instanceof ObjectNode object) {
                String name = element.substring(2);
                if (!wanted) {
                    object.remove(name);
                } else if (object.has(name)) {
                    prune(Fields.fieldOf(schema, name), object.get(name), was, keep);
                }
            } else if (value instanceof ArrayNode array && Fields.shape(schema, array) != Shape.WHOLE) {
                for (int i = array.size() - 1; i >= 0; i--) {
                    if (Fields.elementOf(schema, array.get(i)).equals(element)) {
                        if (wanted) {
                            prune(schema.items(), array.get(i), was, keep);
                        } else {
                            array.remove(i);
                        }
                    }
                }
            }
        });
    }
}
