package dev.redisreplication.node.cli;

import dev.redisreplication.node.net.TlsSockets;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A connection: requests go out, replies come in. For one thread, or one that writes and one that reads. */
final class Wire implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final Closeable socket;
    private final InputStream in;
    private final OutputStream out;

    private Wire(Closeable socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = new BufferedInputStream(in, BUFFER);
        this.out = out;
    }

    private static Wire plain(SocketChannel channel) {
        return new Wire(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    /** Connects to a socket of this machine. */
    static Wire open(String socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return plain(channel);
    }

    /** Connects to a host. */
    static Wire open(String host, int port) throws IOException {
        return plain(connected(host, port));
    }

    /** A connection to a host that is not secured yet. */
    static SocketChannel connected(String host, int port) throws IOException {
        IOException last = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                try {
                    SocketChannel channel = SocketChannel.open(new InetSocketAddress(address, port));
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    return channel;
                } catch (ConnectException e) {
                    last = e;
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException("Name or service not known", e);
        }
        throw last == null ? new IOException("no address") : last;
    }

    /** Secures a connection; closes it where that fails. */
    static Wire secured(SocketChannel channel, String host, int port, TlsSockets tls) throws IOException {
        SSLSocket socket = tls.secure(channel.socket(), host, port);
        return new Wire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** Sends one request; its words are bytes of Latin-1. */
    void send(List<String> words) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(latin("*" + words.size() + "\r\n"));
        for (String word : words) {
            request.writeBytes(latin("$" + word.length() + "\r\n" + word + "\r\n"));
        }
        write(request.toByteArray(), request.size());
    }

    /** Sends bytes as they are. */
    void write(byte[] bytes, int length) throws IOException {
        try {
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends a request and returns its reply. */
    Reply call(String... words) throws IOException {
        return call(List.of(words));
    }

    /** Sends a request and returns its reply. */
    Reply call(List<String> words) throws IOException {
        send(words);
        return read();
    }

    /** What became of the connection, in the words of redis-cli. */
    private static IOException broken(IOException e) {
        if (e instanceof SSLException) { // the server does not like the certificate, and says so only now
            EOFException closed = new EOFException("Server closed the connection");
            closed.initCause(e);
            return closed;
        }
        return "Connection reset".equals(e.getMessage()) ? new IOException("Connection reset by peer", e) : e;
    }

    /** The next reply. */
    Reply read() throws IOException {
        try {
            return next();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private Reply next() throws IOException {
        int type = in.read();
        if (type < 0) {
            throw new EOFException("Server closed the connection");
        }
        String line = line();
        return switch (type) {
            case '+' -> text(Reply.Kind.STATUS, line);
            case '-' -> text(Reply.Kind.ERROR, line);
            case ':', '(' -> text(Reply.Kind.INTEGER, line);
            case ',' -> text(Reply.Kind.DOUBLE, line);
            case '#' -> text(Reply.Kind.BOOLEAN, line.equals("t") ? "(true)" : "(false)");
            case '_' -> new Reply.Nil();
            case '$' -> bulk(Reply.Kind.STRING, line);
            case '=' -> bulk(Reply.Kind.VERBATIM, line);
            case '*' -> many(Reply.Kind.ARRAY, line, 1);
            case '~' -> many(Reply.Kind.SET, line, 1);
            case '>' -> many(Reply.Kind.PUSH, line, 1);
            case '%' -> many(Reply.Kind.MAP, line, 2);
            default -> throw new IOException("Protocol error, got \"" + (char) type + "\" as reply type byte");
        };
    }

    private static Reply text(Reply.Kind kind, String line) {
        return new Reply.Text(kind, line);
    }

    private Reply bulk(Reply.Kind kind, String line) throws IOException {
        int length = Integer.parseInt(line);
        if (length < 0) {
            return new Reply.Nil();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() < 0 || in.read() < 0) {
            throw new EOFException("Server closed the connection");
        }
        boolean verbatim = kind == Reply.Kind.VERBATIM && length >= 4;
        int from = verbatim ? 4 : 0;
        return new Reply.Text(kind, new String(bytes, from, length - from, StandardCharsets.ISO_8859_1));
    }

    private Reply many(Reply.Kind kind, String line, int each) throws IOException {
        int length = Integer.parseInt(line);
        if (length < 0) {
            return new Reply.Nil();
        }
        List<Reply> items = new ArrayList<>();
        for (int i = 0; i < length * each; i++) {
            items.add(next());
        }
        return new Reply.Many(kind, items);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Server closed the connection");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
