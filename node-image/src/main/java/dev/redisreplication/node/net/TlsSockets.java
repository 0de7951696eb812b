package dev.redisreplication.node.net;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS for a client that lives for a command or two: by the JDK, which is ready sooner than the native library. What is wrong is
 * said as redis-cli says it. Immutable.
 */
public final class TlsSockets {
    /** Where systems have the authorities that all trust. */
    private static final List<String> SYSTEM =
            List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem");

    private final SSLContext context;
    private final String serverName;
    private final List<String> ciphers;

    private TlsSockets(SSLContext context, String serverName, List<String> ciphers) {
        this.context = context;
        this.serverName = serverName;
        this.ciphers = ciphers;
    }

    /**
     * What a client is told; null for what it is not told.
     *
     * @param caFile PEM: who is trusted; those whom the system trusts where neither this nor {@code caDir} is there
     * @param caDir a folder of such files, as {@code openssl rehash} makes it
     * @param insecure whether anybody is trusted
     * @param cert PEM: the certificate that is shown, and those that lead to its authority
     * @param key PEM: its private key
     * @param serverName host that the server is told it is called by
     * @param ciphers up to TLSv1.2, in OpenSSL's words
     * @param cipherSuites of TLSv1.3
     */
    public record Options(
            String caFile,
            String caDir,
            boolean insecure,
            String cert,
            String key,
            String serverName,
            String ciphers,
            String cipherSuites) {}

    /**
     * Reads what is named.
     *
     * @param environment may name other authorities of the system, as OpenSSL has it: SSL_CERT_FILE, SSL_CERT_DIR
     * @throws IOException what is wrong
     */
    public static TlsSockets of(Options options, Map<String, String> environment) throws IOException {
        List<X509Certificate> trusted = trusted(options, environment);
        List<X509Certificate> chain = options.cert == null
                ? List.of()
                : read("Invalid client certificate", () -> Pem.certificates(Path.of(options.cert)));
        KeyManager[] keys = options.key == null ? new KeyManager[0] : keys(chain, options.key);
        TrustManager trust = options.insecure ? Trust.inAll() : trusted.isEmpty() ? null : Trust.in(trusted);
        List<String> names = new ArrayList<>(
                read("Error while configuring ciphers", () -> TlsCiphers.olderOfJdk(orNone(options.ciphers))));
        names.addAll(
                read("Error while setting cypher suites", () -> TlsCiphers.suitesOfJdk(orNone(options.cipherSuites))));
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust == null ? null : new TrustManager[] {trust}, null);
            return new TlsSockets(context, options.serverName, names);
        } catch (GeneralSecurityException e) {
            throw new IOException("Failed to create SSL_CTX", e);
        }
    }

    private static String orNone(String words) {
        return words == null ? "" : words;
    }

    /** Reads a file, or finds a value. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(String otherwise, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new IOException(otherwise, e);
        }
    }

    private static List<X509Certificate> trusted(Options options, Map<String, String> environment) throws IOException {
        if (options.caFile != null || options.caDir != null) {
            return read("Invalid CA Certificate File/Directory", () -> authorities(options.caFile, options.caDir));
        }
        String file = environment.get("SSL_CERT_FILE");
        String folder = environment.get("SSL_CERT_DIR");
        if (file == null && folder == null) {
            file = Stream.of(SYSTEM.toArray(String[]::new))
                    .filter(each -> Files.isReadable(Path.of(each)))
                    .findFirst()
                    .orElse(null); // those of the JDK, then
        }
        try {
            return authorities(file, folder);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<X509Certificate> authorities(String file, String folder) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        if (file != null) {
            all.addAll(Pem.certificates(Path.of(file)));
        }
        if (folder != null) {
            all.addAll(Pem.hashed(Path.of(folder)));
        }
        return all;
    }

    private static KeyManager[] keys(List<X509Certificate> chain, String file) throws IOException {
        return read("Invalid private key", () -> {
            PrivateKey key = Pem.key(Path.of(file), "");
            if (chain.isEmpty()) {
                return new KeyManager[0]; // nothing to show that it belongs to
            }
            Pem.match(chain.getFirst(), key);
            try {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, new char[0]);
                return factory.getKeyManagers();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        });
    }

    /**
     * Agrees on keys with who is at the other end; closes the socket where that fails. Waits as long as the socket does.
     *
     * @throws IOException why they do not agree
     */
    public SSLSocket secure(Socket plain, String host, int port) throws IOException {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
            parameters.setCipherSuites(ciphers.toArray(String[]::new));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IllegalArgumentException e) {
            plain.close();
            throw new IOException("Failed to configure SNI", e);
        } catch (IOException e) {
            plain.close();
            throw new IOException("SSL_connect failed: " + TlsCauses.reason(e), e);
        }
    }
}
