package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.TLS_AUTH_CLIENTS;
import static dev.redisreplication.node.config.Directives.TLS_CA_CERT_DIR;
import static dev.redisreplication.node.config.Directives.TLS_CA_CERT_FILE;
import static dev.redisreplication.node.config.Directives.TLS_CERT_FILE;
import static dev.redisreplication.node.config.Directives.TLS_CIPHERS;
import static dev.redisreplication.node.config.Directives.TLS_CIPHERSUITES;
import static dev.redisreplication.node.config.Directives.TLS_CLIENT_CERT_FILE;
import static dev.redisreplication.node.config.Directives.TLS_CLIENT_KEY_FILE;
import static dev.redisreplication.node.config.Directives.TLS_CLIENT_KEY_FILE_PASS;
import static dev.redisreplication.node.config.Directives.TLS_CLUSTER;
import static dev.redisreplication.node.config.Directives.TLS_DH_PARAMS_FILE;
import static dev.redisreplication.node.config.Directives.TLS_KEY_FILE;
import static dev.redisreplication.node.config.Directives.TLS_KEY_FILE_PASS;
import static dev.redisreplication.node.config.Directives.TLS_PORT;
import static dev.redisreplication.node.config.Directives.TLS_PREFER_SERVER_CIPHERS;
import static dev.redisreplication.node.config.Directives.TLS_PROTOCOLS;
import static dev.redisreplication.node.config.Directives.TLS_REPLICATION;
import static dev.redisreplication.node.config.Directives.TLS_SESSION_CACHE_SIZE;
import static dev.redisreplication.node.config.Directives.TLS_SESSION_CACHE_TIMEOUT;
import static dev.redisreplication.node.config.Directives.TLS_SESSION_CACHING;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.config.Preparation;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.NettyLoop;
import dev.redisreplication.node.net.TlsContexts;
import dev.redisreplication.node.net.TlsOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The directives tls-*: what they name is read when one of them is set, also to the value that it had, and holds for connections
 * that begin from then on. On the event loop: such files are small.
 */
final class TlsSettings {
    private static final List<Directive<?>> READ_ANEW = List.of(
            TLS_CERT_FILE,
            TLS_KEY_FILE,
            TLS_KEY_FILE_PASS,
            TLS_CLIENT_CERT_FILE,
            TLS_CLIENT_KEY_FILE,
            TLS_CLIENT_KEY_FILE_PASS,
            TLS_CA_CERT_FILE,
            TLS_CA_CERT_DIR,
            TLS_AUTH_CLIENTS,
            TLS_PROTOCOLS,
            TLS_CIPHERS,
            TLS_CIPHERSUITES,
            TLS_PREFER_SERVER_CIPHERS,
            TLS_DH_PARAMS_FILE,
            TLS_SESSION_CACHING,
            TLS_SESSION_CACHE_SIZE,
            TLS_SESSION_CACHE_TIMEOUT,
            TLS_REPLICATION,
            TLS_CLUSTER);

    private final NettyLoop loop;
    private boolean configured;

    private TlsSettings(NettyLoop loop) {
        this.loop = loop;
    }

    /**
     * Reads what is configured, and follows CONFIG SET. Before any port is opened or moved.
     *
     * @throws IOException when TLS is wanted and cannot be had
     */
    static void follow(NodeSettings settings, NettyLoop loop) throws IOException {
        TlsSettings tls = new TlsSettings(loop);
        if (wanted(settings)) {
            tls.use(read(settings));
        }
        settings.prepare(READ_ANEW, tls::prepare);
        settings.prepare(List.of(TLS_PORT), (d, next) -> tls.configured ? NOTHING : tls.prepare(d, next));
    }

    private static boolean wanted(Preparation.Next values) {
        return values.get(TLS_PORT) != 0 || values.get(TLS_REPLICATION) || values.get(TLS_CLUSTER);
    }

    private void use(TlsContexts contexts) {
        loop.tls(contexts);
        configured = true;
    }

    private Preparation.Ready prepare(Directive<?> changed, Preparation.Next next) throws ConfigException {
        if (!wanted(next)) {
            return NOTHING;
        }
        try {
            TlsContexts contexts = read(next);
            return new Preparation.Ready() {
                @Override
                public void commit() {
                    use(contexts);
                }

                @Override
                public void cancel() {
                    contexts.retire();
                }
            };
        } catch (IOException e) {
            Log.warning(e.getMessage());
            Refused.log(changed);
            throw new ConfigException(
                    "Unable to update TLS configuration. Check server logs. (" + e.getMessage() + ")");
        }
    }

    private static TlsContexts read(Preparation.Next from) throws IOException {
        TlsOptions options = new TlsOptions(
                from.get(TLS_CERT_FILE),
                from.get(TLS_KEY_FILE),
                from.get(TLS_KEY_FILE_PASS),
                from.get(TLS_CLIENT_CERT_FILE),
                from.get(TLS_CLIENT_KEY_FILE),
                from.get(TLS_CLIENT_KEY_FILE_PASS),
                from.get(TLS_CA_CERT_FILE),
                from.get(TLS_CA_CERT_DIR),
                from.get(TLS_DH_PARAMS_FILE),
                TlsOptions.Clients.valueOf(from.get(TLS_AUTH_CLIENTS).toUpperCase(Locale.ROOT)),
                from.get(TLS_PROTOCOLS),
                from.get(TLS_CIPHERS),
                from.get(TLS_CIPHERSUITES),
                from.get(TLS_PREFER_SERVER_CIPHERS),
                from.get(TLS_SESSION_CACHING),
                from.get(TLS_SESSION_CACHE_SIZE),
                from.get(TLS_SESSION_CACHE_TIMEOUT));
        return TlsContexts.of(options, from.get(TLS_REPLICATION) || from.get(TLS_CLUSTER));
    }

    private static final Preparation.Ready NOTHING = new Preparation.Ready() {
        @Override
        public void commit() {
            // Nobody uses it.
        }

        @Override
        public void cancel() {
            // Nothing was read.
        }
    };
}
