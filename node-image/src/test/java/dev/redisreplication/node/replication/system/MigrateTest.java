package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.RestoreParams;

/** MIGRATE from a server to another: the node answers, moves and keeps as a real one does. */
class MigrateTest {
    @TempDir
    private Path folder;

    private static String outcome(ServerProcess server, String... words) {
        try {
            return server.call(words).toString();
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }

    /** Every form and every refusal, as lines. */
    private static List<String> story(ServerProcess from, ServerProcess to) {
        List<String> lines = new ArrayList<>();
        String port = Integer.toString(to.port());
        from.call("FLUSHALL");
        to.call("FLUSHALL");
        from.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
        from.call("PEXPIRE", "a", "10000000");
        from.call("RPUSH", "list", "x", "y");
        to.call("SET", "busy", "there");
        from.call("SET", "busy", "here");
        String[][] calls = {
            {"MIGRATE", "127.0.0.1", port, "a", "0", "5000"},
            {"MIGRATE", "127.0.0.1", port, "a", "0", "5000", "AUTH", "secret"},
            {"MIGRATE", "127.0.0.1", port, "none", "0", "5000", "AUTH", "secret"},
            {"MIGRATE", "127.0.0.1", port, "b", "0", "5000", "COPY", "AUTH", "secret"},
            {"MIGRATE", "127.0.0.1", port, "b", "0", "5000", "AUTH", "secret"},
            {"MIGRATE", "127.0.0.1", port, "b", "0", "5000", "AUTH", "secret", "REPLACE"},
            {"MIGRATE", "127.0.0.1", port, "c", "3", "5000", "AUTH2", "default", "secret"},
            {"MIGRATE", "127.0.0.1", port, "d", "99", "5000", "AUTH", "secret"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "5000", "AUTH", "wrong"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "5000", "AUTH2", "secret"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "5000", "AUTH"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "5000", "KEYS", "d"},
            {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "AUTH", "secret", "KEYS", "d", "none", "busy", "e"},
            {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "AUTH", "secret", "KEYS", "none", "none"},
            {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "AUTH", "secret", "REPLACE", "KEYS", "busy", "list"},
            {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "AUTH", "secret", "KEYS"},
            {"MIGRATE", "127.0.0.1", port, "", "0", "5000"},
            {"MIGRATE", "127.0.0.1", port, "d", "x", "5000"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "x"},
            {"MIGRATE", "127.0.0.1", port, "d", "0", "5000", "other"},
            {"MIGRATE", "127.0.0.1", "1", "busy", "0", "100"},
            {"MIGRATE", "127.0.0.1", "1", "none", "0", "100"},
            {"COMMAND", "GETKEYS", "MIGRATE", "127.0.0.1", "1", "", "0", "100", "COPY", "KEYS", "a", "b"},
            {"COMMAND", "GETKEYS", "MIGRATE", "127.0.0.1", "1", "k", "0", "100"},
            {
                "EVAL",
                "return redis.call('MIGRATE', '127.0.0.1', ARGV[1], KEYS[1], 0, 5000, 'AUTH', 'secret', 'REPLACE')",
                "1",
                "rest",
                port
            },
        };
        from.call("SET", "rest", "1");
        for (String[] call : calls) {
            String answer = outcome(from, call).replace(port, "PORT");
            lines.add(String.join(" ", call).replace(port, "PORT") + ": " + answer);
            if (List.of(call).contains("99") || List.of(call).contains("wrong")) {
                to.call("DEL", "d"); // Redis sends the key nevertheless, to another database
                continue;
            }
            lines.add(" here " + new TreeSet<>(strings(from.call("KEYS", "*"))));
            lines.add(" there " + new TreeSet<>(strings(to.call("KEYS", "*"))));
        }
        lines.add(to.call("MGET", "b", "busy").toString());
        lines.add((long) to.call("PTTL", "a") > 9_000_000 ? "the time goes with it" : "no time");
        lines.add(to.call("LRANGE", "list", "0", "-1").toString());
        return lines;
    }

    private static List<String> strings(Object reply) {
        return ((List<?>) reply).stream().map(Object::toString).toList();
    }

    @Test
    void answersAsARealServer() {
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerProcess realTarget = ServerProcess.redis(folder.resolve("target"), "--requirepass", "secret");
                ServerProcess target = ServerProcess.node(folder.resolve("our-target"), "--requirepass", "secret")) {
            List<String> theirs = story(real, realTarget);
            assertThat(story(node, realTarget)).isEqualTo(theirs);
            assertThat(story(real, target)).isEqualTo(theirs);
            assertThat(story(node, target)).isEqualTo(theirs);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis8-server", "valkey-server"})
    void newerServersTakeAndGive(String program) {
        try (ServerProcess real = ServerProcess.peer(program, folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"));
                Jedis jedis = node.connect()) {
            Workload.large(jedis);
            List<String> keys = new ArrayList<>(jedis.keys("*"));
            var before = Workload.contents(jedis);
            for (ServerProcess[] way : new ServerProcess[][] {{node, real}, {real, node}}) {
                List<String> call = new ArrayList<>(
                        List.of("MIGRATE", "127.0.0.1", Integer.toString(way[1].port()), "", "0", "30000", "KEYS"));
                call.addAll(keys);
                assertThat(outcome(way[0], call.toArray(String[]::new))).isEqualTo("OK");
                assertThat(way[0].call("DBSIZE")).isEqualTo(0L);
            }
            assertThat(Workload.contents(jedis).equals(before)).isTrue();
        }
    }

    /** The target accepts and says nothing: who reads goes on, who writes waits, and nothing is lost. */
    @Test
    void onlyWritesWaitForATargetThatHangs() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            node.call("MSET", "a", "1", "b", "2");
            CompletableFuture<Object> move =
                    node.later("MIGRATE", "127.0.0.1", Integer.toString(silent.getLocalPort()), "a", "0", "60000");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> node.info("blocked_clients")
                    .equals("1"));
            assertThat(node.call("MGET", "a", "b").toString()).isEqualTo("[1, 2]");
            CompletableFuture<Object> write = node.later("SET", "a", "new");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> node.info("blocked_clients")
                    .equals("2"));
            assertThat(node.call("GET", "a")).isEqualTo("1");
            silent.accept().close(); // in the middle of the answer
            assertThat(move.handle((reply, error) -> error.getCause().getMessage())
                            .get(90, TimeUnit.SECONDS))
                    .isEqualTo("IOERR error or timeout reading to target instance");
            assertThat(write.get(90, TimeUnit.SECONDS)).isEqualTo("OK");
            assertThat(node.call("GET", "a")).isEqualTo("new");
        }
    }

    @Test
    void aReplicaHearsWhatHasGone() throws IOException {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerProcess target = ServerProcess.redis(folder.resolve("target"));
                ServerProcess replica =
                        ServerProcess.redis(folder.resolve("replica"), "--replicaof", "127.0.0.1 " + node.port())) {
            node.call("MSET", "a", "1", "b", "2", "c", "3");
            node.call("MIGRATE", "127.0.0.1", Integer.toString(target.port()), "", "0", "5000", "KEYS", "a", "b");
            target.call("SET", "n", "100");
            try (Jedis there = target.connect();
                    Jedis here = node.connect()) {
                here.restore(
                        "d",
                        100_000,
                        there.dump("n"),
                        RestoreParams.restoreParams().idleTime(7));
            }
            replica.awaitCaughtUp(node);
            assertThat(replica.call("KEYS", "*").toString())
                    .contains("c")
                    .contains("d")
                    .doesNotContain("a");
            assertThat((long) replica.call("TTL", "d")).isPositive();
        }
    }
}
