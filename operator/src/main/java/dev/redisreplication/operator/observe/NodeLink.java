package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to one node: questions from any thread, answers in order, read by the {@link NodeLoop}.
 *
 * <p>A client library's blocking connection learns of a dead peer only with its next question. Here somebody always waits,
 * so the end of a node's process is known the moment its kernel closes the socket.
 */
public final class NodeLink implements Line {

    /** A reply that begins with '-'. */
    public record Refusal(String message) {
        /** Whether the rules of the user forbid the command: it was not executed. */
        public boolean isForbidden() {
            return message.startsWith(FORBIDDEN);
        }
    }

    /** What the refusal of a command begins with that the user may not run. */
    static final String FORBIDDEN = "NOPERM";

    /** The node takes none of the passwords, or forbids what is asked. */
    static final class Denied extends IOException {
        private static final long serialVersionUID = 1L;

        Denied(String reply) {
            super(reply);
        }
    }

    /** More than this is never under way: who does not read gets no further question. */
    private static final int MAX_UNSENT = 16 << 10;

    private final NodeLoop loop;
    private final Listener listener;
    private final SocketChannel channel;
    private final Replies replies = new Replies();
    /** Guarded by this, as all below. */
    private final Queue<CompletableFuture<Object>> waiting = new ArrayDeque<>();

    private final ByteBuffer unsent = ByteBuffer.allocate(MAX_UNSENT);
    private SelectionKey key;
    private boolean connected;
    private boolean letIn = true;
    /** Passwords that the node has taken on this connection. */
    private final Set<String> taken = new HashSet<>();

    private boolean closed;

    private NodeLink(NodeLoop loop, Listener listener) throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.channel = SocketChannel.open();
    }

    /**
     * Begins to connect and to authenticate. Commands may be sent at once, they follow when there is a connection; when it does not
     * come about they fail and the listener hears of it.
     *
     * @param host a numeric address
     * @param passwords all of them are tried, and one is enough; none where none is needed
     * @throws IOException when it cannot even be tried
     */
    public static NodeLink open(NodeLoop loop, String host, int port, List<String> passwords, Listener listener)
            throws IOException {
        NodeLink link = new NodeLink(loop, listener);
        try {
            link.connect(new InetSocketAddress(host, port));
        } catch (IOException | RuntimeException e) {
            link.channel.close();
            throw e;
        }
        link.authenticate(passwords);
        return link;
    }

    private synchronized void connect(InetSocketAddress address) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connected = channel.connect(address);
        key = loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this::ready);
    }

    /** A refused AUTH leaves a connection as it was, so they are all sent at once. */
    private void authenticate(List<String> passwords) {
        synchronized (this) {
            letIn = passwords.isEmpty();
        }
        for (int i = 0; i < passwords.size(); i++) {
            String password = passwords.get(i);
            boolean last = i == passwords.size() - 1;
            var _ = send("AUTH", password).thenAccept(reply -> {
                if (!(reply instanceof Refusal refusal)) {
                    took(password);
                } else if (last && !isLetIn()) {
                    close(refused(refusal.message()));
                }
            });
        }
    }

    /** Only some refusals are about who asks. */
    public static IOException refused(String reply) {
        boolean aboutIt = reply.startsWith("WRONGPASS")
                || reply.startsWith("NOAUTH")
                || reply.startsWith("ERR AUTH")
                || reply.startsWith(FORBIDDEN);
        return aboutIt ? new Denied(reply) : new IOException(reply);
    }

    private synchronized void took(String password) {
        letIn = true;
        taken.add(password);
    }

    private synchronized boolean isLetIn() {
        return letIn;
    }

    @Override
    public synchronized boolean takes(String password) {
        return taken.contains(password);
    }

    @Override
    public void tryPassword(String password) {
        var _ = send("AUTH", password).thenAccept(reply -> {
            if (!(reply instanceof Refusal)) {
                took(password);
            }
        });
    }

    /** Waits for an answer; every failure is an {@link IOException}. */
    public static Object await(CompletableFuture<?> answer, long timeoutMs) throws IOException {
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

    @Override
    public CompletableFuture<Answer> ask() {
        return send("INFO", "replication", "persistence").thenApply(reply -> {
            try {
                return read(reply);
            } catch (IOException e) {
                close(e);
                throw new CompletionException(e);
            }
        });
    }

    private static Answer read(Object reply) throws IOException {
        if (reply instanceof Refusal refusal && refused(refusal.message()) instanceof Denied denied) {
            throw denied;
        }
        if (!(reply instanceof String text)) {
            throw new IOException("INFO makes no sense, it was refused: " + reply);
        }
        try {
            return new Answer(NodeFactsParser.parse(text), NodeFactsParser.unloadable(text));
        } catch (IllegalArgumentException e) {
            throw new IOException("INFO makes no sense: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletableFuture<Object> send(String... command) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        byte[] bytes = encode(command);
        try {
            synchronized (this) {
                if (closed) {
                    throw new IOException("connection is closed");
                }
                if (bytes.length > unsent.remaining()) {
                    throw new IOException("the node reads nothing");
                }
                waiting.add(answer);
                unsent.put(bytes);
                flush();
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
            close(e);
        }
        return answer;
    }

    private static byte[] encode(String... command) {
        StringBuilder text = new StringBuilder(96);
        text.append('*').append(command.length).append("\r\n");
        for (String argument : command) {
            int length = argument.getBytes(StandardCharsets.UTF_8).length;
            text.append('$').append(length).append("\r\n").append(argument).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Called with the lock held. */
    private void flush() throws IOException {
        if (!connected) {
            return;
        }
        unsent.flip();
        channel.write(unsent);
        unsent.compact();
        int wanted = unsent.position() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
            loop.wake();
        }
    }

    /** On the loop's thread. */
    @SuppressWarnings("ReferenceEquality") // INCOMPLETE is a mark, no value
    private void ready() {
        try {
            synchronized (this) {
                if (closed) {
                    return;
                }
                if (!connected) {
                    channel.finishConnect();
                    connected = true;
                }
                if (!key.isReadable()) {
                    flush();
                    return;
                }
            }
            replies.readFrom(channel);
            for (Object reply = replies.next(); reply != Replies.INCOMPLETE; reply = replies.next()) {
                CompletableFuture<Object> answer;
                synchronized (this) {
                    answer = waiting.poll();
                }
                if (answer == null) {
                    throw new IOException("an answer to no question");
                }
                answer.complete(reply);
            }
        } catch (IOException | java.nio.channels.CancelledKeyException e) {
            close(e instanceof IOException io ? io : new IOException(e));
        }
    }

    /** Ends the connection; what still waits for an answer fails. */
    @Override
    public void close() {
        close(new IOException("connection was closed"));
    }

    /** The same, with the reason. */
    void close(IOException cause) {
        List<CompletableFuture<Object>> left;
        boolean wasOpen;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            wasOpen = connected && letIn;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        try {
            channel.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
        loop.wake();
        left.forEach(answer -> answer.completeExceptionally(cause));
        loop.post(() -> listener.closed(this, cause, wasOpen));
    }
}
