package dev.redisreplication.node.server;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.net.Listening;
import dev.redisreplication.node.net.NettyLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The addresses of the directive bind. One that begins with "-" may be missing on this machine. "*" together with "::*"
 * is one socket for both families where there is IPv6.
 */
record BindList(List<String> hosts) {
    /** Where to listen, and who gets what comes. */
    private record Place(NettyLoop loop, int backlog, boolean tls, Function<Connection, ConnectionHandler> handlers) {
        Listening listen(String host, int port) throws IOException {
            return loop.listen(host, port, backlog, tls, handlers);
        }
    }

    /**
     * Listens on all of them, or on none when one that must be there is not, or there are none.
     *
     * @param port 0 lets the system choose
     * @param tls whether it is for TLS
     */
    Listening listen(
            NettyLoop loop, int port, int backlog, boolean tls, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        if (hosts.isEmpty()) {
            return Listening.NONE;
        }
        List<Listening> all = new ArrayList<>();
        try {
            listen(new Place(loop, backlog, tls, handlers), port, all);
        } catch (IOException e) {
            all.forEach(Listening::close);
            throw e;
        }
        return new Listening() {
            @Override
            public int port() {
                return all.getFirst().port();
            }

            @Override
            public void close() {
                all.forEach(Listening::close);
            }
        };
    }

    private void listen(Place place, int port, List<Listening> all) throws IOException {
        boolean both = hosts.contains("*") && (hosts.contains("::*") || hosts.contains("-::*"));
        if (both) {
            try {
                all.add(place.listen("::*", port));
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
                all.add(place.listen(host, all.isEmpty() ? port : all.getFirst().port()));
            } catch (IOException e) {
                if (!optional) {
                    throw new IOException(
                            "Could not create server TCP listening socket " + host + ":" + port + ": " + e.getMessage(),
                            e);
                }
            }
        }
        if (all.isEmpty()) {
            throw new IOException("none of the addresses in bind can be listened on");
        }
    }
}
