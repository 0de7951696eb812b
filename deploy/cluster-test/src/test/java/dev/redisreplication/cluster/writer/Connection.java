package dev.redisreplication.cluster.writer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One RESP2 connection of one thread. Any {@link IOException} ends it: close it and open another. */
final class Connection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 250;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /** An error reply of the server; the connection stays usable. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Connects and authenticates.
     *
     * @param readMillis how long a reply may take before the connection is given up
     */
    Connection(String host, int port, String password, int readMillis) throws IOException, Refused {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(readMillis);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            if (!password.isEmpty()) {
                send("AUTH", password);
                receive();
            }
        } catch (IOException | Refused e) {
            socket.close();
            throw e;
        }
    }

    void send(String... arguments) throws IOException {
        out.write(frame(arguments));
    }

    /** Sends two commands in one write; their replies come in the same order. */
    void sendBoth(String[] first, String[] second) throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(frame(first));
        both.write(frame(second));
        out.write(both.toByteArray());
    }

    /** The next reply: a String, a Long, a List, or null. */
    Object receive() throws IOException, Refused {
        String head = line();
        String rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new Refused(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("not RESP2: " + head);
        };
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing depends on how it ends.
        }
    }

    private static byte[] frame(String... arguments) {
        StringBuilder text =
                new StringBuilder().append('*').append(arguments.length).append("\r\n");
        for (String argument : arguments) {
            text.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("connection closed in a reply");
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private List<Object> array(int length) throws IOException, Refused {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            values.add(receive());
        }
        return values;
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed");
            }
            text.append((char) b);
        }
        if (in.read() != '\n' || text.isEmpty()) {
            throw new IOException("not RESP2: " + text);
        }
        return text.toString();
    }
}
