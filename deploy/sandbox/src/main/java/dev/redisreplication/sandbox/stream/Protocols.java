package dev.redisreplication.sandbox.stream;

import dev.redisreplication.sandbox.http.HttpRequest;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.List;

/** Which protocol a client and this server have in common. */
public final class Protocols {
    private Protocols() {}

    /**
     * The first of those that are spoken here which the client offers in the header.
     *
     * @throws ProtocolException when it offers none of them
     */
    public static String choose(HttpRequest request, String header, List<String> spoken) throws ProtocolException {
        List<String> offered = Arrays.stream(request.header(header).split(",", -1))
                .map(String::strip)
                .toList();
        return spoken.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(
                        () -> new ProtocolException("unable to upgrade: unable to negotiate protocol: client supports "
                                + offered + ", server accepts " + spoken));
    }

    /**
     * Refuses a request that does not want SPDY.
     *
     * @throws ProtocolException with the reason
     */
    public static void requireSpdy(HttpRequest request) throws ProtocolException {
        if (!request.header("upgrade").equalsIgnoreCase(Spdy.PROTOCOL)) {
            throw new ProtocolException("Upgrade request required");
        }
    }
}
