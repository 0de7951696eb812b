package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.TestTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What differs between the transports: how bytes come and go, and how connections end. */
class TransportTest {
    @TempDir
    private Path dir;

    private Server start(String transport) throws Exception {
        TestTransport.needs(transport);
        return Server.start(
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                dir.toString(),
                "--io-transport",
                transport);
    }

    private static Socket connect(Server server) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void request(OutputStream out, byte[]... words) throws IOException {
        out.write(ascii("*" + words.length + "\r\n"));
        for (byte[] word : words) {
            bulk(out, word);
        }
    }

    private static void bulk(OutputStream out, byte[] bytes) throws IOException {
        out.write(ascii("$" + bytes.length + "\r\n"));
        out.write(bytes);
        out.write(ascii("\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void whatIsInUseIsTold(String transport) throws Exception {
        try (Server server = start(transport);
                Jedis jedis = Clients.connect(server)) {
            assertThat(jedis.info("server")).contains("multiplexing_api:" + transport + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void bytesKeepTheirOrderInWhateverPiecesTheyCome(String transport) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        int[] lengths = {1, 10, 100, 5_000, 16_384, 40_000, 300_000};
        for (int i = 0; i < 150; i++) {
            byte[] word = new byte[lengths[random.nextInt(lengths.length)]];
            random.nextBytes(word);
            request(requests, ascii("ECHO"), word);
            bulk(replies, word);
        }
        byte[] all = requests.toByteArray();
        int[] pieces = {1, 7, 1_000, 16_384, 65_536, 500_000};
        try (Server server = start(transport);
                Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    for (int at = 0, n; at < all.length; at += n) {
                        n = Math.min(pieces[random.nextInt(pieces.length)], all.length - at);
                        out.write(all, at, n);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(socket.getInputStream().readNBytes(replies.size()))
                    .as("seed " + seed)
                    .isEqualTo(replies.toByteArray());
            sent.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void whoHasSaidAllGetsTheRepliesToIt(String transport) throws Exception {
        try (Server server = start(transport)) {
            for (int n : new int[] {1, 3, 100, 5_000, 20_000}) {
                try (Socket socket = connect(server)) {
                    socket.getOutputStream().write(ascii("*1\r\n$4\r\nPING\r\n".repeat(n)));
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().readAllBytes()).isEqualTo(ascii("+PONG\r\n".repeat(n)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void connectionsThatBreakLeaveNothingBehind(String transport) throws Exception {
        try (Server server = start(transport);
                Jedis watcher = Clients.connect(server)) {
            watcher.set("big", "x".repeat(500_000));
            String[] last = {
                "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\n" + "x".repeat(300_000),
                "GET big\r\n".repeat(50),
                "PING\r\n".repeat(5_000),
                "WAIT 9 50\r\nPING\r\n",
                "",
            };
            for (int i = 0; i < 100; i++) {
                try (Socket socket = connect(server)) {
                    socket.setSoLinger(true, 0); // a reset, not an orderly end
                    socket.getOutputStream().write(ascii(last[i % last.length]));
                }
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(watcher.info("clients")).contains("connected_clients:1\r"));
            assertThat(watcher.strlen("big")).isEqualTo(500_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void anIdleConnectionHoldsNoBuffer(String transport) throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (Server server = start(transport);
                Jedis watcher = Clients.connect(server)) {
            for (int i = 0; i < 100; i++) {
                Socket socket = connect(server);
                idle.add(socket);
                socket.getOutputStream().write(ascii("*1\r\n$4\r\nPING\r\n"));
                assertThat(socket.getInputStream().readNBytes(7)).isEqualTo(ascii("+PONG\r\n"));
            }
            watcher.clientList(); // which looks at all of them, and must not give them one
            Awaitility.await()
                    .untilAsserted(() -> assertThat(watcher.clientList().lines())
                            .hasSize(101)
                            .filteredOn(line -> !line.contains("cmd=client"))
                            .allSatisfy(line -> assertThat(line).contains(" rbs=0 ")));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
