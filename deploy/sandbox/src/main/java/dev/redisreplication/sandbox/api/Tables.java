package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** {@code meta.k8s.io/v1 Table}: what {@code kubectl get} prints. */
final class Tables {
    private Tables() {}

    /** A column of a kind. Priority 0 is always shown, 1 with {@code -o wide}. */
    record Column(String name, String type, String format, String description, int priority, Cell cell) {}

    /** What stands in a column. */
    interface Cell {
        JsonNode of(ObjectNode object);
    }

    /**
     * A table of the objects.
     *
     * @param include how much of each object goes along: {@code None}, {@code Metadata} or {@code Object}
     * @param header whether the columns are described; a watch does so only once
     */
    static ObjectNode of(ResourceType type, List<ObjectNode> objects, String version, String include, boolean header) {
        List<Column> columns = columns(type);
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", version);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (header) {
            for (Column column : columns) {
                definitions
                        .addObject()
                        .put("name", column.name())
                        .put("type", column.type())
                        .put("format", column.format())
                        .put("description", column.description())
                        .put("priority", column.priority());
            }
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            columns.forEach(c -> cells.add(c.cell().of(object)));
            if (include.equals("Object")) {
                row.set("object", object);
            } else if (!include.equals("None")) {
                row.set("object", partial(object));
            }
        }
        return table;
    }

    /** The object's metadata alone. */
    static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.get("metadata"));
        return partial;
    }

    private static List<Column> columns(ResourceType type) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(
                "Name",
                "string",
                "name",
                "Name must be unique within a namespace.",
                0,
                object -> text(Json.name(object))));
        if (!type.custom()) {
            BuiltInColumns.add(type, columns);
        } else if (type.columns().isEmpty()) {
            columns.add(age());
        } else {
            for (JsonNode column : type.columns()) {
                String path = Json.text(column, "jsonPath");
                String kind = Json.text(column, "type");
                columns.add(new Column(
                        Json.text(column, "name"),
                        kind,
                        Json.text(column, "format"),
                        Json.text(column, "description"),
                        column.path("priority").asInt(0),
                        object -> custom(object, path, kind)));
            }
        }
        return columns;
    }

    private static JsonNode custom(ObjectNode object, String path, String kind) {
        List<JsonNode> found = JsonPath.find(object, path);
        if (found.isEmpty()) {
            return Json.array().addNull().get(0);
        }
        JsonNode first = found.getFirst();
        return switch (kind) {
            case "date" -> text(since(first.asText()));
            case "string" -> text(first.isValueNode() ? first.asText() : Json.write(first));
            default -> first;
        };
    }

    static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                "CreationTimestamp is a timestamp representing the server time when this object was created.",
                0,
                object -> text(since(Json.text(object, "metadata", "creationTimestamp"))));
    }

    static JsonNode text(String text) {
        return Json.array().add(text).get(0);
    }

    /** How long ago that was, as kubectl says it: 12s, 3m5s, 2h, 4d. */
    static String since(String time) {
        if (time.isEmpty()) {
            return "<unknown>";
        }
        try {
            return human(Duration.between(Instant.parse(time), Instant.now()));
        } catch (DateTimeParseException e) {
            return "<invalid>";
        }
    }

    private static String human(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        } else if (minutes < 10) {
            return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        } else if (minutes < 180) {
            return minutes + "m";
        } else if (hours < 8) {
            return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        } else if (hours < 48) {
            return hours + "h";
        } else if (days < 8) {
            return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
        }
        return days + "d";
    }
}
