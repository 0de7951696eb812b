package dev.redisreplication.node.differential;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A connection that adds nothing and hides nothing: arguments out, frames in. Strings stand for bytes (ISO-8859-1). */
final class Wire implements Closeable {

    private static final int TIMEOUT_MS = 60_000;

    private final Closeable socket;
    private final int port; // 0 for a unix socket
    private final InputStream in;
    private final OutputStream out;

    Wire(int port) throws IOException {
        this(connected(port));
    }

    private Wire(Socket socket) throws IOException {
        this(socket, socket.getPort(), socket.getInputStream(), socket.getOutputStream());
    }

    /** By a unix socket; there is no limit to how long it waits for a reply. */
    Wire(Path unixSocket) throws IOException {
        this(SocketChannel.open(UnixDomainSocketAddress.of(unixSocket)));
    }

    private Wire(SocketChannel channel) {
        this(channel, 0, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    private Wire(Closeable socket, int port, InputStream in, OutputStream out) {
        this.socket = socket;
        this.port = port;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    int port() {
        return port;
    }

    /** Sends one command and waits for its reply. */
    Reply call(List<String> arguments) throws IOException {
        send(arguments);
        return read();
    }

    Reply call(String... arguments) throws IOException {
        return call(List.of(arguments));
    }

    void send(List<String> arguments) throws IOException {
        sendRaw(frame(arguments));
    }

    /** The command as an array of bulks. */
    static String frame(List<String> arguments) {
        StringBuilder frame = new StringBuilder();
        frame.append('*').append(arguments.size()).append("\r\n");
        for (String argument : arguments) {
            frame.append('$').append(argument.length()).append("\r\n");
            frame.append(argument).append("\r\n");
        }
        return frame.toString();
    }

    /** Sends bytes as they are: the way to malformed input. */
    void sendRaw(String latin) throws IOException {
        out.write(latin.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** The bytes that have come so far; does not wait for more. */
    String pending() throws IOException {
        return new String(in.readNBytes(in.available()), StandardCharsets.ISO_8859_1);
    }

    /** Whether anything has come that was not read. */
    boolean mayRead() throws IOException {
        return in.available() > 0;
    }

    /** Passes by so many bytes. */
    void skip(int bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    Reply read() throws IOException {
        String line = readLine();
        char type = line.charAt(0);
        String rest = line.substring(1);
        return switch (type) {
            case '$', '=' -> new Reply(type, readBulk(Integer.parseInt(rest)), null);
            case '*', '~', '>' -> new Reply(type, null, readItems(Integer.parseInt(rest)));
            case '%' -> new Reply(type, null, readItems(2 * Integer.parseInt(rest)));
            case '+', '-', ':', ',', '#', '_', '(' -> new Reply(type, rest, null);
            default -> throw new IOException("not a RESP frame: " + Reply.printable(line));
        };
    }

    private List<Reply> readItems(int count) throws IOException {
        if (count < 0) {
            return null;
        }
        List<Reply> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(read());
        }
        return items;
    }

    private String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("a bulk was cut short");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("connection closed after '" + Reply.printable(line.toString()) + "'");
            }
            line.append((char) c);
        }
        if (in.read() != '\n') {
            throw new IOException("a line without its end: " + Reply.printable(line.toString()));
        }
        return line.toString();
    }

    /** Reads, whatever it is, until the server closes the connection. */
    void awaitEnd() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
