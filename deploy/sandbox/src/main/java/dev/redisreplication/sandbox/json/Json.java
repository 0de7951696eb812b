package dev.redisreplication.sandbox.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reading, writing and walking JSON trees. Trees that a store has handed out are never changed: copy first. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectMapper YAML = new YAMLMapper();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** An array of strings. */
    public static ArrayNode array(Iterable<String> values) {
        ArrayNode array = array();
        values.forEach(array::add);
        return array;
    }

    public static JsonNode read(byte[] bytes) throws IOException {
        return MAPPER.readTree(bytes);
    }

    /** Reads JSON or YAML (of which JSON is a part). */
    public static JsonNode readYaml(byte[] bytes) throws IOException {
        return YAML.readTree(bytes);
    }

    /** Reads JSON that this program wrote itself. */
    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(JsonNode node) {
        return write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** A copy whose numbers have the node types that a parser would give them, so that {@code equals} means what it says. */
    public static ObjectNode normalized(ObjectNode node) {
        return (ObjectNode) parse(write(node));
    }

    /** The node at the path of field names, or a missing node. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node == null ? MissingNode.getInstance() : node;
        for (String name : path) {
            at = at.path(name);
        }
        return at;
    }

    /** The text at the path, or the empty string. */
    public static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    /** The object at the field, made there when it is absent or of another kind. */
    public static ObjectNode child(ObjectNode node, String name) {
        return node.get(name) instanceof ObjectNode object ? object : node.putObject(name);
    }

    public static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    public static String namespace(JsonNode object) {
        return text(object, "metadata", "namespace");
    }

    public static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }

    /** Whether the object's deletion has begun. */
    public static boolean deleting(JsonNode object) {
        return at(object, "metadata").hasNonNull("deletionTimestamp");
    }
}
