package dev.redisreplication.node.net;

import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The ciphers that are allowed.
 *
 * @param isNative whether the native library does the work
 * @param names of all versions, in the words of who does it
 */
record TlsCiphers(boolean isNative, List<String> names) {
    private static final Set<String> SUITES = Set.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_CCM_SHA256",
            "TLS_AES_128_CCM_8_SHA256");
    /** Those of the native library, which cannot be changed. */
    private static final List<String> NATIVE_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    /** Words of OpenSSL's language for lists that mean much or all of what is good; the JDK offers nothing else. */
    private static final Set<String> ALL = Set.of("DEFAULT", "ALL", "HIGH", "COMPLEMENTOFDEFAULT");

    private static final Pattern OPENSSL = Pattern.compile(
            "(?:(ECDHE|DHE)-(RSA|ECDSA)-)?(AES128|AES256|CHACHA20)(?:-(GCM|POLY1305|CCM))?(?:-(SHA|SHA256|SHA384))?");
    private static final Map<String, String> BULK =
            Map.of("AES128", "AES_128", "AES256", "AES_256", "CHACHA20", "CHACHA20");

    static TlsCiphers of(TlsOptions options) throws IOException {
        String list = options.ciphers();
        if (options.cipherSuites().isEmpty() && OpenSsl.isAvailable()) {
            List<String> names = new ArrayList<>(TlsNative.ciphers(list.isEmpty() ? "DEFAULT" : list));
            names.removeIf(name -> name.contains("PSK")); // nobody shares a key beforehand
            if (names.isEmpty()) {
                throw new IOException("Failed to configure ciphers: " + list);
            }
            names.addAll(NATIVE_SUITES);
            return new TlsCiphers(true, names);
        }
        List<String> names = new ArrayList<>(suitesOfJdk(options.cipherSuites()));
        names.addAll(olderOfJdk(list));
        return new TlsCiphers(false, names);
    }

    /** Those of TLSv1.3 that the JDK has among these; "" for all. */
    static List<String> suitesOfJdk(String words) throws IOException {
        return suites(words, supported());
    }

    /** Those up to TLSv1.2 that the JDK has of a list in OpenSSL's words; "" for all. */
    static List<String> olderOfJdk(String list) throws IOException {
        return older(list, supported());
    }

    private static List<String> supported() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            return List.of(engine.getEnabledCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static List<String> suites(String words, List<String> supported) throws IOException {
        List<String> all = new ArrayList<>();
        for (String word : words.isEmpty() ? SUITES.toArray(String[]::new) : words.split(":", -1)) {
            if (!SUITES.contains(word)) {
                throw new IOException("Failed to configure ciphersuites: " + words);
            }
            all.add(word);
        }
        all.retainAll(supported);
        if (all.isEmpty()) {
            throw new IOException("Failed to configure ciphersuites: " + words);
        }
        return all;
    }

    private static List<String> older(String list, List<String> supported) throws IOException {
        List<String> all = new ArrayList<>();
        boolean every = list.isEmpty();
        for (String word : list.split("[:, ]", -1)) {
            String name = name(word);
            if (supported.contains(name)) {
                all.add(name);
            }
            every |= ALL.contains(word);
        }
        if (every) {
            supported.stream().filter(name -> !SUITES.contains(name)).forEach(all::add);
        }
        if (all.isEmpty()) {
            throw new IOException("Failed to configure ciphers: " + list);
        }
        return all.stream().distinct().toList();
    }

    /** What the JDK calls a cipher. */
    private static String name(String openssl) {
        Matcher m = OPENSSL.matcher(openssl);
        if (!m.matches()) {
            return openssl; // by the JDK's own name
        }
        String exchange = m.group(1) == null ? "RSA" : m.group(1) + "_" + m.group(2);
        String mode = m.group(4) == null ? "CBC" : m.group(4);
        String hash = m.group(5) == null ? "SHA256" : m.group(5);
        return "TLS_" + exchange + "_WITH_" + BULK.get(m.group(3)) + "_" + mode + "_" + hash;
    }
}
