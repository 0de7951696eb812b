package dev.redisreplication.node.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The sockets at which connections are accepted. On the loop, or before it runs. */
final class Listeners {
    private static final long ACCEPT_AGAIN_MILLIS = 100;

    private final Rounds rounds;
    private final Supplier<SocketOptions> options;
    private final Supplier<TlsContexts> tls;
    private final Consumer<String> warnings;
    private final List<Channel> listening = new ArrayList<>();

    /**
     * @param options what every new socket gets, at that time
     * @param tls what secures those that come to a port for it, at that time
     */
    Listeners(Rounds rounds, Supplier<SocketOptions> options, Supplier<TlsContexts> tls, Consumer<String> warnings) {
        this.rounds = rounds;
        this.options = options;
        this.tls = tls;
        this.warnings = warnings;
    }

    /** See {@link NettyLoop#listen}. */
    Listening listen(
            String host, int port, int backlog, boolean secure, Function<Connection, ConnectionHandler> handlers)
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
        ServerBootstrap bootstrap = bootstrap(new Accept(handlers, null, secure))
                .channelFactory(rounds.transport().server(ipv6))
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
        Channel channel = bind(bootstrap, address);
        int bound = ((InetSocketAddress) channel.localAddress()).getPort();
        return new Listening() {
            @Override
            public int port() {
                return bound;
            }

            @Override
            public void close() {
                listening.remove(channel);
                closeNow(channel);
            }
        };
    }

    /** Another socket can have the address at once. */
    private static void closeNow(Channel channel) {
        try {
            if (channel instanceof NioServer nio) {
                nio.closeNow();
                return;
            }
            if (channel instanceof IoUringServerSocketChannel ring && ring.fd() instanceof Socket socket) {
                socket.shutdown(true, true); // it is closed a little later
            }
        } catch (IOException e) {
            // It does not listen any more.
        }
        var _ = channel.close();
    }

    /** See {@link NettyLoop#listenUnix}. */
    void listenUnix(String path, int backlog, Function<Connection, ConnectionHandler> handlers) throws IOException {
        SocketAddress address =
                rounds.transport() == Transport.NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path);
        bind(
                bootstrap(new Accept(handlers, path, false))
                        .channelFactory(rounds.transport().unixServer())
                        .option(ChannelOption.SO_BACKLOG, backlog),
                address);
    }

    private ServerBootstrap bootstrap(Accept accept) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(rounds.group())
                .handler(new AcceptFaults())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(accept);
        rounds.transport().accepted(bootstrap);
        return bootstrap;
    }

    private Channel bind(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        ChannelFuture bound = rounds.inLoop() ? bindNow(bootstrap, address) : bootstrap.bind(address);
        if (!rounds.inLoop()) {
            bound.awaitUninterruptibly();
        }
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        listening.add(bound.channel());
        return bound.channel();
    }

    /** On the loop both steps are done when they return; Netty's own way would do the second one later. */
    private static ChannelFuture bindNow(ServerBootstrap bootstrap, SocketAddress address) {
        ChannelFuture registered = bootstrap.register();
        return registered.isSuccess() ? registered.channel().bind(address) : registered;
    }

    /** Accepts no more connections. */
    void stop() {
        for (Channel channel : listening) {
            var _ = channel.close();
        }
        listening.clear();
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
                rounds.after(ACCEPT_AGAIN_MILLIS, () -> channel.config().setAutoRead(true));
            }
        }
    }

    /** Turns a new channel into a connection. */
    @ChannelHandler.Sharable
    private final class Accept extends ChannelInboundHandlerAdapter {
        private final Function<Connection, ConnectionHandler> handlers;
        private final String unixPath;
        private final boolean secure;

        Accept(Function<Connection, ConnectionHandler> handlers, String unixPath, boolean secure) {
            this.handlers = handlers;
            this.unixPath = unixPath;
            this.secure = secure;
        }

        @Override
        public void channelRegistered(ChannelHandlerContext context) {
            Channel channel = context.channel();
            context.pipeline().remove(this);
            if (unixPath == null) {
                options.get().keepalive(channel);
            }
            NettyConnection connection =
                    secure ? secured(channel) : new NettyConnection(rounds, channel, unixPath, null, null);
            ConnectionHandler handler = handlers.apply(connection);
            if (handler == null) {
                var _ = channel.close();
            } else {
                connection.handler(handler);
            }
        }

        private NettyConnection secured(Channel channel) {
            SslHandler handler = tls.get().incoming();
            NettyConnection[] connection = new NettyConnection[1];
            Handshake.secure(
                    channel,
                    handler,
                    Handshake.MILLIS,
                    () -> {
                        connection[0].agreed();
                        connection[0].handler().connected(connection[0]);
                    },
                    reason -> {
                        warnings.accept("Error accepting a client connection: " + reason + " (conn: fd="
                                + connection[0].fileDescriptor() + ")");
                        connection[0].close(reason);
                    });
            connection[0] = new NettyConnection(rounds, channel, null, handler, null);
            return connection[0];
        }
    }
}
