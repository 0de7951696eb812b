package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors, as requests and objects write them. */
public final class Selector {
    private static final Pattern SET_BASED = Pattern.compile("^\\s*(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*$");

    private Selector() {}

    /** Matches everything. */
    public static Predicate<JsonNode> everything() {
        return object -> true;
    }

    /** Both selectors of a request; empty texts match everything. */
    public static Predicate<JsonNode> of(String labels, String fields) {
        return labels(labels).and(fields(fields));
    }

    /** A label selector in text: {@code a=b,c!=d,e in (f,g),h,!i}. */
    public static Predicate<JsonNode> labels(String text) {
        Predicate<JsonNode> all = everything();
        for (String term : split(text)) {
            all = all.and(labelTerm(term.strip()));
        }
        return all;
    }

    /** A {@code matchLabels} and {@code matchExpressions} selector of an object. */
    public static Predicate<JsonNode> ofObject(JsonNode selector) {
        Predicate<JsonNode> all = ofMap(selector.path("matchLabels"));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = Json.text(expression, "key");
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(v -> values.add(v.asText()));
            all = all.and(
                    switch (Json.text(expression, "operator")) {
                        case "In" -> o -> values.contains(label(o, key));
                        case "NotIn" -> o -> !values.contains(label(o, key));
                        case "Exists" -> o -> label(o, key) != null;
                        default -> o -> label(o, key) == null;
                    });
        }
        return all;
    }

    /** The selector of a Service: all of the labels. */
    public static Predicate<JsonNode> ofMap(JsonNode labels) {
        return object ->
                labels.properties().stream().allMatch(e -> e.getValue().asText().equals(label(object, e.getKey())));
    }

    private static Predicate<JsonNode> labelTerm(String term) {
        Matcher set = SET_BASED.matcher(term);
        if (set.matches()) {
            Set<String> values = Set.copyOf(Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .toList());
            boolean in = set.group(2).equals("in");
            return o -> {
                String value = label(o, set.group(1));
                // An object without the label is not in any set.
                return (value != null && values.contains(value)) == in;
            };
        }
        if (term.startsWith("!")) {
            return o -> label(o, term.substring(1).strip()) == null;
        }
        String[] unequal = term.split("!=", 2);
        if (unequal.length == 2) {
            return o -> !unequal[1].strip().equals(label(o, unequal[0].strip()));
        }
        String[] equal = term.split("==?", 2);
        if (equal.length == 2) {
            return o -> equal[1].strip().equals(label(o, equal[0].strip()));
        }
        return o -> label(o, term) != null;
    }

    /** A field selector in text: {@code metadata.name=x,status.phase!=Running}. */
    public static Predicate<JsonNode> fields(String text) {
        Predicate<JsonNode> all = everything();
        for (String term : split(text)) {
            String[] unequal = term.split("!=", 2);
            String[] sides = unequal.length == 2 ? unequal : term.split("==?", 2);
            if (sides.length != 2) {
                throw ApiException.badRequest("invalid field selector " + term);
            }
            Predicate<JsonNode> equal =
                    o -> Json.text(o, sides[0].strip().split("\\.", -1)).equals(sides[1].strip());
            all = all.and(unequal.length == 2 ? equal.negate() : equal);
        }
        return all;
    }

    private static String label(JsonNode object, String key) {
        JsonNode value = Json.at(object, "metadata", "labels").get(key);
        return value == null ? null : value.asText();
    }

    /** At commas outside of parentheses. */
    private static List<String> split(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth <= 0) {
                if (i > start) {
                    terms.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return terms;
    }
}
