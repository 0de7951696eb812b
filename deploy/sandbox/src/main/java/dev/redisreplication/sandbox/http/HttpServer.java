package dev.redisreplication.sandbox.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small HTTP/1.1 server with a virtual thread a connection. The JDK's own server offers neither WebSockets nor a sign
 * that a watching client has gone; both are needed here.
 */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_BODY = 16 << 20;
    private static final int MAX_LINE = 32 << 10;

    private final ServerSocket listener;
    private final Handler handler;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Answers a request. What it throws ends the connection. */
    public interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** Listens at the address; port 0 takes a free one. */
    public HttpServer(InetSocketAddress address, Handler handler) throws IOException {
        this.handler = handler;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address, 256);
        Thread.ofVirtual().name("http-accept").start(this::acceptAll);
    }

    /** The port in use. */
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                if (closed) {
                    // The JDK lets a virtual thread that waits to accept take one more connection after the close.
                    socket.close();
                    return;
                }
                Thread.ofVirtual().name("http").start(() -> serve(socket));
            } catch (IOException e) {
                if (!closed) {
                    throw new IllegalStateException("the listener failed", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16384);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16384);
            boolean more = true;
            while (more) {
                HttpRequest request = read(in, out);
                if (request == null) {
                    return;
                }
                HttpExchange exchange = new HttpExchange(request, socket, in, out);
                handler.handle(exchange);
                more = exchange.keepAlive();
            }
        } catch (IOException | IllegalArgumentException e) {
            // The client has gone, or speaks something else.
        } finally {
            sockets.remove(socket);
        }
    }

    private static HttpRequest read(InputStream in, OutputStream out) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] parts = first.split(" ", -1);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP/1.1 request: " + first);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.merge(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip(),
                        (a, b) -> a + "," + b);
            }
        }
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        int mark = parts[1].indexOf('?');
        String path = mark < 0 ? parts[1] : parts[1].substring(0, mark);
        return new HttpRequest(
                parts[0],
                decode(path.replace("+", "%2B")),
                mark < 0 ? Map.of() : query(parts[1].substring(mark + 1)),
                headers,
                body(in, headers));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                String size = line(in);
                if (size == null) {
                    throw new EOFException("a chunk is missing");
                }
                int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
                if (length > MAX_BODY - body.size()) {
                    throw new IOException("a body above " + MAX_BODY + " bytes");
                }
                body.write(in.readNBytes(length));
                line(in);
                if (length == 0) {
                    return body.toByteArray();
                }
            }
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length > MAX_BODY) {
            throw new IOException("a body above " + MAX_BODY + " bytes");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body is cut short");
        }
        return body;
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] sides = pair.split("=", 2);
                query.computeIfAbsent(decode(sides[0]), k -> new ArrayList<>())
                        .add(sides.length > 1 ? decode(sides[1]) : "");
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            int b = in.read();
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("a line is cut short");
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() >= MAX_LINE) {
                throw new IOException("a line above " + MAX_LINE + " bytes");
            }
            line.write(b);
        }
    }
}
