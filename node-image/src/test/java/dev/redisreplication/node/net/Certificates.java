package dev.redisreplication.node.net;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Certificates for a test, in files of a folder: those of a server and of a client by one authority, those of a stranger by
 * another one that nobody trusts.
 */
public final class Certificates {
    /** Who has a certificate and a key of the same name. */
    public enum Who {
        SERVER,
        CLIENT,
        STRANGER
    }

    private final Path folder;
    private final X509Bundle authority;
    private final X509Bundle strangers;
    private final List<X509Bundle> all = new ArrayList<>();

    private Certificates(Path folder, X509Bundle authority, X509Bundle strangers) {
        this.folder = folder;
        this.authority = authority;
        this.strangers = strangers;
    }

    /** Makes them in a folder, which is made too. */
    public static Certificates in(Path folder) {
        try {
            Files.createDirectories(folder);
            Certificates made = new Certificates(folder, authority("ours"), authority("theirs"));
            Files.writeString(folder.resolve("ca.crt"), made.authority.getCertificatePEM());
            Files.writeString(folder.resolve("other-ca.crt"), made.strangers.getCertificatePEM());
            for (Who who : Who.values()) {
                made.all.add(made.issue(who));
            }
            return made;
        } catch (Exception e) { // declared so by the builder
            throw new IllegalStateException(e);
        }
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(Instant.now().minus(1, ChronoUnit.DAYS))
                .notAfter(Instant.now().plus(30, ChronoUnit.DAYS));
    }

    private static X509Bundle authority(String name) throws Exception {
        return builder(name).setIsCertificateAuthority(true).buildSelfSigned();
    }

    private X509Bundle issue(Who who) throws Exception {
        X509Bundle made = builder(who.name())
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(who == Who.STRANGER ? strangers : authority);
        Files.writeString(folder.resolve(file(who) + ".crt"), made.getCertificatePathPEM());
        Files.writeString(folder.resolve(file(who) + ".key"), made.getPrivateKeyPEM());
        return made;
    }

    private static String file(Who who) {
        return who.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Writes another certificate and key of the same one over those of before. */
    public void renew(Who who) throws IOException {
        try {
            all.set(who.ordinal(), issue(who));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // declared so by the builder
            throw new IllegalStateException(e);
        }
    }

    /** Serial number of the certificate that was made last. */
    public String serial(Who who) {
        return all.get(who.ordinal()).getCertificate().getSerialNumber().toString(16);
    }

    /** Path of a file of the folder. */
    public String path(String name) {
        return folder.resolve(name).toString();
    }

    /** What a client needs for TLS to the server. */
    public SSLContext client(Who... who) {
        return context(authority, who);
    }

    /** What a client needs who trusts none but the strangers' authority. */
    public SSLContext mistrusting(Who... who) {
        return context(strangers, who);
    }

    private SSLContext context(X509Bundle trusted, Who... who) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = who.length == 0
                    ? null
                    : all.get(who[0].ordinal()).toKeyManagerFactory().getKeyManagers();
            context.init(keys, new TrustManager[] {trusted.toTrustManager()}, null);
            return context;
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Flags of a server with these certificates, on this port for TLS. */
    public String[] flags(int tlsPort, String... more) {
        List<String> flags = new ArrayList<>(List.of(
                "--tls-port", "" + tlsPort,
                "--tls-cert-file", path("server.crt"),
                "--tls-key-file", path("server.key"),
                "--tls-ca-cert-file", path("ca.crt")));
        flags.addAll(List.of(more));
        return flags.toArray(String[]::new);
    }

    /** Flags that have redis-cli and redis-benchmark use TLS. */
    public List<String> ofRedisCli(Who... who) {
        List<String> flags = new ArrayList<>(List.of("--tls", "--cacert", path("ca.crt")));
        if (who.length > 0) {
            flags.addAll(List.of("--cert", path(file(who[0]) + ".crt"), "--key", path(file(who[0]) + ".key")));
        }
        return flags;
    }
}
