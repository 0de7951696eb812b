package dev.redisreplication.node.net;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.SelectStrategyFactory;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The event loop on Netty: its thread and rounds, the sockets that it listens at, connections that it makes. */
public final class NettyLoop implements Loop {
    private static final long TRIM_MILLIS = 1000;

    static {
        Names.neverRemembered();
    }

    private final Rounds rounds;
    private final Listeners listeners;
    private volatile Consumer<String> warnings = message -> {};
    private volatile SocketOptions options = new SocketOptions("", 300);
    private TlsContexts tls;

    /**
     * A loop whose thread starts with its first task.
     *
     * @param ioTransport value of the directive io-transport
     * @param lingerMicros value of the directive io-linger: how long a busy loop looks for more before it sleeps, 0 for
     *     never
     * @param faults is told of exceptions that nobody expected
     */
    public NettyLoop(String ioTransport, int lingerMicros, Consumer<Throwable> faults) throws IOException {
        Transport transport = Transport.choose(ioTransport);
        this.rounds = new Rounds(transport, of -> transport.io(strategy(lingerMicros, of)), faults);
        this.listeners = new Listeners(rounds, () -> options, () -> tls, message -> warnings.accept(message));
        every(TRIM_MILLIS, rounds.slots()::trim);
    }

    private static SelectStrategyFactory strategy(int lingerMicros, Rounds rounds) {
        return lingerMicros == 0
                ? DefaultSelectStrategyFactory.INSTANCE
                : () -> new Linger(TimeUnit.MICROSECONDS.toNanos(lingerMicros), rounds::began, System::nanoTime);
    }

    /** Sets who is told of what should not be so and may come often. At the start. */
    public void warnings(Consumer<String> log) {
        warnings = log;
    }

    /** What every new socket gets; changing it is for any thread. */
    public void options(SocketOptions next) {
        options = next;
    }

    /** What secures new connections from now on; null for nothing. On the loop. */
    public void tls(TlsContexts next) {
        if (tls != null) {
            tls.retire();
        }
        tls = next;
    }

    /** The transport in use: epoll, io_uring or nio. */
    public String transportName() {
        return rounds.transport().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long reads() {
        return rounds.reads();
    }

    @Override
    public long writes() {
        return rounds.writes();
    }

    @Override
    public long bytesSent() {
        return rounds.bytesSent();
    }

    @Override
    public void execute(Runnable task) {
        rounds.execute(task);
    }

    @Override
    public Timer after(long millis, Runnable task) {
        return rounds.after(millis, task);
    }

    @Override
    public Timer every(long millis, Runnable task) {
        return rounds.every(millis, task);
    }

    @Override
    public void beforeFlush(Phase phase, Runnable hook) {
        rounds.beforeFlush(phase, hook);
    }

    @Override
    public void wantRound() {
        rounds.wantRound();
    }

    @Override
    public boolean inTask() {
        return rounds.inTask();
    }

    @Override
    public void serve(Connection except, boolean whole) {
        rounds.serve(except, whole);
    }

    @Override
    public boolean inLoop() {
        return rounds.inLoop();
    }

    @Override
    public long now() {
        return rounds.now();
    }

    @Override
    public Timer connect(String host, int port, int timeoutMillis, boolean secure, ConnectionHandler handler) {
        Attempt attempt = new Attempt(rounds, options, secure ? tls : null, port, timeoutMillis, handler);
        if (secure && tls == null) {
            attempt.fail("TLS is not configured");
        } else {
            attempt.begin(host);
        }
        return attempt;
    }

    /**
     * Accepts connections at an address until that is closed, or {@link #stopListening}. On the loop or before it runs.
     *
     * @param host an IP address or a name; "*" and "::*" are all addresses
     * @param port 0 lets the system choose
     * @param secure whether they are secured by what {@link #tls} gave, which must be there by then
     * @param handlers gives the handler of each new connection, or null to close it
     * @throws IOException when the address cannot be had
     */
    public Listening listen(
            String host, int port, int backlog, boolean secure, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        return listeners.listen(host, port, backlog, secure, handlers);
    }

    /** Accepts connections at a unix socket. */
    public void listenUnix(String path, int backlog, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        listeners.listenUnix(path, backlog, handlers);
    }

    /** Accepts no more connections. On the loop. */
    public void stopListening() {
        listeners.stop();
    }

    /** Waits for the end that {@link #stop} began; from another thread. */
    public void awaitEnd() {
        rounds.awaitEnd();
    }

    /** Ends the loop's thread after what it is doing. */
    public void stop() {
        rounds.stop();
    }
}
