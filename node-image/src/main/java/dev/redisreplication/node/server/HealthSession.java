package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;

/**
 * A probe's HTTP request: {@code /livez} says that the event loop turns, by answering; {@code /readyz} that the node is
 * fit to serve, or why not.
 */
final class HealthSession implements ConnectionHandler {
    private static final int LONGEST_REQUEST = 8 * 1024;
    private final Node node;
    private final Runnable ended;

    /** @param ended runs when its connection has ended */
    HealthSession(Node node, Connection connection, Runnable ended) {
        this.node = node;
        this.ended = ended;
        node.loop().after(5_000, () -> connection.close("a probe that lasts too long"));
    }

    @Override
    public void input(Connection connection) {
        NativeBuffer in = connection.input();
        String text = Ascii.string(in.address(), Math.min(in.readable(), LONGEST_REQUEST));
        if (!text.contains("\r\n\r\n")) {
            if (text.length() >= LONGEST_REQUEST) {
                connection.close("not a probe");
            }
            return;
        }
        in.consume(in.readable());
        String line = text.substring(0, text.indexOf('\r'));
        if (!line.startsWith("GET ") && !line.startsWith("HEAD ")) {
            answer(connection, "405 Method Not Allowed", "GET only");
        } else if (isFor(line, "/livez")) {
            answer(connection, "200 OK", "alive");
        } else if (isFor(line, "/readyz")) {
            String reason = node.loading() ? "loading the data" : node.gate().notReady();
            answer(
                    connection,
                    reason == null ? "200 OK" : "503 Service Unavailable",
                    reason == null ? "ready" : reason);
        } else {
            answer(connection, "404 Not Found", "there are /livez and /readyz");
        }
    }

    private static boolean isFor(String line, String path) {
        String target = line.substring(line.indexOf(' ') + 1);
        return target.startsWith(path + " ") || target.startsWith(path + "?");
    }

    private static void answer(Connection connection, String status, String body) {
        connection
                .output()
                .put("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + (body.length() + 1)
                        + "\r\nConnection: close\r\n\r\n" + body + "\n");
        connection.closeAfterFlush();
    }

    @Override
    public void closed(Connection connection, String reason) {
        ended.run();
    }
}
