package dev.redisreplication.node.net;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Why TLS failed, in OpenSSL's words, which stand in the logs of Redis, whoever does it here. */
final class TlsCauses {
    private static final Pattern NATIVE =
            Pattern.compile("error:[0-9a-fA-F]+:SSL routines:\\w*:(\\w+).*", Pattern.DOTALL);
    private static final String NO_CERTIFICATE = "tlsv13 alert certificate required"; // BoringSSL calls it tlsv1
    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("wrong version number", "0A00010B"),
            Map.entry("unexpected eof while reading", "0A000126"),
            Map.entry("unexpected message", "0A0000F4"),
            Map.entry("peer did not return a certificate", "0A0000C7"),
            Map.entry("certificate verify failed", "0A000086"),
            Map.entry("unsupported protocol", "0A000102"),
            Map.entry("no shared cipher", "0A0000C1"),
            Map.entry("tlsv1 alert protocol version", "0A00042E"),
            Map.entry("sslv3 alert bad certificate", "0A000412"),
            Map.entry("sslv3 alert handshake failure", "0A000410"),
            Map.entry(NO_CERTIFICATE, "0A00045C"),
            Map.entry("tlsv1 alert unknown ca", "0A000418"));
    /** Parts of what the JDK says, the most telling ones first, with what OpenSSL says for it. */
    private static final String[][] OF_JDK = {
        {"Empty client certificate chain", "peer did not return a certificate"},
        {"(certificate_required)", NO_CERTIFICATE},
        {"(unknown_ca)", "tlsv1 alert unknown ca"},
        {"(bad_certificate)", "sslv3 alert bad certificate"},
        {"not appropriate", "unsupported protocol"},
        {"not accepted by server preferences", "unsupported protocol"},
        {"no cipher suites in common", "no shared cipher"},
        {"readHandshakeRecord", "Connection reset by peer"}, // while it was written to
        {"Remote host terminated", "unexpected eof while reading"},
        {"unrecognized SSL message", "wrong version number"},
        {"(protocol_version)", "tlsv1 alert protocol version"},
        {"(handshake_failure)", "sslv3 alert handshake failure"},
    };

    private TlsCauses() {}

    /** The cause in plain words. */
    static String plain(Throwable cause) {
        Throwable of = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (of instanceof NotSslRecordException) {
            return coded("wrong version number");
        }
        if (of instanceof SslHandshakeTimeoutException) {
            return "handshake timed out";
        }
        if (of instanceof ClosedChannelException) {
            return coded("unexpected eof while reading");
        }
        if (isAboutCertificate(of)) {
            return coded("certificate verify failed");
        }
        String message = of.getMessage();
        if (!(of instanceof SSLException) || message == null) {
            return Causes.plain(of);
        }
        Matcher named = NATIVE.matcher(message);
        if (named.matches()) {
            String words = named.group(1).toLowerCase(Locale.ROOT).replace('_', ' ');
            return switch (words) {
                case "tlsv1 alert certificate required" -> coded(NO_CERTIFICATE);
                // An alert that is not encrypted yet, where this side expects that it is.
                case "bad packet length" ->
                    coded(words) + ", as of a peer that does not trust the certificate of this server";
                default -> coded(words);
            };
        }
        for (String[] each : OF_JDK) {
            if (message.contains(each[0])) {
                return coded(each[1]);
            }
        }
        return message;
    }

    /** The cause in OpenSSL's words for it alone, without its code. */
    static String reason(Throwable cause) {
        String whole = plain(cause);
        if (whole.startsWith("Connection reset")) {
            return "Connection reset by peer";
        }
        int at = whole.lastIndexOf("SSL routines::");
        return at < 0 ? whole : whole.substring(at + "SSL routines::".length());
    }

    private static String coded(String words) {
        String code = CODES.get(words);
        return code == null ? "SSL routines::" + words : "error:" + code + ":SSL routines::" + words;
    }

    private static boolean isAboutCertificate(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (each instanceof CertificateException
                    || each instanceof CertPathBuilderException
                    || (message != null && message.contains("CERTIFICATE_VERIFY_FAILED"))) {
                return true;
            }
        }
        return false;
    }
}
