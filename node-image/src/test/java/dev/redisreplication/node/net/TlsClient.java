package dev.redisreplication.node.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that speaks TLS by the JDK, and the inline protocol. */
public final class TlsClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final SSLSocket socket;

    /**
     * Connects, and agrees on keys.
     *
     * @param protocols those that it offers; none for the JDK's default
     */
    public TlsClient(SSLContext context, int port, String... protocols) throws IOException {
        socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The version of TLS and the cipher, or "refused" where the server does not answer a PING. */
    public static String outcome(SSLContext context, int port, String... protocols) {
        try (TlsClient client = new TlsClient(context, port, protocols)) {
            return client.line("PING").equals("+PONG")
                    ? client.socket.getSession().getProtocol()
                    : "not a server";
        } catch (IOException e) {
            return "refused";
        }
    }

    /** Sends a line and reads one. */
    public String line(String request) throws IOException {
        send(request + "\r\n");
        return readLine();
    }

    public void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    public String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in().read(); c != '\n'; c = in().read()) {
            if (c < 0) {
                throw new IOException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    /** What comes, decrypted. */
    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** The cipher that both agreed on. */
    public String cipher() {
        return socket.getSession().getCipherSuite();
    }

    /** Serial number of the server's certificate. */
    public String serial() throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSerialNumber()
                .toString(16);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
