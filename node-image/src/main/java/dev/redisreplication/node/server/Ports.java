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

/** Where clients connect: the port for plain connections and the one for TLS, both of which CONFIG SET can move. */
final class Ports {
    private final NodeSettings settings;
    private final NettyLoop loop;
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
        if (wanted != 0 || (settings.get(UNIXSOCKET).isEmpty() && wantedSecure == 0)) {
            plain = listen(wanted, false);
        }
        if (wantedSecure != 0) {
            secure = listen(wantedSecure, true);
        }
        settings.prepare(List.of(PORT), (d, next) -> move(PORT, plain, next, false));
        settings.prepare(List.of(TLS_PORT), (d, next) -> move(TLS_PORT, secure, next, true));
    }

    private Listening listen(int port, boolean tls) throws IOException {
        return BindList.of(settings.get(BIND))
                .listen(loop, port, settings.get(TCP_BACKLOG).intValue(), tls, handlers);
    }

    private Preparation.Ready move(Directive<Long> directive, Listening from, Preparation.Next next, boolean tls)
            throws ConfigException {
        int port = next.get(directive).intValue();
        boolean stays = port == settings.get(directive); // 0 may have been any
        Listening to;
        try {
            to = stays ? from : port == 0 ? Listening.NONE : listen(port, tls);
        } catch (IOException e) {
            Log.warning("Warning: " + e.getMessage());
            Refused.log(directive);
            throw new ConfigException("Unable to listen on this port. Check server logs.");
        }
        return new Preparation.Ready() {
            @Override
            public void commit() {
                if (tls) {
                    secure = to;
                } else {
                    plain = to;
                }
                if (!stays) {
                    from.close();
                }
            }

            @Override
            public void cancel() {
                if (!stays) {
                    to.close();
                }
            }
        };
    }

    /** The port for plain connections, or the one for TLS where there is none; 0 when there is only a unix socket. */
    int port() {
        return plain.port() != 0 ? plain.port() : secure.port();
    }
}
