package dev.redisreplication.node.walkthrough;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What differs from run to run gets a name: a port that of its server, a replication ID the number of its first appearance. */
final class Sameness {
    private static final Pattern ID =
            Pattern.compile("[1-9a-f][0-9a-f]{39}|0[0-9a-f]*[1-9a-f][0-9a-f]*(?<=[0-9a-f]{40})");

    private final Map<String, String> names = new LinkedHashMap<>();

    void name(String word, String name) {
        names.put(word, name);
    }

    /** The same for all runs. */
    String of(String text) {
        String named = text;
        for (Map.Entry<String, String> each : names.entrySet()) {
            named = named.replaceAll("\\b" + each.getKey() + "\\b", each.getValue());
        }
        return ID.matcher(named)
                .replaceAll((MatchResult id) -> names.computeIfAbsent(id.group(), x -> "<id" + names.size() + ">"));
    }
}
