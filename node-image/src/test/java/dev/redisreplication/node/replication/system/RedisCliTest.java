package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What redis-cli does as a replica, and the protocol of replicas that are older than PSYNC: with our node and the real one. */
class RedisCliTest {
    @TempDir
    Path folder;

    private ServerProcess start(String program, String... arguments) {
        return ServerProcess.of(program, folder.resolve("server"), arguments);
    }

    private Process cli(ServerProcess server, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(server.port())));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cli").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("cli"));
    }

    private String run(ServerProcess server, String... arguments) throws IOException, InterruptedException {
        Process cli = cli(server, arguments);
        assertThat(cli.waitFor(60, TimeUnit.SECONDS))
                .as(String.join(" ", arguments))
                .isTrue();
        assertThat(cli.exitValue()).as(said()).isZero();
        return said();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aDumpIsFetched(String program) throws Exception {
        try (ServerProcess server = start(program)) {
            server.call("SET", "a", "1");
            server.call("SET", "b", "2");
            Path dump = folder.resolve("copy").resolve("dump.rdb");
            Files.createDirectories(dump.getParent());
            assertThat(run(server, "--rdb", dump.toString())).contains("Transfer finished with success");
            try (ServerProcess copy = ServerProcess.redis(dump.getParent())) {
                assertThat(copy.call("DBSIZE")).isEqualTo(2L);
                assertThat(copy.call("GET", "b")).isEqualTo("2");
            }
            Path empty = folder.resolve("functions").resolve("dump.rdb");
            Files.createDirectories(empty.getParent());
            run(server, "--functions-rdb", empty.toString());
            try (ServerProcess copy = ServerProcess.redis(empty.getParent())) {
                assertThat(copy.call("DBSIZE")).isEqualTo(0L);
            }
            server.awaitInfo("connected_slaves", "0"); // who wanted the dump only is not kept
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void theStreamIsShown(String program) throws Exception {
        try (ServerProcess server = start(program, "--repl-ping-replica-period", "1")) {
            server.call("SET", "before", "1");
            Process cli = cli(server, "--replica");
            try {
                server.awaitInfo("connected_slaves", "1");
                Awaitility.await("the stream").atMost(ServerProcess.PATIENCE).untilAsserted(() -> assertThat(said())
                        .containsIgnoringCase("\"ping\""));
                server.call("SET", "after", "1");
                Awaitility.await("the write").atMost(ServerProcess.PATIENCE).untilAsserted(() -> assertThat(said())
                        .containsIgnoringCase("\"set\",\"after\",\"1\""));
                assertThat(said()).doesNotContain("before");
            } finally {
                cli.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void commandsArePiped(String program) throws Exception {
        try (ServerProcess server = start(program)) {
            Process cli = cli(server, "--pipe");
            try (OutputStream in = cli.getOutputStream()) {
                in.write("SET a 1\r\nINCR a\r\nNOSUCH\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(cli.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said()).contains("errors: 1, replies: 3");
            assertThat(server.call("GET", "a")).isEqualTo("2");
        }
    }

    /** Without any capability: the length, the dump, the stream. It never acknowledges, and is kept nevertheless. */
    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void theOldProtocol(String program) throws Exception {
        try (ServerProcess server = start(program, "--repl-timeout", "2", "--repl-ping-replica-period", "1");
                Socket replica = new Socket("127.0.0.1", server.port())) {
            server.call("SET", "a", "1");
            replica.setSoTimeout(60_000);
            replica.getOutputStream().write("SYNC\r\n".getBytes(StandardCharsets.US_ASCII));
            String first = line(replica);
            while (first.isEmpty()) {
                first = line(replica); // a sign of life
            }
            assertThat(first).matches("\\$\\d+");
            byte[] dump = replica.getInputStream().readNBytes(Integer.parseInt(first.substring(1)));
            assertThat(new String(dump, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("REDIS");
            int pings = 0;
            while (pings < 4) { // longer than repl-timeout
                String next = line(replica);
                assertThat(next).as("closed").isNotEqualTo("<end>");
                pings += next.equalsIgnoreCase("PING") ? 1 : 0;
            }
            assertThat(server.info("connected_slaves")).isEqualTo("1");
        }
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            if (c < 0) {
                return "<end>";
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void optionsOfAReplica(String program) {
        try (ServerProcess server = start(program);
                Jedis jedis = server.connect()) {
            String notANumber = "ERR value is not an integer or out of range";
            says(jedis, notANumber, "REPLCONF", "listening-port", "x");
            says(jedis, "OK", "REPLCONF", "listening-port", "99999999999");
            says(jedis, "OK", "REPLCONF", "listening-port", "-5", "ip-address", "x".repeat(255));
            says(
                    jedis,
                    "ERR REPLCONF ip-address provided by replica instance is too long: 256 bytes",
                    "REPLCONF",
                    "ip-address",
                    "x".repeat(256));
            says(jedis, "ERR value is out of range, value must between 0 and 1", "REPLCONF", "rdb-only", "2");
            says(jedis, notANumber, "REPLCONF", "rdb-only", "x");
            says(jedis, "OK", "REPLCONF", "rdb-only", "1", "rdb-only", "0");
            says(jedis, "ERR Unsupported rdb-filter-only option: keys", "REPLCONF", "rdb-filter-only", "keys");
            says(jedis, "OK", "REPLCONF", "rdb-filter-only", "");
            says(jedis, "ERR Filtered replica requires EOF capability", "SYNC");
            says(jedis, "ERR Unrecognized REPLCONF option: nosuch", "REPLCONF", "nosuch", "1");
            says(jedis, "ERR syntax error", "REPLCONF", "listening-port");

            says(jedis, notANumber, "WAIT", "x", "0");
            says(jedis, notANumber, "WAIT", "9223372036854775808", "1");
            says(jedis, "ERR timeout is not an integer or out of range", "WAIT", "0", "x");
            says(jedis, "ERR timeout is negative", "WAIT", "0", "-1");
            says(jedis, 0L, "WAIT", "-9223372036854775808", "9223372036854775807");
            says(jedis, 0L, "WAIT", "9223372036854775807", "20");
            says(jedis, 0L, "WAIT", "2147483648", "20");
        }
    }

    private static void says(Jedis jedis, Object expected, String... command) {
        Object reply;
        try {
            reply = ServerProcess.call(jedis, command);
        } catch (JedisDataException e) {
            reply = e.getMessage();
        }
        assertThat(reply).as(String.join(" ", command)).isEqualTo(expected);
    }
}
