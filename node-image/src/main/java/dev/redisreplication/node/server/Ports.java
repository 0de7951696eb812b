package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.BIND;
import static dev.redisreplication.node.config.Directives.PORT;
import static dev.redisreplication.node.config.Directives.TCP_BACKLOG;
import static dev.redisreplication.node.config.Directives.TLS_PORT;
import static dev.redisreplication.node.config.Directives.UNIXSOCKET;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.config.Preparation;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.net.Listening;
import dev.redisreplication.node.net.NettyLoop;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Where clients connect: addresses, the port for plain connections and the one for TLS, all of which CONFIG SET can change. */
final class Ports {
    private static final int MOST_ADDRESSES = 16;

    private final NettyLoop loop;
    private final NodeSettings settings;
    private final Function<Connection, ConnectionHandler> handlers;
    private Listening plain = Listening.NONE;
    private Listening secure = Listening.NONE;

    Ports(NodeSettings settings, NettyLoop loop, Function<Connection, ConnectionHandler> handlers) {
        this.settings = settings;
        this.loop = loop;
        this.handlers = handlers;
    }

    /** Opens those that are wanted; port 0 lets the system choose where there is no other way in. */
    void open() throws IOException {
        int wanted = settings.get(PORT).intValue();
        int wantedSecure = settings.get(TLS_PORT).intValue();
        List<String> hosts = settings.get(BIND);
        boolean local = !settings.get(UNIXSOCKET).isEmpty();
        if (wanted != 0 || (!local && wantedSecure == 0)) {
            plain = listen(hosts, wanted, false);
        }
        if (wantedSecure != 0) {
            secure = listen(hosts, wantedSecure, true);
        }
        if (port() == 0 && !local) {
            throw new IOException("Configured to not listen anywhere, exiting.");
        }
        settings.prepare(List.of(PORT), (d, next) -> move(PORT, plain, next, false));
        settings.prepare(List.of(TLS_PORT), (d, next) -> move(TLS_PORT, secure, next, true));
        settings.prepare(List.of(BIND), (d, next) -> rebind(next));
    }

    private Listening listen(List<String> hosts, int port, boolean tls) throws IOException {
        return new BindList(hosts).listen(loop, port, settings.get(TCP_BACKLOG).intValue(), tls, handlers);
    }

    /** Both ports, as they listen. */
    private record Pair(Listening plain, Listening secure) {
        void close() {
            plain.close();
            secure.close();
        }
    }

    private void use(Pair pair) {
        plain = pair.plain;
        secure = pair.secure;
    }

    private Preparation.Ready move(Directive<Long> directive, Listening from, Preparation.Next next, boolean tls)
            throws ConfigException {
        int port = next.get(directive).intValue();
        boolean moved = port != settings.get(directive); // 0 may have been any
        if (!moved || !next.get(BIND).equals(settings.get(BIND))) {
            return new Change(() -> {}, () -> {}); // new addresses take the new ports along
        }
        Listening to;
        try {
            to = port == 0 ? Listening.NONE : listen(settings.get(BIND), port, tls);
        } catch (IOException e) {
            Log.warning("Warning: " + e.getMessage());
            Refused.log(directive);
            throw new ConfigException("Unable to listen on this port. Check server logs.");
        }
        return new Change(
                () -> {
                    use(tls ? new Pair(plain, to) : new Pair(to, secure));
                    from.close();
                },
                to::close);
    }

    /** Old and new addresses may overlap: the old ones are closed before the new ones are opened, and opened again if need be. */
    private Preparation.Ready rebind(Preparation.Next next) throws ConfigException {
        List<String> hosts = next.get(BIND);
        List<String> before = settings.get(BIND);
        if (hosts.equals(before)) {
            return new Change(() -> {}, () -> {});
        }
        if (hosts.size() > MOST_ADDRESSES) {
            throw new ConfigException("Too many bind addresses specified.");
        }
        Pair old = new Pair(plain, secure);
        int oldPlain = plain.port() != 0 ? plain.port() : settings.get(PORT).intValue();
        int oldSecure = settings.get(TLS_PORT).intValue();
        boolean moved = !next.get(PORT).equals(settings.get(PORT));
        old.close();
        Pair made;
        try {
            made = both(
                    hosts,
                    moved ? next.get(PORT).intValue() : oldPlain,
                    next.get(TLS_PORT).intValue());
        } catch (IOException e) {
            Log.warning("Warning: " + e.getMessage());
            Log.warning("Failed to bind");
            Refused.log(BIND);
            again(before, oldPlain, oldSecure);
            throw new ConfigException("Failed to bind to specified addresses.");
        }
        return new Change(() -> use(made), () -> {
            made.close();
            again(before, oldPlain, oldSecure);
        });
    }

    private Pair both(List<String> hosts, int plainPort, int securePort) throws IOException {
        Listening first = plainPort == 0 ? Listening.NONE : listen(hosts, plainPort, false);
        try {
            return new Pair(first, securePort == 0 ? Listening.NONE : listen(hosts, securePort, true));
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    private void again(List<String> hosts, int plainPort, int securePort) {
        try {
            use(both(hosts, plainPort, securePort));
        } catch (IOException e) {
            use(new Pair(Listening.NONE, Listening.NONE));
            Log.warning("The old addresses cannot be listened at any more: " + e.getMessage());
        }
    }

    /** What is done when the change is in force, and what when it is refused. */
    private record Change(Runnable done, Runnable undone) implements Preparation.Ready {
        @Override
        public void commit() {
            done.run();
        }

        @Override
        public void cancel() {
            undone.run();
        }
    }

    /** The port for plain connections, or the one for TLS where there is none; 0 when there is only a unix socket. */
    int port() {
        return plain.port() != 0 ? plain.port() : secure.port();
    }
}
