package dev.redisreplication.node.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Certificates and keys in files. What is wrong with one is said in the words that OpenSSL has for it. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)\\s*-----END \\1-----", Pattern.DOTALL);
    private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");
    private static final String NO_BLOCK = "error:0480006C:PEM routines::no start line";
    private static final String MISMATCH = "error:05800074:x509 certificate routines::key values mismatch";

    private Pem() {}

    /** One block between BEGIN and END. */
    private record Block(String label, String body) {}

    private static List<Block> blocks(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("error:80000002:system library::No such file or directory", e);
        } catch (IOException e) {
            throw new IOException("cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher each = BLOCK.matcher(text);
        while (each.find()) {
            blocks.add(new Block(each.group(1), each.group(2)));
        }
        return blocks;
    }

    /** The certificates of a file in their order; at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE")
                    || block.label.equals("X509 CERTIFICATE")
                    || block.label.equals("TRUSTED CERTIFICATE")) {
                all.add(certificate(block));
            }
        }
        if (all.isEmpty()) {
            throw new IOException(NO_BLOCK);
        }
        return all;
    }

    private static X509Certificate certificate(Block block) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decoded(block)));
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate: " + e.getMessage(), e);
        }
    }

    private static byte[] decoded(Block block) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(block.body);
        } catch (IllegalArgumentException e) {
            throw new IOException("error:04800064:PEM routines::bad base64 decode", e);
        }
    }

    /** Those of a folder that lie under a hash of their subject; others are not looked at. */
    static List<X509Certificate> hashed(Path folder) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> entries = Files.list(folder)) {
                files = entries.filter(file ->
                                HASHED.matcher(file.getFileName().toString()).matches())
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                all.addAll(certificates(file));
            }
        }
        return all;
    }

    /**
     * The private key of a file.
     *
     * @param password what it is encrypted with, if it is
     */
    static PrivateKey key(Path file, String password) throws IOException {
        for (Block block : blocks(file)) {
            if (block.label.endsWith("PRIVATE KEY")) {
                return PemKey.of(block.label, block.body, password);
            }
        }
        throw new IOException(NO_BLOCK);
    }

    /** Refuses a file without parameters for a Diffie-Hellman exchange. */
    static void parameters(Path file) throws IOException {
        try {
            if (blocks(file).stream().noneMatch(block -> block.label.endsWith("DH PARAMETERS"))) {
                throw new IOException(NO_BLOCK);
            }
        } catch (IOException e) {
            throw new IOException("Failed to load " + file + ": " + e.getMessage(), e);
        }
    }

    /** Refuses a key that is not the one of the certificate. */
    static void match(X509Certificate certificate, PrivateKey key) throws IOException {
        PublicKey of = certificate.getPublicKey();
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "DSA" -> "SHA256withDSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] probe = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(of);
            signature.update(probe);
            if (!signature.verify(signed)) {
                throw new IOException(MISMATCH);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(MISMATCH, e);
        }
    }
}
