package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and certificates in each form that OpenSSL writes. */
class PemTest {
    private static final char[] PASSWORD = "s3cret".toCharArray();

    @TempDir
    Path folder;

    private static X509Bundle bundle(String algorithm) throws Exception {
        return new CertificateBuilder()
                .algorithm(Algorithm.valueOf(algorithm))
                .subject("CN=a")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static PemObjectGenerator form(PrivateKey key, String form) throws Exception {
        if (form.equals("PKCS8")) {
            return new JcaPKCS8Generator(key, null);
        }
        if (form.equals("old") && key instanceof ECPrivateKey ec) { // with its curve, as OpenSSL writes it
            var curve = PrivateKeyInfo.getInstance(key.getEncoded())
                    .getPrivateKeyAlgorithm()
                    .getParameters();
            int bits = ec.getParams().getOrder().bitLength();
            return new PemObject(
                    "EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(bits, ec.getS(), curve).getEncoded());
        }
        if (form.equals("old")) {
            return new JcaMiscPEMGenerator(key);
        }
        if (form.startsWith("old ")) {
            return new JcaMiscPEMGenerator(
                    key,
                    new JcePEMEncryptorBuilder(form.substring(4))
                            .setProvider(new BouncyCastleProvider())
                            .build(PASSWORD));
        }
        return new JcaPKCS8Generator(
                key,
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword(PASSWORD)
                        .build());
    }

    private Path write(PemObjectGenerator object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(object);
        }
        return Files.writeString(folder.resolve("key.pem"), "some words before\n" + text + "and after\n");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa2048, PKCS8",
        "rsa2048, old",
        "rsa2048, encrypted PKCS8",
        "rsa2048, old AES-256-CBC",
        "rsa2048, old AES-128-CBC",
        "rsa2048, old DES-EDE3-CBC",
        "rsa4096, old",
        "ecp256, PKCS8",
        "ecp256, old",
        "ecp384, old",
        "ecp256, encrypted PKCS8",
        "ed25519, PKCS8",
    })
    void aKeyIsReadAsItWasWritten(String algorithm, String form) throws Exception {
        X509Bundle bundle = bundle(algorithm);
        PrivateKey key = bundle.getKeyPair().getPrivate();
        Path file = write(form(key, form));
        boolean encrypted = form.contains(" ");
        PrivateKey read = Pem.key(file, encrypted ? "s3cret" : "");
        Pem.match(bundle.getCertificate(), read);
        assertThatThrownBy(() -> Pem.match(bundle(algorithm).getCertificate(), read))
                .hasMessageContaining("key values mismatch");
        if (encrypted) {
            assertThatThrownBy(() -> Pem.key(file, "")).hasMessageContaining("bad decrypt");
            assertThatThrownBy(() -> Pem.key(file, "wrong")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aChainIsReadInItsOrder() throws Exception {
        X509Bundle one = bundle("ecp256");
        X509Bundle two = bundle("rsa2048");
        Path file = Files.writeString(
                folder.resolve("chain.pem"),
                "0 s:CN=a\n" + one.getCertificatePEM() + "\n1 s:\n" + two.getCertificatePEM());
        assertThat(Pem.certificates(file)).containsExactly(one.getCertificate(), two.getCertificate());
    }

    @Test
    void ofAFolderThoseCountThatLieUnderAHash() throws Exception {
        X509Bundle one = bundle("ecp256");
        X509Bundle two = bundle("ecp256");
        Files.writeString(folder.resolve("0f1e2d3c.0"), one.getCertificatePEM());
        Files.writeString(folder.resolve("two.pem"), two.getCertificatePEM());
        assertThat(Pem.hashed(folder)).containsExactly(one.getCertificate());
        assertThat(Pem.hashed(folder.resolve("none"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', no start line",
        "just words, no start line",
        "'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', decode error",
        "'-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----', ''",
        "'-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----', decode error",
        "'-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----', ''",
    })
    void whatIsNoKeyIsRefused(String text, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("key.pem"), text);
        assertThatThrownBy(() -> Pem.key(file, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsNoCertificateIsRefused() throws Exception {
        Path file = Files.writeString(
                folder.resolve("c.pem"), "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> Pem.certificates(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Pem.certificates(folder.resolve("none")))
                .hasMessageContaining("No such file or directory");
        assertThatThrownBy(() -> Pem.certificates(folder)).isInstanceOf(IOException.class);
    }
}
