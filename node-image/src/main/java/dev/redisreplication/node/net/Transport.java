package dev.redisreplication.node.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;

/** How sockets are waited for. Each kind loads its classes and native library only when it is chosen. */
enum Transport {
    EPOLL {
        @Override
        IoHandlerFactory io(SelectStrategyFactory strategy) {
            return EpollIoHandler.newFactory(0, strategy);
        }

        @Override
        ChannelFactory<? extends ServerChannel> server(boolean ipv6) {
            return () -> new EpollServerSocketChannel(ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
        }

        @Override
        ChannelFactory<? extends ServerChannel> unixServer() {
            return EpollServerDomainSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> client() {
            return EpollSocketChannel::new;
        }
    },
    IO_URING {
        @Override
        IoHandlerFactory io(SelectStrategyFactory strategy) {
            IoUringBufferRingConfig ring = IoUringBufferRingConfig.builder()
                    .bufferGroupId(RING)
                    .bufferRingSize(RING_BUFFERS)
                    .batchSize(RING_BUFFERS)
                    .allocator(new IoUringFixedBufferRingAllocator(ByteBufAllocator.DEFAULT, RING_BUFFER_SIZE))
                    .build();
            return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setBufferRingConfig(ring));
        }

        @Override
        void accepted(ServerBootstrap bootstrap) {
            bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, RING);
        }

        @Override
        void outgoing(Bootstrap bootstrap) {
            bootstrap.option(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, RING);
        }

        @Override
        ChannelFactory<? extends ServerChannel> server(boolean ipv6) {
            return IoUringServerSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends ServerChannel> unixServer() {
            return IoUringServerDomainSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> client() {
            return IoUringSocketChannel::new;
        }
    },
    NIO {
        @Override
        IoHandlerFactory io(SelectStrategyFactory strategy) {
            return NioIoHandler.newFactory(SelectorProvider.provider(), strategy);
        }

        @Override
        ChannelFactory<? extends ServerChannel> server(boolean ipv6) {
            return NioServer::new;
        }

        @Override
        ChannelFactory<? extends ServerChannel> unixServer() {
            return NioServerDomainSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> client() {
            return NioSocketChannel::new;
        }
    };

    static {
        // An accept that goes on by itself would go on without end, and at once, while there is no file descriptor.
        System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
    }

    // The kernel takes a buffer of the ring when bytes have come, not before: an idle connection holds none. They are
    // copied into the connection's own input and the buffer goes back.
    private static final short RING = 0;
    private static final short RING_BUFFERS = 64;
    private static final int RING_BUFFER_SIZE = 16 * 1024;

    /**
     * What the loop waits with.
     *
     * @param strategy decides whether it sleeps; without effect on a ring, which has no such choice
     */
    abstract IoHandlerFactory io(SelectStrategyFactory strategy);

    /** What sockets that are accepted need beyond the options of all transports. */
    void accepted(ServerBootstrap bootstrap) {}

    /** What a socket that connects needs beyond the options of all transports. */
    void outgoing(Bootstrap bootstrap) {}

    abstract ChannelFactory<? extends ServerChannel> server(boolean ipv6);

    abstract ChannelFactory<? extends ServerChannel> unixServer();

    abstract ChannelFactory<? extends SocketChannel> client();

    /**
     * The transport for the directive io-transport.
     *
     * @throws IOException when the one that was asked for does not work here
     */
    static Transport choose(String directive) throws IOException {
        return switch (directive) {
            case "io_uring" -> {
                if (!IoUring.isAvailable()) {
                    throw new IOException(
                            "io-transport io_uring does not work here: " + reason(IoUring.unavailabilityCause()));
                }
                if (!IoUring.isRegisterBufferRingSupported()) {
                    throw new IOException("io-transport io_uring needs rings of buffers, which Linux has since 5.19");
                }
                yield IO_URING;
            }
            case "epoll" -> {
                if (!Epoll.isAvailable()) {
                    throw new IOException(
                            "io-transport epoll does not work here: " + reason(Epoll.unavailabilityCause()));
                }
                yield EPOLL;
            }
            case "nio" -> NIO;
            default -> best();
        };
    }

    /** The fastest that works here, by {@code bench/compare --only transports}. io_uring is not tried: it is the slower one. */
    private static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
