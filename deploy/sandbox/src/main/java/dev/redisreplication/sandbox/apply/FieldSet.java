package dev.redisreplication.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of field paths, as {@code fieldsV1} in managed fields holds it. A path is a chain of elements written as there:
 * {@code f:name} for a field, {@code k:{"name":"node"}} for an element of an associative list, {@code v:"x"} for one of
 * a set. Not thread-safe; the operations make new sets.
 */
public final class FieldSet {
    private boolean member;
    private final Map<String, FieldSet> children = new TreeMap<>();

    /** Puts the place itself into the set. */
    void add() {
        member = true;
    }

    Map<String, FieldSet> children() {
        return children;
    }

    /** The part of the set below the element, made when absent. */
    FieldSet at(String element) {
        return children.computeIfAbsent(element, e -> new FieldSet());
    }

    /** Whether nothing is in the set. */
    public boolean isEmpty() {
        return !member && children.values().stream().allMatch(FieldSet::isEmpty);
    }

    /** All of both. */
    FieldSet union(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member || other.member;
        children.forEach((k, v) -> result.children.put(k, v.union(other.children.getOrDefault(k, new FieldSet()))));
        other.children.forEach((k, v) -> result.children.putIfAbsent(k, v));
        return result;
    }

    /** What is here and not there. */
    FieldSet without(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && !other.member;
        children.forEach((k, v) -> {
            FieldSet rest = other.children.containsKey(k) ? v.without(other.children.get(k)) : v;
            if (!rest.isEmpty()) {
                result.children.put(k, rest);
            }
        });
        return result;
    }

    /** What is in both. */
    FieldSet intersection(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && other.member;
        children.forEach((k, v) -> {
            if (other.children.containsKey(k)) {
                FieldSet both = v.intersection(other.children.get(k));
                if (!both.isEmpty()) {
                    result.children.put(k, both);
                }
            }
        });
        return result;
    }

    /** Takes a field of the top level out of the set, such as {@code status}. */
    FieldSet withoutTop(String... fields) {
        FieldSet result = union(new FieldSet());
        for (String field : fields) {
            result.children.remove("f:" + field);
        }
        return result;
    }

    /** As {@code fieldsV1} writes it. */
    ObjectNode toJson() {
        ObjectNode json = Json.object();
        if (member && !children.isEmpty()) {
            json.putObject(".");
        }
        children.forEach((k, v) -> {
            if (!v.isEmpty()) {
                json.set(k, v.toJson());
            }
        });
        return json;
    }

    /** Reads {@code fieldsV1}. */
    static FieldSet of(JsonNode json) {
        FieldSet set = read(json);
        set.member = false;
        return set;
    }

    private static FieldSet read(JsonNode json) {
        FieldSet set = new FieldSet();
        set.member = json.isEmpty() || json.has(".");
        json.properties().forEach(e -> {
            if (!e.getKey().equals(".")) {
                set.children.put(e.getKey(), read(e.getValue()));
            }
        });
        return set;
    }

    /** The members as users read them: {@code .spec.containers[name="node"].image}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        if (member) {
            paths.add(prefix);
        }
        children.forEach((k, v) -> v.collect(prefix + shown(k), paths));
    }

    private static String shown(String element) {
        String rest = element.substring(2);
        return switch (element.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' -> {
                List<String> keys = new ArrayList<>();
                Json.parse(rest).properties().forEach(e -> keys.add(e.getKey() + "=" + Json.write(e.getValue())));
                yield "[" + String.join(",", keys) + "]";
            }
            case 'v' -> "[=" + rest + "]";
            default -> "[" + rest + "]";
        };
    }
}
