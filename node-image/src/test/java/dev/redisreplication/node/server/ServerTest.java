package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.ClientPauseMode;

class ServerTest {
    private static final String[] QUIET = {"--port", "0", "--bind", "127.0.0.1", "--save", ""};

    @TempDir
    private Path dir;

    private Server start(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(QUIET));
        args.addAll(List.of("--dir", dir.toString()));
        args.addAll(TestTransport.flags());
        args.addAll(List.of(more));
        return Server.start(args.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio", "auto"})
    void servesJedisOnEveryTransport(String transport) throws Exception {
        TestTransport.needs(transport);
        try (Server server = start("--io-transport", transport);
                Jedis jedis = Clients.connect(server)) {
            assertThat(jedis.set("k", "v")).isEqualTo("OK");
            assertThat(jedis.get("k")).isEqualTo("v");
            Transaction t = jedis.multi();
            t.incr("n");
            t.incr("n");
            assertThat(t.exec()).containsExactly(1L, 2L);
            Pipeline p = jedis.pipelined();
            List<Response<String>> all = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                p.set("key" + i, "value" + i);
                all.add(p.get("key" + i));
            }
            p.sync();
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get()).isEqualTo("value" + i);
            }
            String big = "x".repeat(5_000_000);
            jedis.set("big", big);
            assertThat(jedis.get("big")).isEqualTo(big);
            assertThat(jedis.info("commandstats")).contains("cmdstat_set:calls=10002,");
        }
    }

    @Test
    void servesLettuceInRespThree() throws Exception {
        try (Server server = start("--requirepass", "secret")) {
            RedisURI uri = RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(server.port())
                    .withPassword("secret".toCharArray())
                    .build();
            RedisClient client = RedisClient.create(uri);
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                RedisAsyncCommands<String, String> redis = connection.async();
                List<Future<String>> all = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                    all.add(redis.set("k" + i, "v" + i));
                    all.add(redis.get("k" + i));
                }
                for (int i = 0; i < all.size(); i++) {
                    assertThat(all.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i % 2 == 0 ? "OK" : "v" + i / 2);
                }
                assertThat(connection.sync().info("server")).contains("redis_version:7.0.15");
                assertThat(connection.sync().commandCount()).isGreaterThan(100L);
            } finally {
                client.shutdown(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void malformedInputEndsItsConnectionAndNothingElse() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "*$+-:0123456789\r\n\"'\\x aPINGSETgete";
        try (Server server = start();
                Jedis watcher = Clients.connect(server)) {
            for (int round = 0; round < 300; round++) {
                try (Socket socket = new Socket("127.0.0.1", server.port())) {
                    socket.setSoTimeout(60_000);
                    StringBuilder bytes = new StringBuilder();
                    for (int n = random.nextInt(200); n > 0; n--) {
                        bytes.append(alphabet.charAt(random.nextInt(alphabet.length())));
                    }
                    socket.getOutputStream().write(bytes.toString().getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    readAll(socket);
                }
                assertThat(watcher.ping())
                        .as("seed " + seed + " round " + round)
                        .isEqualTo("PONG");
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(watcher.info("clients")).contains("connected_clients:1\r"));
        }
    }

    @Test
    void aLongPipelineOfOneClientLeavesTheOthersTheirTurn() throws Exception {
        int slow = 200;
        String step = "*3\r\n$5\r\nDEBUG\r\n$5\r\nSLEEP\r\n$5\r\n0.010\r\n";
        try (Server server = start("--enable-debug-command", "yes");
                Socket other = new Socket("127.0.0.1", server.port());
                Socket socket = new Socket("127.0.0.1", server.port())) {
            for (Socket each : List.of(other, socket)) {
                each.setSoTimeout(60_000);
                each.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.ISO_8859_1));
                each.getInputStream().skipNBytes("+PONG\r\n".length());
            }
            // What both ask is there when the loop looks at their sockets, however slow this thread is.
            CountDownLatch sent = new CountDownLatch(1);
            server.loop().execute(() -> {
                try {
                    sent.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            socket.getOutputStream().write(step.repeat(slow).getBytes(StandardCharsets.ISO_8859_1));
            other.getOutputStream().write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.ISO_8859_1));
            sent.countDown();
            assertThat(readAll(other))
                    .as("the pipeline is not at its end when another client is answered")
                    .containsPattern("cmdstat_debug:calls=\\d{1,2},");
            assertThat(socket.getInputStream().readNBytes("+OK\r\n".length() * slow))
                    .asString(StandardCharsets.ISO_8859_1)
                    .endsWith("\r\n+OK\r\n");
        }
    }

    private static String readAll(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // reset: the server left bytes unread
        }
    }

    @Test
    void aSlowReaderOfMuchGetsItAll() throws Exception {
        try (Server server = start();
                Socket socket = new Socket("127.0.0.1", server.port());
                Jedis other = Clients.connect(server)) {
            other.set("big", "y".repeat(1_000_000));
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(("GET big\r\n".repeat(50) + "QUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.clientList()).contains("cmd=quit"));
            assertThat(readAll(socket)).hasSize(50 * (1_000_000 + "$1000000\r\n\r\n".length()) + "+OK\r\n".length());
        }
    }

    @Test
    void listensOnAUnixSocket() throws Exception {
        Path socket = dir.resolve("s");
        try (Server server = start("--unixsocket", socket.toString(), "--unixsocketperm", "700");
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(server.port()).isZero();
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(7);
            while (reply.hasRemaining() && channel.read(reply) >= 0) {
                // until the reply is whole
            }
            assertThat(new String(reply.array(), StandardCharsets.US_ASCII)).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void aMonitorIsNotClosedAsIdle() throws Exception {
        try (Server server = start("--timeout", "1");
                Jedis admin = Clients.connect(server);
                Socket monitor = new Socket("127.0.0.1", server.port());
                Socket idle = new Socket("127.0.0.1", server.port())) {
            monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            idle.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(admin.clientList()).contains("cmd=ping", "cmd=monitor"));
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(admin.clientList())
                    .doesNotContain("cmd=ping")
                    .contains("cmd=monitor"));
        }
    }

    /** Otherwise timeout would end a connection before its first byte. */
    @Test
    void whoHasSentNothingYetIsIdleSinceItCame() throws Exception {
        try (Server server = start("--timeout", "600");
                Jedis admin = Clients.connect(server);
                Socket silent = new Socket("127.0.0.1", server.port())) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(admin.clientList()).contains(":" + silent.getLocalPort() + " "));
            Matcher ages = Pattern.compile("age=(\\d+) idle=(\\d+)")
                    .matcher(admin.clientList()
                            .lines()
                            .filter(line -> line.contains(":" + silent.getLocalPort() + " "))
                            .findFirst()
                            .orElseThrow());
            assertThat(ages.find()).isTrue();
            assertThat(ages.group(2)).as("seconds without a byte, of the age").isEqualTo(ages.group(1));
        }
    }

    @Test
    void refusesMoreClientsThanAllowed() throws Exception {
        try (Server server = start("--maxclients", "1");
                Jedis first = Clients.connect(server)) {
            assertThat(first.ping()).isEqualTo("PONG");
            try (Socket second = new Socket("127.0.0.1", server.port())) {
                second.setSoTimeout(60_000);
                assertThat(readAll(second)).isEqualTo("-ERR max number of clients reached\r\n");
            }
            assertThat(first.info("stats")).contains("rejected_connections:1");
        }
    }

    @Test
    void pauseHoldsWritesBackAndUnpauseLetsThemGo() throws Exception {
        try (Server server = start();
                Jedis admin = Clients.connect(server);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            assertThat(admin.clientPause(60_000, ClientPauseMode.WRITE)).isEqualTo("OK");
            socket.getOutputStream().write("GET k\r\nSET k v\r\nGET k\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("$-1\r\n");
            assertThat(admin.get("k")).isNull();
            assertThat(admin.clientUnpause()).isEqualTo("OK");
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("+OK\r\n$1\r\nv\r\n");
        }
    }

    @Test
    void answersProbes() throws Exception {
        int health = FreePort.next();
        try (Server server = start("--health-port", "" + health)) {
            assertThat(get(health, "/livez")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("alive\n");
            assertThat(get(health, "/readyz")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(get(health, "/other")).startsWith("HTTP/1.1 404 ");
            assertThat(server.port()).isNotZero();
        }
        try (Server managed = start("--health-port", "" + health, "--managed", "yes")) {
            assertThat(get(health, "/livez")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(get(health, "/readyz")).startsWith("HTTP/1.1 503 ").contains("role");
            assertThat(managed.port()).isNotZero();
        }
    }

    private static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return readAll(socket);
        }
    }

    @Test
    void theProcessSaysWhyItDoesNotStartAndEndsWithOne() throws Exception {
        Path conf = Files.writeString(dir.resolve("redis.conf"), "port 6379\nno-such-thing 1\n");
        Process process = launch(conf.toString());
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains(conf + ", line 2: 'no-such-thing 1': Bad directive");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void theProcessEndsWithZeroWhenItIsToldTo() throws Exception {
        int port = FreePort.next();
        Path pidFile = dir.resolve("pid");
        Process process =
                launch("--port", "" + port, "--save", "", "--dir", dir.toString(), "--pidfile", pidFile.toString());
        Awaitility.await().atMost(90, TimeUnit.SECONDS).until(() -> Files.exists(pidFile));
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(pidFile).doesNotExist();
    }

    private static Process launch(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.redisreplication.node.server.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
