package dev.redisreplication.node.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A connection that is being made: the name is looked up, then the address is connected to. Whatever goes wrong on the way,
 * the handler is told so, and never before {@link #begin} has returned. On the rounds.
 */
final class Attempt implements Timer {
    /** Has a connection until it is made. */
    private static final ConnectionHandler NOBODY = new ConnectionHandler() {
        @Override
        public void input(Connection connection) {
            // It is not connected yet.
        }

        @Override
        public void closed(Connection connection, String reason) {
            // Told by notConnected.
        }
    };

    private final Rounds rounds;
    private final SocketOptions options;
    private final TlsContexts tls;
    private final int port;
    private final int timeoutMillis;
    private ConnectionHandler handler;
    private NettyConnection connection;

    /** @param tls what secures the connection, or null for a plain one */
    Attempt(
            Rounds rounds,
            SocketOptions options,
            TlsContexts tls,
            int port,
            int timeoutMillis,
            ConnectionHandler handler) {
        this.rounds = rounds;
        this.options = options;
        this.tls = tls;
        this.port = port;
        this.timeoutMillis = timeoutMillis;
        this.handler = handler;
    }

    void begin(String host) {
        try {
            Names.find(
                    host,
                    address -> rounds.execute(() -> connect(address)),
                    reason -> rounds.execute(() -> fail(reason)));
        } catch (OutOfMemoryError e) { // the system has no thread left
            fail(Causes.plain(e));
        }
    }

    private void connect(InetAddress address) {
        if (handler == null) {
            return;
        }
        handler.connecting();
        try {
            SocketChannel channel = rounds.transport().client().newChannel(); // throws where no descriptor is left
            SslHandler secure = tls == null ? null : tls.outgoing();
            if (secure != null) {
                Handshake.secure(channel, secure, timeoutMillis, this::agreed, this::fail);
            }
            connection = new NettyConnection(rounds, channel, null, secure, NOBODY);
            outgoing(channel)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .connect(new InetSocketAddress(address, port))
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            options.keepalive(channel);
                            if (tls == null) {
                                succeed();
                            }
                        } else {
                            fail(Causes.plain(done.cause()));
                        }
                    });
        } catch (RuntimeException e) {
            fail(Causes.plain(e));
        }
    }

    private Bootstrap outgoing(SocketChannel channel) {
        Bootstrap bootstrap = new Bootstrap()
                .group(rounds.group())
                .channelFactory(() -> channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter());
        rounds.transport().outgoing(bootstrap);
        if (!options.bindSource().isEmpty()) {
            bootstrap.localAddress(new InetSocketAddress(options.bindSource(), 0));
        }
        return bootstrap;
    }

    private void agreed() {
        connection.agreed();
        succeed();
    }

    private void succeed() {
        ConnectionHandler then = handler;
        handler = null;
        if (then == null) {
            connection.close("not needed any more");
        } else {
            connection.handler(then);
            then.connected(connection);
        }
    }

    /** Tells the handler, in a later step, that there will be no connection. */
    void fail(String reason) {
        ConnectionHandler then = handler;
        cancel();
        if (then != null) {
            rounds.execute(() -> then.notConnected(reason)); // what fails at once is told later, too
        }
    }

    @Override
    public void cancel() {
        handler = null;
        if (connection != null) {
            connection.close("not connected");
        }
    }
}
