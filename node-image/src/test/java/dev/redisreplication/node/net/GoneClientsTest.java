package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have gone when their turn comes, while others come. */
class GoneClientsTest {
    private static final String HOST = "127.0.0.1";

    /** Sends back what it gets, with a mark before it; and something to another connection, if there is one. */
    private record Echo(AtomicReference<Connection> other) implements ConnectionHandler {
        @Override
        public void input(Connection connection) {
            Connection to = other.get();
            if (to != null && to.isOpen()) {
                to.output().put("secret");
                to.flushLater();
            }
            int length = connection.input().readable();
            connection.output().put('<');
            connection.output().put(connection.input().address(), length);
            connection.input().consume(length);
            connection.flushLater();
        }

        @Override
        public void closed(Connection connection, String reason) {
            // Nothing is held.
        }
    }

    /** Remembers a connection that was made. */
    private record Keep(AtomicReference<Connection> made) implements ConnectionHandler {
        @Override
        public void connected(Connection connection) {
            made.set(connection);
        }

        @Override
        public void input(Connection connection) {
            connection.input().clear();
        }

        @Override
        public void closed(Connection connection, String reason) {
            // The test looks whether it is open.
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(HOST, port), 60_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    /**
     * The loop stands still while a client, which has a reply that it never read, sends a request and ends; then another one comes. The
     * reply to the first one must not leave by the descriptor that the second one's socket has got from it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void nobodyGetsTheReplyToAnother(String transport) throws Exception {
        TestTransport.needs(transport);
        List<Throwable> faults = new ArrayList<>();
        NettyLoop loop = new NettyLoop(transport, 0, faults::add);
        try {
            int port = loop.listen(HOST, 0, 511, false, connection -> new Echo(new AtomicReference<>()))
                    .port();
            for (int round = 0; round < 50; round++) {
                Socket gone = connect(port);
                send(gone, "a");
                while (gone.getInputStream().available() < 2) { // it is there, and stays unread
                    Thread.onSpinWait();
                }
                CountDownLatch goesOn = halt(loop);
                send(gone, "secret");
                gone.shutdownOutput();
                gone.close(); // with something unread: by a reset
                try (Socket next = connect(port)) {
                    send(next, "own");
                    goesOn.countDown();
                    assertThat(read(next, 4)).as("round %d", round).isEqualTo("<own");
                }
            }
            assertThat(faults).isEmpty();
        } finally {
            loop.stop();
            loop.awaitEnd();
        }
    }

    /**
     * The other side of a connection that the loop made has ended it, while the loop stands still. What is put out there must not leave
     * by the descriptor that a new client's socket has got from it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void nobodyGetsWhatWasMeantForAPeerThatHasGone(String transport) throws Exception {
        TestTransport.needs(transport);
        List<Throwable> faults = new ArrayList<>();
        NettyLoop loop = new NettyLoop(transport, 0, faults::add);
        try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getByName(HOST))) {
            AtomicReference<Connection> outgoing = new AtomicReference<>();
            int port = loop.listen(HOST, 0, 511, false, connection -> new Echo(outgoing))
                    .port();
            try (Socket client = connect(port)) {
                send(client, "a");
                assertThat(read(client, 2)).isEqualTo("<a");
                for (int round = 0; round < 50; round++) {
                    outgoing.set(null);
                    loop.execute(() -> loop.connect(HOST, peer.getLocalPort(), 60_000, false, new Keep(outgoing)));
                    Socket accepted = peer.accept();
                    while (outgoing.get() == null) {
                        Thread.onSpinWait();
                    }
                    CountDownLatch goesOn = halt(loop);
                    send(client, "b");
                    accepted.close();
                    try (Socket next = connect(port)) {
                        send(next, "own");
                        goesOn.countDown();
                        assertThat(read(next, 4)).as("round %d", round).isEqualTo("<own");
                    }
                    assertThat(read(client, 2)).isEqualTo("<b");
                }
            }
            assertThat(faults).isEmpty();
        } finally {
            loop.stop();
            loop.awaitEnd();
        }
    }

    /** The loop stands still when this returns, until the latch is opened. */
    private static CountDownLatch halt(NettyLoop loop) throws InterruptedException {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        loop.execute(() -> {
            stands.countDown();
            await(goesOn);
        });
        stands.await();
        return goesOn;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
