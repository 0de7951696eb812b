package dev.redisreplication.operator.observe;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads what INFO says. */
public final class NodeFactsParser {

    private NodeFactsParser() {}

    /**
     * What a node says of itself.
     *
     * @param info the text of INFO, at least its sections replication and persistence
     * @throws IllegalArgumentException when it is not from a managed node of this project, or a figure is none
     */
    public static NodeFacts parse(String info) {
        Map<String, String> fields = fields(info);
        if (!"1".equals(fields.get("managed"))) {
            throw new IllegalArgumentException("not a managed node");
        }
        ManagedRole role =
                ManagedRole.valueOf(fields.getOrDefault("managed_role", "").toUpperCase(Locale.ROOT));
        History history = new History(
                fields.getOrDefault("master_replid", ""),
                fields.getOrDefault("master_replid2", ""),
                number(fields, "second_repl_offset", -1));
        return new NodeFacts(
                role,
                number(fields, "term", 0),
                history,
                number(fields, "master_repl_offset", 0),
                fields.getOrDefault("run_id", ""),
                number(fields, "managed_started_ms", Long.MAX_VALUE),
                fields.getOrDefault("master_host", ""),
                "up".equals(fields.get("master_link_status")),
                number(fields, "managed_master_silent_ms", -1),
                number(fields, "master_sync_in_progress", 0) != 0,
                number(fields, "loading", 0) != 0,
                (int) number(fields, "connected_slaves", 0),
                number(fields, "lease_ms", 0),
                number(fields, "handing_over", 0) != 0,
                fields.getOrDefault("storage_error", "").strip(),
                number(fields, "managed_clock", 0),
                number(fields, "yields_for_ms", 0));
    }

    /** Why the node could not load its data and waits to be told what to do; "" if it does not. */
    static String unloadable(String info) {
        return fields(info).getOrDefault("managed_unloadable", "");
    }

    private static Map<String, String> fields(String info) {
        Map<String, String> fields = HashMap.newHashMap(64);
        int end;
        for (int at = 0; at < info.length(); at = end + 1) {
            end = info.indexOf('\n', at);
            end = end < 0 ? info.length() : end;
            int colon = info.indexOf(':', at);
            if (colon > at && colon < end && info.charAt(at) != '#') {
                int last = info.charAt(end - 1) == '\r' ? end - 1 : end;
                fields.put(info.substring(at, colon), info.substring(colon + 1, last));
            }
        }
        return fields;
    }

    private static long number(Map<String, String> fields, String name, long absent) {
        String text = fields.get(name);
        return text == null || text.isBlank() ? absent : Long.parseLong(text.strip());
    }
}
