package dev.redisreplication.node.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLParameters;

/**
 * Certificates, keys and rules as they were read from files, for connections that begin from now on. The native library does
 * the work where it is there; the JDK does it elsewhere, and where TLSv1.3 is to use certain ciphers, which the library does not
 * let us choose. Immutable; made on any thread.
 */
public final class TlsContexts {
    private static final String NO_CA = "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster,"
            + " tls-replication or tls-auth-clients are enabled!";
    private static final String PROTOCOLS =
            "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1'," + " 'TLSv1.2' and 'TLSv1.3'.";

    /** For what is encrypted: a few buffers that are used again and again, on one thread. */
    static final ByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(true, 0, 1, 8192, 7, 64, 32, true);

    private final SslContext server;
    private final SslContext client;
    private final boolean serverChooses;

    private TlsContexts(SslContext server, SslContext client, boolean serverChooses) {
        this.server = server;
        this.client = client;
        this.serverChooses = serverChooses;
    }

    /** Whether the native library is there; it is loaded by this question. */
    public static boolean isNative() {
        return OpenSsl.isAvailable();
    }

    /**
     * Reads what is named.
     *
     * @param outgoing whether connections are made, which need to know whom to trust
     * @throws IOException what is wrong, in the words of Redis' log
     */
    public static TlsContexts of(TlsOptions options, boolean outgoing) throws IOException {
        if (options.certFile().isEmpty()) {
            throw new IOException("No tls-cert-file configured!");
        }
        if (options.keyFile().isEmpty()) {
            throw new IOException("No tls-key-file configured!");
        }
        boolean noAuthority = options.caFile().isEmpty() && options.caDir().isEmpty();
        if (noAuthority && (outgoing || options.clients() != TlsOptions.Clients.NO)) {
            throw new IOException(NO_CA);
        }
        List<String> protocols = protocols(options.protocols());
        Identity server = Identity.read(options.certFile(), options.keyFile(), options.keyPass());
        Identity client =
                options.clientCertFile().isEmpty() || options.clientKeyFile().isEmpty()
                        ? server
                        : Identity.read(options.clientCertFile(), options.clientKeyFile(), options.clientKeyPass());
        Trust trusted = Trust.in(trusted(options));
        TlsCiphers ciphers = TlsCiphers.of(options);
        if (!options.dhFile().isEmpty()) {
            Pem.parameters(Path.of(options.dhFile()));
        }
        SslContextBuilder incoming = SslContextBuilder.forServer(server.key, server.chain)
                .trustManager(trusted)
                .clientAuth(auth(options.clients()));
        SslContextBuilder made = SslContextBuilder.forClient()
                .keyManager(client.key, client.chain)
                .trustManager(trusted)
                .endpointIdentificationAlgorithm(
                        null); // who has a certificate of the authority is trusted, as in Redis
        SslContext first = build(incoming, ciphers, protocols, options);
        return new TlsContexts(first, build(made, ciphers, protocols, options), options.serverChooses());
    }

    private record Identity(List<X509Certificate> chain, PrivateKey key) {
        static Identity read(String certFile, String keyFile, String password) throws IOException {
            List<X509Certificate> chain;
            try {
                chain = Pem.certificates(Path.of(certFile));
            } catch (IOException e) {
                throw new IOException("Failed to load certificate: " + certFile + ": " + e.getMessage(), e);
            }
            try {
                PrivateKey key = Pem.key(Path.of(keyFile), password);
                Pem.match(chain.getFirst(), key);
                return new Identity(chain, key);
            } catch (IOException e) {
                throw new IOException("Failed to load private key: " + keyFile + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<X509Certificate> trusted(TlsOptions options) throws IOException {
        try {
            List<X509Certificate> all = new ArrayList<>();
            if (!options.caFile().isEmpty()) {
                all.addAll(Pem.certificates(Path.of(options.caFile())));
            }
            if (!options.caDir().isEmpty()) {
                all.addAll(Pem.hashed(Path.of(options.caDir())));
            }
            return all;
        } catch (IOException e) {
            throw new IOException("Failed to configure CA certificate(s) file/directory: " + e.getMessage(), e);
        }
    }

    private static List<String> protocols(String words) throws IOException {
        List<String> all = new ArrayList<>();
        for (String word : words.isEmpty()
                ? new String[] {"TLSv1.2", "TLSv1.3"}
                : words.trim().split(" +", -1)) {
            all.add(
                    switch (word.toLowerCase(Locale.ROOT)) {
                        case "tlsv1" -> "TLSv1";
                        case "tlsv1.1" -> "TLSv1.1";
                        case "tlsv1.2" -> "TLSv1.2";
                        case "tlsv1.3" -> "TLSv1.3";
                        default -> throw new IOException(PROTOCOLS);
                    });
        }
        return all;
    }

    private static ClientAuth auth(TlsOptions.Clients clients) {
        return switch (clients) {
            case NO -> ClientAuth.NONE;
            case YES -> ClientAuth.REQUIRE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
        };
    }

    private static SslContext build(
            SslContextBuilder builder, TlsCiphers ciphers, List<String> protocols, TlsOptions options)
            throws IOException {
        builder.sslProvider(ciphers.isNative() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols(protocols)
                .sessionCacheSize(options.caching() ? options.cacheSize() : 1)
                .sessionTimeout(options.caching() ? options.cacheSeconds() : 1)
                .ciphers(ciphers.names(), IdentityCipherSuiteFilter.INSTANCE);
        SslContext context = builder.build();
        if (context instanceof ReferenceCountedOpenSslContext made && made.isServer()) {
            if (options.caching()) {
                TlsNative.resumable(made);
            } else {
                TlsNative.notResumable(made);
            }
        }
        return context;
    }

    /** What secures a connection that came. */
    SslHandler incoming() {
        SslHandler handler = server.newHandler(ALLOCATOR);
        if (!serverChooses) { // it does, else
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setUseCipherSuitesOrder(false);
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    /** What secures a connection that is made. */
    SslHandler outgoing() {
        return client.newHandler(ALLOCATOR);
    }

    /** Others are in force: connections that have begun go on with these. */
    public void retire() {
        ReferenceCountUtil.release(server);
        ReferenceCountUtil.release(client);
    }
}
