package dev.redisreplication.operator.observe;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One connection to one node: questions from any thread, answers in order, read by a virtual thread of its own.
 *
 * <p>A client library's blocking connection learns of a dead peer only with its next question. Here a reader always waits,
 * so the end of a node's process is known the moment its kernel closes the socket.
 */
public final class NodeLink implements Closeable {

    /** A reply that begins with '-'. */
    public record Refusal(String message) {}

    private static final int MAX_REPLY = 1 << 20;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final Queue<CompletableFuture<Object>> waiting = new ArrayDeque<>();
    private final Consumer<NodeLink> onClosed;
    private boolean closed;

    private NodeLink(Socket socket, Consumer<NodeLink> onClosed) throws IOException {
        this.socket = socket;
        this.onClosed = onClosed;
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1024);
        this.in = new BufferedInputStream(socket.getInputStream(), 8192);
    }

    /**
     * Connects and authenticates.
     *
     * @param password null or empty for none
     * @param timeoutMs bound of the connection, and of the authentication
     * @param onClosed called once, from any thread, when the connection ends for whatever reason
     * @throws IOException when the node refuses the connection or the password, or does not answer in time
     */
    public static NodeLink open(String host, int port, String password, int timeoutMs, Consumer<NodeLink> onClosed)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), timeoutMs);
            NodeLink link = new NodeLink(socket, onClosed);
            Thread.ofVirtual().name("node-reader-" + host).start(link::read);
            if (password != null && !password.isEmpty()) {
                Object reply = await(link.send("AUTH", password), timeoutMs);
                if (reply instanceof Refusal refusal) {
                    link.close();
                    throw new IOException("password refused: " + refusal.message());
                }
            }
            return link;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits for an answer; every failure is an {@link IOException}. */
    public static Object await(CompletableFuture<Object> answer, long timeoutMs) throws IOException {
        try {
            return answer.get(Math.max(1, timeoutMs), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeoutMs + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * Sends a command.
     *
     * @return its answer: String, Long, {@link Refusal}, List or null; fails when the connection ends first
     */
    public CompletableFuture<Object> send(String... command) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        try {
            synchronized (this) {
                if (closed) {
                    throw new IOException("connection is closed");
                }
                waiting.add(answer);
                write(command);
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
            close();
        }
        return answer;
    }

    private void write(String... command) throws IOException {
        out.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String argument : command) {
            byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
        out.flush();
    }

    private void read() {
        try {
            while (true) {
                Object reply = reply();
                CompletableFuture<Object> answer;
                synchronized (this) {
                    answer = waiting.poll();
                }
                if (answer == null) {
                    throw new IOException("an answer to no question");
                }
                answer.complete(reply);
            }
        } catch (IOException | NumberFormatException e) {
            close();
        }
    }

    private Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new Refusal(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(size(rest));
            case '*' -> array(size(rest));
            default -> throw new IOException("not RESP: " + line);
        };
    }

    private static int size(String text) throws IOException {
        int size = Integer.parseInt(text);
        if (size > MAX_REPLY) {
            throw new IOException("a reply of " + size + " is too large");
        }
        return size;
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException();
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private List<Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<Object> items = new ArrayList<>(Math.min(length, 64));
        for (int i = 0; i < length; i++) {
            items.add(reply());
        }
        return items;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0 || line.length() > 8192) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        in.read();
        if (line.isEmpty()) {
            throw new IOException("an empty line is no reply");
        }
        return line.toString();
    }

    /** Ends the connection; what still waits for an answer fails. */
    @Override
    public void close() {
        List<CompletableFuture<Object>> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
        left.forEach(answer -> answer.completeExceptionally(new IOException("connection ended")));
        onClosed.accept(this);
    }
}
