package dev.redisreplication.sandbox.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One request and the way to answer it: whole, as a stream of chunks, or as a WebSocket. One thread at a time. */
public final class HttpExchange {
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(101, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(400, "Bad Request"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(422, "Unprocessable Entity"),
            Map.entry(500, "Internal Server Error"));

    private final HttpRequest request;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final List<String> warnings = new ArrayList<>();
    private boolean answered;
    private boolean keepAlive = true;

    HttpExchange(HttpRequest request, Socket socket, InputStream in, OutputStream out) {
        this.request = request;
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    public HttpRequest request() {
        return request;
    }

    /** Whether an answer has been begun. */
    public boolean answered() {
        return answered;
    }

    boolean keepAlive() {
        return keepAlive && !request.header("connection").equalsIgnoreCase("close");
    }

    /** Adds a {@code Warning} header, which kubectl shows to its user. */
    public void warn(String text) {
        warnings.add(text);
    }

    /** Answers with a whole body. */
    public void respond(int status, String contentType, byte[] body) throws IOException {
        StringBuilder head = head(status, contentType);
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            out.write(body);
        }
        out.flush();
    }

    /** Begins an answer of unknown length. Each message becomes one chunk, sent at once. */
    public MessageSink stream(String contentType) throws IOException {
        StringBuilder head = head(200, contentType);
        head.append("Transfer-Encoding: chunked\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        keepAlive = false;
        return new ChunkSink();
    }

    /** Turns the connection into a WebSocket. */
    public WebSocket webSocket() throws IOException {
        return webSocket("");
    }

    /**
     * Turns the connection into a WebSocket.
     *
     * @param protocol the one of those that the client offered which is spoken; empty for none
     */
    public WebSocket webSocket(String protocol) throws IOException {
        String accept;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((request.header("sec-websocket-key") + WEBSOCKET_GUID)
                            .getBytes(StandardCharsets.ISO_8859_1));
            accept = Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Sec-WebSocket-Accept", accept);
        if (!protocol.isEmpty()) {
            headers.put("Sec-WebSocket-Protocol", protocol);
        }
        switchTo("websocket", headers);
        return new WebSocket(in, out);
    }

    /** Leaves HTTP: from here on the connection's bytes are those of another protocol. */
    public Duplex upgrade(String protocol, Map<String, String> headers) throws IOException {
        switchTo(protocol, headers);
        return new Duplex(in, out);
    }

    private void switchTo(String protocol, Map<String, String> headers) throws IOException {
        answered = true;
        keepAlive = false;
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ");
        head.append(protocol).append("\r\n");
        headers.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Calls back, on a thread of its own, when the client has gone or closed a WebSocket. For streamed answers only. */
    public void onGone(MessageSink sink, Runnable callback) {
        Thread.ofVirtual().name("http-gone").start(() -> {
            try {
                sink.readUntilGone(in);
            } catch (IOException e) {
                // A reset is the usual way for a watch to end.
            } finally {
                callback.run();
            }
        });
    }

    /** Ends the connection whatever state it is in. */
    public void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private StringBuilder head(int status, String contentType) {
        answered = true;
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(status).append(' ').append(REASONS.getOrDefault(status, "Status"));
        head.append("\r\nContent-Type: ").append(contentType).append("\r\nCache-Control: no-cache, private\r\n");
        for (String warning : warnings) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            head.append("Warning: 299 - \"").append(quoted).append("\"\r\n");
        }
        return head;
    }

    /** Where the messages of a streamed answer go. */
    public interface MessageSink extends AutoCloseable {
        /** Sends one message at once. */
        void send(byte[] message) throws IOException;

        /** Says properly that there is no more. */
        @Override
        void close() throws IOException;

        /** Returns when the client has gone or has said that it goes. */
        default void readUntilGone(InputStream in) throws IOException {
            byte[] buffer = new byte[512];
            while (in.read(buffer) >= 0) {
                // A client has nothing to say while it is being answered.
            }
        }
    }

    private final class ChunkSink implements MessageSink {
        private final BufferedOutputStream chunks = new BufferedOutputStream(out, 8192);

        @Override
        public void send(byte[] message) throws IOException {
            chunks.write((Integer.toHexString(message.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            chunks.write(message);
            chunks.write('\r');
            chunks.write('\n');
            chunks.flush();
        }

        @Override
        public void close() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }
}
