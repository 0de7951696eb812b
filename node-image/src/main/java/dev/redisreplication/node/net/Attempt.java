package dev.redisreplication.node.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A connection that is being made: the name is looked up, then its addresses are tried in turn until one takes the
 * connection. Whatever goes wrong on the way, the handler is told so, with what the last address said, and never before
 * {@link #begin} has returned. On the rounds.
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
    private final Deque<InetAddress> untried = new ArrayDeque<>();
    private int share; // of the time, in milliseconds, for each address
    private int turn; // which address it is, lest an earlier one speak for it
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
                    addresses -> rounds.execute(() -> connect(addresses)),
                    reason -> rounds.execute(() -> fail(reason)));
        } catch (OutOfMemoryError e) { // the system has no thread left
            fail(Causes.plain(e));
        }
    }

    private void connect(List<InetAddress> addresses) {
        if (handler == null) {
            return;
        }
        untried.addAll(addresses);
        share = Math.max(1, timeoutMillis / addresses.size());
        handler.connecting();
        tryNext();
    }

    private void tryNext() {
        int mine = ++turn;
        try {
            SocketChannel channel = rounds.transport().client().newChannel(); // throws where no descriptor is left
            SslHandler secure = tls == null ? null : tls.outgoing();
            if (secure != null) {
                Handshake.secure(channel, secure, share, this::agreed, reason -> failed(mine, reason));
            }
            connection = new NettyConnection(rounds, channel, null, secure, NOBODY);
            outgoing(channel)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share)
                    .connect(new InetSocketAddress(untried.remove(), port))
                    .addListener(done -> {
                        if (done.isSuccess() && mine == turn) {
                            options.keepalive(channel);
                            if (tls == null) {
                                succeed();
                            }
                        } else {
                            failed(mine, Causes.plain(done.cause()));
                        }
                    });
        } catch (RuntimeException e) {
            untried.clear(); // it is not for the address that this failed
            fail(Causes.plain(e));
        }
    }

    /** This address does not do; the next one may. */
    private void failed(int which, String reason) {
        if (which != turn || handler == null) {
            return;
        }
        if (untried.isEmpty()) {
            fail(reason);
            return;
        }
        connection.close("not connected");
        tryNext();
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
