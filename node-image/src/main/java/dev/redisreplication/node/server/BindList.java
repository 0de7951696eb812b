package dev.redisreplication.node.server;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.net.NettyLoop;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * The addresses of the directive bind. One that begins with "-" may be missing on this machine. "*" together with "::*"
 * is one socket for both families where there is IPv6.
 */
record BindList(List<String> hosts) {
    static BindList of(List<String> directive) {
        return new BindList(directive.isEmpty() ? List.of("*") : directive);
    }

    /** Listens on all of them; returns the port, which the system chooses for 0. */
    int listen(NettyLoop loop, int port, int backlog, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        boolean both = hosts.contains("*") && (hosts.contains("::*") || hosts.contains("-::*"));
        int bound = port;
        int count = 0;
        if (both) {
            try {
                bound = loop.listen("::*", bound, backlog, handlers);
                count++;
            } catch (IOException e) {
                both = false; // no IPv6 here: each one for itself
                Log.verbose("no IPv6: " + e.getMessage());
            }
        }
        for (String entry : hosts) {
            boolean optional = entry.startsWith("-");
            String host = optional ? entry.substring(1) : entry;
            if (both && (host.equals("*") || host.equals("::*"))) {
                continue;
            }
            try {
                bound = loop.listen(host, bound, backlog, handlers);
                count++;
            } catch (IOException e) {
                if (!optional) {
                    throw new IOException(
                            "Could not create server TCP listening socket " + host + ":" + port + ": " + e.getMessage(),
                            e);
                }
            }
        }
        if (count == 0) {
            throw new IOException("none of the addresses in bind can be listened on");
        }
        return bound;
    }
}
