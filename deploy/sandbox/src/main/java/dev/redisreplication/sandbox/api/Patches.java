package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/** JSON patch (RFC 6902), JSON merge patch (RFC 7386) and Kubernetes' strategic merge patch. None changes its arguments. */
final class Patches {
    private Patches() {}

    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode)) {
            return patch.deepCopy();
        }
        ObjectNode result = target instanceof ObjectNode ? target.deepCopy() : Json.object();
        patch.properties().forEach(e -> {
            if (e.getValue().isNull()) {
                result.remove(e.getKey());
            } else {
                result.set(e.getKey(), merge(result.get(e.getKey()), e.getValue()));
            }
        });
        return result;
    }

    static JsonNode strategic(Schema schema, JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode)) {
            return patch.deepCopy();
        }
        if (Json.text(patch, "$patch").equals("replace")) {
            ObjectNode whole = patch.deepCopy();
            whole.remove("$patch");
            return whole;
        }
        ObjectNode result = target instanceof ObjectNode ? target.deepCopy() : Json.object();
        if (patch.path("$retainKeys").isArray()) {
            List<String> keep = new ArrayList<>();
            patch.path("$retainKeys").forEach(k -> keep.add(k.asText()));
            result.retain(keep);
        }
        patch.properties().forEach(e -> {
            String name = e.getKey();
            if (name.startsWith("$deleteFromPrimitiveList/")) {
                removeAll(result.get(name.substring(name.indexOf('/') + 1)), e.getValue());
            } else if (!name.startsWith("$")) {
                Schema field = schema.field(name) == null ? Schema.UNKNOWN : schema.field(name);
                if (e.getValue().isNull()) {
                    result.remove(name);
                } else if (e.getValue().isArray() && result.path(name).isArray() && field.isListMap()) {
                    result.set(name, strategicList(field, result.get(name), e.getValue()));
                } else if (e.getValue().isArray() && result.path(name).isArray() && field.isListSet()) {
                    ArrayNode union = result.get(name).deepCopy();
                    e.getValue().forEach(v -> addOnce(union, v));
                    result.set(name, union);
                } else {
                    result.set(name, strategic(field, result.get(name), e.getValue()));
                }
            }
        });
        return result;
    }

    private static ArrayNode strategicList(Schema schema, JsonNode target, JsonNode patch) {
        ArrayNode result = target.deepCopy();
        for (JsonNode item : patch) {
            if (Json.text(item, "$patch").equals("replace")) {
                result.removeAll();
                continue;
            }
            int at = indexOf(schema, result, item);
            if (Json.text(item, "$patch").equals("delete")) {
                if (at >= 0) {
                    result.remove(at);
                }
            } else if (at >= 0) {
                result.set(at, strategic(schema.items(), result.get(at), item));
            } else {
                result.add(strategic(schema.items(), null, item));
            }
        }
        return result;
    }

    /** The first key is the one that strategic merge goes by. */
    private static int indexOf(Schema schema, ArrayNode list, JsonNode item) {
        String key = schema.mapKeys().getFirst();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(item.path(key))) {
                return i;
            }
        }
        return -1;
    }

    private static void removeAll(JsonNode list, JsonNode values) {
        if (list instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                for (JsonNode value : values) {
                    if (array.get(i).equals(value)) {
                        array.remove(i);
                        break;
                    }
                }
            }
        }
    }

    private static void addOnce(ArrayNode list, JsonNode value) {
        for (JsonNode present : list) {
            if (present.equals(value)) {
                return;
            }
        }
        list.add(value);
    }

    static JsonNode json(JsonNode target, JsonNode operations) {
        ObjectNode holder = Json.object();
        holder.set("", target.deepCopy());
        for (JsonNode operation : operations) {
            String op = Json.text(operation, "op");
            List<String> path = pointer(Json.text(operation, "path"));
            switch (op) {
                case "add" -> put(holder, path, operation.path("value").deepCopy(), true);
                case "replace" -> {
                    find(holder, path);
                    put(holder, path, operation.path("value").deepCopy(), false);
                }
                case "remove" -> take(holder, path);
                case "move" -> put(holder, path, take(holder, pointer(Json.text(operation, "from"))), true);
                case "copy" ->
                    put(
                            holder,
                            path,
                            find(holder, pointer(Json.text(operation, "from"))).deepCopy(),
                            true);
                case "test" -> {
                    if (!find(holder, path).equals(operation.path("value"))) {
                        throw unprocessable("testing value " + Json.text(operation, "path") + " failed");
                    }
                }
                default -> throw unprocessable("Unexpected kind: " + op);
            }
        }
        return holder.get("");
    }

    private static ApiException unprocessable(String why) {
        return ApiException.badRequest("the server rejected our request due to an error in our request: " + why);
    }

    private static List<String> pointer(String text) {
        List<String> path = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            path.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return path;
    }

    private static JsonNode find(JsonNode root, List<String> path) {
        JsonNode at = root;
        for (String part : path) {
            at = at.isArray() ? at.path(index(at, part, false)) : at.path(part);
            if (at.isMissingNode()) {
                throw unprocessable("path " + String.join("/", path) + " does not exist");
            }
        }
        return at;
    }

    private static void put(JsonNode root, List<String> path, JsonNode value, boolean insert) {
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        if (parent instanceof ArrayNode array) {
            int index = index(array, path.getLast(), insert);
            if (insert) {
                array.insert(index, value);
            } else {
                array.set(index, value);
            }
        } else if (parent instanceof ObjectNode object) {
            object.set(path.getLast(), value);
        } else {
            throw unprocessable("path " + String.join("/", path) + " leads into a value");
        }
    }

    private static JsonNode take(JsonNode root, List<String> path) {
        JsonNode value = find(root, path);
        JsonNode parent = find(root, path.subList(0, path.size() - 1));
        if (parent instanceof ArrayNode array) {
            array.remove(index(array, path.getLast(), false));
        } else {
            ((ObjectNode) parent).remove(path.getLast());
        }
        return value;
    }

    private static int index(JsonNode array, String text, boolean end) {
        if (end && text.equals("-")) {
            return array.size();
        }
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index < array.size() + (end ? 1 : 0)) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw unprocessable("not an index: " + text);
        }
        throw unprocessable("index out of range: " + text);
    }
}
