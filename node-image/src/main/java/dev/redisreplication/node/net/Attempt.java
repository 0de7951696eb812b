package dev.redisreplication.node.net;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A connection that is being made: the name is looked up, then the address is connected to. Whatever goes wrong on the way,
 * the handler is told so, and never before {@link #begin} has returned. On the loop.
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

    private final NettyLoop loop;
    private final int port;
    private final int timeoutMillis;
    private ConnectionHandler handler;
    private NettyConnection connection;

    Attempt(NettyLoop loop, int port, int timeoutMillis, ConnectionHandler handler) {
        this.loop = loop;
        this.port = port;
        this.timeoutMillis = timeoutMillis;
        this.handler = handler;
    }

    void begin(String host) {
        try {
            Names.find(
                    host, address -> loop.execute(() -> connect(address)), reason -> loop.execute(() -> fail(reason)));
        } catch (OutOfMemoryError e) { // the system has no thread left
            fail(e.getMessage());
        }
    }

    private void connect(InetAddress address) {
        if (handler == null) {
            return;
        }
        try {
            SocketChannel channel = loop.transport().client().newChannel(); // throws where no descriptor is left
            connection = new NettyConnection(loop, channel, null, NOBODY);
            loop.outgoing(channel)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .connect(new InetSocketAddress(address, port))
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            loop.options().keepalive(channel);
                            succeed();
                        } else {
                            fail("connecting to " + address.getHostAddress() + " failed: "
                                    + done.cause().getMessage());
                        }
                    });
        } catch (RuntimeException e) {
            fail("connecting to " + address.getHostAddress() + " failed: " + e.getMessage());
        }
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

    private void fail(String reason) {
        ConnectionHandler then = handler;
        cancel();
        if (then != null) {
            loop.execute(() -> then.notConnected(reason)); // what fails at once is told later, too
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
