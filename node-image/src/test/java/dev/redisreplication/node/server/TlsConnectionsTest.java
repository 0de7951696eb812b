package dev.redisreplication.node.server;

import static dev.redisreplication.node.net.Certificates.Who.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import dev.redisreplication.node.net.TlsClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Connections by TLS, as those without it: large replies, readers that do not read, peers that say nothing, on each transport. */
class TlsConnectionsTest {
    private static final int MANY = 300;
    private static final int LARGE = 1 << 20;

    @TempDir
    static Path folder;

    private static Certificates certificates;

    private Server server;
    private int port;

    @BeforeAll
    static void make() {
        certificates = Certificates.in(folder.resolve("tls"));
    }

    private void start(String transport, String... more) throws Exception {
        TestTransport.needs(transport);
        port = FreePort.next();
        List<String> flags = new ArrayList<>(List.of("--port", "0", "--bind", "127.0.0.1", "--save", ""));
        flags.addAll(List.of("--dir", folder.toString(), "--io-transport", transport));
        flags.addAll(List.of(certificates.flags(port, more)));
        server = Server.start(flags.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static TlsClient client(int port) throws IOException {
        return new TlsClient(certificates.client(CLIENT), port);
    }

    /** By TLS alone: there is no other port. */
    private Jedis jedis() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .ssl(true)
                        .sslSocketFactory(certificates.client(CLIENT).getSocketFactory())
                        .timeoutMillis(60_000)
                        .build());
    }

    private String info(String field) {
        try (Jedis jedis = jedis()) {
            for (String line : jedis.info().split("\r\n", -1)) {
                if (line.startsWith(field + ":")) {
                    return line.substring(field.length() + 1);
                }
            }
        }
        return "";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void largeValuesArriveWhole(String transport) throws Exception {
        start(transport);
        try (Jedis jedis = jedis()) {
            byte[] name = {'k'};
            for (int length : new int[] {0, 1, 16_000, 16_384, 16_385, 32_768, 100_000, 20_000_000}) {
                byte[] value = random(length);
                jedis.set(name, value);
                assertThat(jedis.get(name)).as("%d bytes", length).isEqualTo(value);
            }
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < 20_000; i++) {
                pipeline.incr("n");
            }
            List<Object> replies = pipeline.syncAndReturnAll();
            assertThat(replies).hasSize(20_000).endsWith(20_000L);
        }
    }

    /** What nobody reads waits, is shown, and comes whole in the end; the others are served meanwhile. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void repliesWaitForWhoeverReadsLater(String transport) throws Exception {
        start(transport);
        byte[] value = random(LARGE);
        try (Jedis other = jedis();
                TlsClient late = client(port)) {
            other.set(new byte[] {'k'}, value);
            late.send("CLIENT SETNAME late\r\n");
            assertThat(late.readLine()).isEqualTo("+OK");
            late.send("GET k\r\n".repeat(MANY));
            Awaitility.await().until(() -> other.clientList()
                    .lines()
                    .anyMatch(line -> line.contains("name=late") && field(line, "omem") > 100L * LARGE));
            other.set("x", "y");
            InputStream in = late.in();
            for (int i = 0; i < MANY; i++) {
                assertThat(late.readLine()).isEqualTo("$" + LARGE);
                assertThat(in.readNBytes(LARGE)).as("reply %d", i).isEqualTo(value);
                assertThat(late.readLine()).isEmpty();
            }
            assertThat(late.line("PING")).isEqualTo("+PONG");
        }
    }

    private static long field(String line, String name) {
        return Long.parseLong(line.replaceFirst(".* " + name + "=(\\d+).*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void whoReadsNothingIsClosedAtTheLimit(String transport) throws Exception {
        start(transport, "--client-output-buffer-limit", "normal 8mb 0 0");
        try (Jedis other = jedis();
                TlsClient deaf = client(port)) {
            other.set(new byte[] {'k'}, random(LARGE));
            deaf.send("CLIENT SETNAME deaf\r\n");
            assertThat(deaf.readLine()).isEqualTo("+OK");
            deaf.send("GET k\r\n".repeat(MANY));
            Awaitility.await().until(() -> !other.clientList().contains("name=deaf"));
            assertThat(other.ping()).isEqualTo("PONG");
        }
    }

    /** Some never say who they are. They hold up nobody, count as clients, and go after a while. */
    @Test
    void whoDoesNotAgreeOnKeysIsClosed() throws Exception {
        start("auto", "--maxclients", "6");
        try (Socket silent = new Socket("127.0.0.1", port);
                Socket slow = new Socket("127.0.0.1", port);
                Jedis jedis = jedis()) {
            String received = info("total_connections_received");
            slow.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0}); // the head of a hello that never comes
            Awaitility.await().until(() -> jedis.clientList().lines().count() == 3);
            List<Socket> more = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                more.add(new Socket("127.0.0.1", port));
            }
            Awaitility.await().until(() -> jedis.clientList().lines().count() == 6);
            try (TlsClient refused = client(port)) {
                assertThat(refused.readLine()).isEqualTo("-ERR max number of clients reached");
                assertThat(refused.in().read()).isEqualTo(-1);
            }
            silent.setSoTimeout(90_000);
            slow.setSoTimeout(90_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            for (Socket each : more) {
                each.close();
            }
            Awaitility.await().until(() -> jedis.clientList().lines().count() == 1);
            // Of all these, the one that was refused and the one that asks.
            assertThat(Long.parseLong(info("total_connections_received")) - Long.parseLong(received))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void lettuceConnects(String transport) throws Exception {
        start(transport);
        RedisURI uri = RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withSsl(true)
                .withVerifyPeer(SslVerifyMode.FULL)
                .build();
        RedisClient lettuce = RedisClient.create(uri);
        lettuce.setOptions(ClientOptions.builder()
                .sslOptions(SslOptions.builder()
                        .trustManager(new File(certificates.path("ca.crt")))
                        .keyManager(
                                new File(certificates.path("client.crt")),
                                new File(certificates.path("client.key")),
                                new char[0])
                        .build())
                .build());
        try (StatefulRedisConnection<String, String> connection = lettuce.connect()) {
            assertThat(connection.sync().set("k", "v")).isEqualTo("OK");
            assertThat(connection.sync().get("k")).isEqualTo("v");
            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                connection.async().incr("n").thenAccept(numbers::add);
            }
            assertThat(connection.sync().incr("n")).isEqualTo(1001);
            assertThat(numbers).hasSize(1000);
        } finally {
            lettuce.shutdown();
        }
    }
}
