package dev.redisreplication.sandbox.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One request, read whole.
 *
 * @param path decoded path, without the query
 * @param query decoded parameters in the order given
 * @param headers by lower-case name; of a repeated header the values joined with a comma
 */
@SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
public record HttpRequest(
        String method, String path, Map<String, List<String>> query, Map<String, String> headers, byte[] body) {

    /** The first value of a query parameter, or the empty string. */
    public String param(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    /** Whether a query parameter says yes: {@code true}, {@code 1}, or given without a value. */
    public boolean flag(String name) {
        if (!query.containsKey(name)) {
            return false;
        }
        String value = param(name).toLowerCase(Locale.ROOT);
        return value.isEmpty() || value.equals("true") || value.equals("1");
    }

    /** A header's value, or the empty string. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Whether the client wants this connection turned into a WebSocket. */
    public boolean wantsWebSocket() {
        return header("upgrade").equalsIgnoreCase("websocket")
                && !header("sec-websocket-key").isEmpty();
    }
}
