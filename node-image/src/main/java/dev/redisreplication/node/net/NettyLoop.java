package dev.redisreplication.node.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The event loop on Netty. */
public final class NettyLoop implements Loop {
    private static final long TRIM_MILLIS = 1000;
    private static final long ACCEPT_AGAIN_MILLIS = 100;
    /** Scripts run on this thread, whose interpreter nests native calls deeply. Reserved, not used. */
    private static final long STACK = 16L << 20;

    static {
        Names.neverRemembered();
    }

    private final Transport transport;
    private final Events events;
    private final Consumer<Throwable> faults;
    private final Slot.Pool slots = new Slot.Pool();
    private volatile Consumer<String> warnings = message -> {};
    private final List<List<Runnable>> hooks = new ArrayList<>();
    private final Runnable endOfRound = this::endRound;
    private final List<Channel> listening = new ArrayList<>();
    private List<NettyConnection> written = new ArrayList<>();
    private List<NettyConnection> spare = new ArrayList<>();
    private boolean inTask;
    private Connection held; // gets nothing at the end of this round
    private boolean roundWanted;
    private long roundBegan;
    private long round;
    private long bytesSent;
    private long reads;
    private long writes;
    private volatile SocketOptions options = new SocketOptions("", 300);

    /**
     * A loop whose thread starts with its first task.
     *
     * @param ioTransport value of the directive io-transport
     * @param lingerMicros value of the directive io-linger: how long a busy loop looks for more before it sleeps, 0 for
     *     never
     * @param faults is told of exceptions that nobody expected
     */
    public NettyLoop(String ioTransport, int lingerMicros, Consumer<Throwable> faults) throws IOException {
        this.transport = Transport.choose(ioTransport);
        this.faults = faults;
        for (int i = 0; i < Phase.values().length; i++) {
            hooks.add(new ArrayList<>());
        }
        SelectStrategyFactory strategy = lingerMicros == 0
                ? DefaultSelectStrategyFactory.INSTANCE
                : () -> new Linger(TimeUnit.MICROSECONDS.toNanos(lingerMicros), () -> roundBegan, System::nanoTime);
        this.events = new Events(transport.io(strategy));
        every(TRIM_MILLIS, slots::trim);
    }

    /** Netty's loop, which can be asked to look at the sockets within a task. */
    private static final class Events extends SingleThreadIoEventLoop {
        private boolean looking;

        Events(IoHandlerFactory io) {
            super(null, (ThreadFactory) task -> new Thread(null, task, "node", STACK), io);
        }

        void look() {
            looking = true;
            try {
                runIo();
            } finally {
                looking = false;
            }
        }

        /** While it is to look at the sockets only, it must not wait for them. */
        @Override
        protected boolean hasTasks() {
            return looking || super.hasTasks();
        }
    }

    /** Sets who is told of what should not be so and may come often. At the start. */
    public void warnings(Consumer<String> log) {
        warnings = log;
    }

    /** What every new socket gets; changing it is for any thread. */
    public void options(SocketOptions next) {
        options = next;
    }

    /** The transport in use: epoll, io_uring or nio. */
    public String transportName() {
        return transport.name().toLowerCase(Locale.ROOT);
    }

    Transport transport() {
        return transport;
    }

    Slot.Pool slots() {
        return slots;
    }

    void sent(int bytes) {
        bytesSent += bytes;
        writes++;
    }

    void received() {
        reads++;
    }

    @Override
    public long reads() {
        return reads;
    }

    @Override
    public long writes() {
        return writes;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    void fault(Throwable cause) {
        faults.accept(cause);
    }

    @Override
    public void execute(Runnable task) {
        events.execute(guarded(task));
    }

    /** Runs a task after the sockets that are ready were read once more: what {@link #execute} is given runs before. */
    void nextTurn(Runnable task) {
        var _ = events.schedule(guarded(task), 0, TimeUnit.NANOSECONDS);
    }

    /** A task that throws must be heard of, and must not end a repetition. */
    private Runnable guarded(Runnable task) {
        return () -> {
            inTask = true;
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                faults.accept(fault);
            } finally {
                inTask = false;
            }
        };
    }

    @Override
    public Timer after(long millis, Runnable task) {
        return timer(events.schedule(guarded(task), millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public Timer every(long millis, Runnable task) {
        return timer(events.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS));
    }

    private static Timer timer(ScheduledFuture<?> future) {
        return () -> future.cancel(false);
    }

    @Override
    public void beforeFlush(Phase phase, Runnable hook) {
        hooks.get(phase.ordinal()).add(hook);
    }

    @Override
    public void wantRound() {
        if (!roundWanted) {
            roundWanted = true;
            roundBegan = System.nanoTime();
            events.execute(endOfRound); // tasks run after all sockets that were ready in this turn
        }
    }

    void flushAtEnd(NettyConnection connection) {
        written.add(connection);
        wantRound();
    }

    @Override
    public boolean inTask() {
        return inTask;
    }

    @Override
    public void serve(Connection except, boolean whole) {
        List<NettyConnection> before = written;
        if (!whole) {
            written = new ArrayList<>();
        }
        inTask = false;
        try {
            events.look();
        } finally {
            inTask = true;
        }
        held = except;
        try {
            if (whole) {
                endRound();
            } else {
                flush(written);
            }
        } finally {
            held = null;
            if (!whole) {
                before.addAll(written);
                written = before;
            }
        }
    }

    private void endRound() {
        roundWanted = false;
        round++;
        try {
            for (List<Runnable> phase : hooks) {
                for (int i = 0; i < phase.size(); i++) {
                    phase.get(i).run();
                }
            }
        } catch (RuntimeException | Error fault) {
            // A reply must not leave when its effects did not reach the log: drop these connections instead.
            faults.accept(fault);
            for (NettyConnection c : written) {
                c.close("internal error");
            }
        }
        flush(written);
    }

    private void flush(List<NettyConnection> now) {
        written = spare;
        spare = now;
        for (int i = 0; i < now.size(); i++) {
            NettyConnection connection = now.get(i);
            if (connection == held) {
                written.add(connection);
            } else {
                connection.roundEnd();
            }
        }
        now.clear();
    }

    @Override
    public boolean inLoop() {
        return events.inEventLoop();
    }

    @Override
    public long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** The clock as the current round saw it first. */
    long roundNow() {
        return roundWanted ? roundBegan / 1_000_000 : now();
    }

    /** Number of the current round. */
    long round() {
        return round;
    }

    @Override
    public Timer connect(String host, int port, int timeoutMillis, ConnectionHandler handler) {
        Attempt attempt = new Attempt(this, port, timeoutMillis, handler);
        attempt.begin(host);
        return attempt;
    }

    /** What makes connections over this channel. */
    Bootstrap outgoing(SocketChannel channel) {
        Bootstrap bootstrap = new Bootstrap()
                .group(events)
                .channelFactory(() -> channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter());
        transport.outgoing(bootstrap);
        if (!options.bindSource().isEmpty()) {
            bootstrap.localAddress(new InetSocketAddress(options.bindSource(), 0));
        }
        return bootstrap;
    }

    SocketOptions options() {
        return options;
    }

    /**
     * Accepts connections at an address until {@link #stopListening}. On the loop or before it runs.
     *
     * @param host an IP address or a name; "*" and "::*" are all addresses
     * @param port 0 lets the system choose
     * @param handlers gives the handler of each new connection, or null to close it
     * @return the port
     * @throws IOException when the address cannot be had
     */
    public int listen(String host, int port, int backlog, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        boolean ipv6 = host.indexOf(':') >= 0;
        InetSocketAddress address =
                switch (host) {
                    case "*" -> new InetSocketAddress("0.0.0.0", port);
                    case "::*" -> new InetSocketAddress("::", port);
                    default -> new InetSocketAddress(host, port);
                };
        if (address.isUnresolved()) {
            throw new IOException("Name or service not known");
        }
        ServerBootstrap bootstrap = bootstrap(handlers, null)
                .channelFactory(transport.server(ipv6))
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
        return ((InetSocketAddress) bind(bootstrap, address).localAddress()).getPort();
    }

    /** Accepts connections at a unix socket. */
    public void listenUnix(String path, int backlog, Function<Connection, ConnectionHandler> handlers)
            throws IOException {
        SocketAddress address =
                transport == Transport.NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path);
        bind(
                bootstrap(handlers, path)
                        .channelFactory(transport.unixServer())
                        .option(ChannelOption.SO_BACKLOG, backlog),
                address);
    }

    private ServerBootstrap bootstrap(Function<Connection, ConnectionHandler> handlers, String unixPath) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(events)
                .handler(new AcceptFaults())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Accept(handlers, unixPath));
        transport.accepted(bootstrap);
        return bootstrap;
    }

    private Channel bind(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        ChannelFuture bound = bootstrap.bind(address);
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        listening.add(bound.channel());
        return bound.channel();
    }

    /**
     * A connection could not be accepted, mostly for want of a file descriptor. It stays in the kernel's queue, so that trying
     * again at once would fail at once: the others are served for a moment first.
     */
    @ChannelHandler.Sharable
    private final class AcceptFaults extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            warnings.accept("Accepting client connection: " + cause.getMessage());
            Channel channel = context.channel();
            if (channel.config().isAutoRead()) {
                channel.config().setAutoRead(false);
                after(ACCEPT_AGAIN_MILLIS, () -> channel.config().setAutoRead(true));
            }
        }
    }

    /** Turns a new channel into a connection. */
    @ChannelHandler.Sharable
    private final class Accept extends ChannelInboundHandlerAdapter {
        private final Function<Connection, ConnectionHandler> handlers;
        private final String unixPath;

        Accept(Function<Connection, ConnectionHandler> handlers, String unixPath) {
            this.handlers = handlers;
            this.unixPath = unixPath;
        }

        @Override
        public void channelRegistered(ChannelHandlerContext context) {
            Channel channel = context.channel();
            context.pipeline().remove(this);
            if (unixPath == null) {
                options.keepalive(channel);
            }
            NettyConnection connection = new NettyConnection(NettyLoop.this, channel, unixPath, null);
            ConnectionHandler handler = handlers.apply(connection);
            if (handler == null) {
                var _ = channel.close();
            } else {
                connection.handler(handler);
            }
        }
    }

    /** Accepts no more connections. On the loop. */
    public void stopListening() {
        for (Channel channel : listening) {
            var _ = channel.close();
        }
        listening.clear();
    }

    /** Waits for the end that {@link #stop} began; from another thread. */
    public void awaitEnd() {
        events.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    /** Ends the loop's thread after what it is doing. */
    public void stop() {
        // Under io_uring a socket is closed in a turn of its own: without a quiet moment it would find the loop gone.
        var _ = events.shutdownGracefully(transport == Transport.IO_URING ? 1 : 0, 2_000, TimeUnit.MILLISECONDS);
    }
}
