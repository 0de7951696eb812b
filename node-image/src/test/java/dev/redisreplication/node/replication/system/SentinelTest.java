package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Three real Sentinels with quorum 2 watch three of our nodes: they agree, promote, and bring the old master back. */
class SentinelTest {
    private static final String PASSWORD = "secret";

    @TempDir
    private Path folder;

    private ServerProcess node(String name, String... lines) throws IOException {
        Path file = Files.createDirectories(folder.resolve(name)).resolve("redis.conf");
        Files.write(file, List.of("requirepass " + PASSWORD, "masterauth " + PASSWORD));
        Files.write(file, List.of(lines), StandardOpenOption.APPEND);
        return ServerProcess.node(folder.resolve(name), file.toString(), "--requirepass", PASSWORD);
    }

    private ServerProcess sentinel(String name, ServerProcess master) {
        return ServerProcess.sentinel(
                folder.resolve(name),
                "sentinel monitor group 127.0.0.1 " + master.port() + " 2",
                "sentinel auth-pass group " + PASSWORD,
                // More than the second between its PINGs: with just that, a Sentinel holds a new master for down at
                // first. And more than a busy machine keeps a node waiting.
                "sentinel down-after-milliseconds group 5000",
                "sentinel failover-timeout group 15000");
    }

    private static String file(ServerProcess node) throws IOException {
        return Files.readString(node.directory().resolve("redis.conf"));
    }

    /** The port of the master, once all Sentinels name one that is not {@code old}. */
    private static int awaitMaster(List<ServerProcess> sentinels, int old) {
        Awaitility.await("all Sentinels name a new master")
                .atMost(ServerProcess.PATIENCE)
                .until(() -> {
                    List<String> now = sentinels.stream()
                            .map(SentinelTest::masterPort)
                            .distinct()
                            .toList();
                    return now.size() == 1 && !now.getFirst().equals(Integer.toString(old));
                });
        return Integer.parseInt(masterPort(sentinels.getFirst()));
    }

    private static String masterPort(ServerProcess sentinel) {
        return (String) ((List<?>) sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "group")).get(1);
    }

    /** Has a Sentinel give the role to another one. It gives up where a busy machine answers late, and is told again. */
    private static void failOver(ServerProcess sentinel, int old) {
        Awaitility.await("a failover by hand")
                .atMost(ServerProcess.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    boolean done = !masterPort(sentinel).equals(Integer.toString(old));
                    if (!done) {
                        try {
                            sentinel.call("SENTINEL", "FAILOVER", "group");
                        } catch (JedisDataException e) {
                            assertThat(e).hasMessageMatching("(INPROG|NOGOODSLAVE).*");
                        }
                    }
                    return done;
                });
    }

    private static void awaitView(ServerProcess sentinel) {
        Awaitility.await(sentinel + " knows all").atMost(ServerProcess.PATIENCE).until(() -> {
            var view = sentinel.map("SENTINEL", "MASTER", "group");
            return view.get("num-other-sentinels").equals("2")
                    && view.get("num-slaves").equals("2")
                    && view.get("flags").equals("master");
        });
    }

    @Test
    void promotesAndBringsTheOldMasterBack() throws Exception {
        try (ServerProcess a = node("a");
                ServerProcess b = node("b", "replicaof 127.0.0.1 " + a.port());
                ServerProcess c = node("c", "replicaof 127.0.0.1 " + a.port())) {
            try (Jedis jedis = a.connect()) {
                jedis.set("before", "the crash");
                b.awaitInfo("master_link_status", "up");
                c.awaitInfo("master_link_status", "up");
                assertThat(jedis.waitReplicas(2, 30_000)).isEqualTo(2);
            }
            try (ServerProcess one = sentinel("one", a);
                    ServerProcess two = sentinel("two", a);
                    ServerProcess three = sentinel("three", a)) {
                List<ServerProcess> sentinels = List.of(one, two, three);
                sentinels.forEach(SentinelTest::awaitView);
                assertThat((String) one.call("SENTINEL", "CKQUORUM", "group")).startsWith("OK 3 usable Sentinels");

                a.kill();
                int port = awaitMaster(sentinels, a.port());
                ServerProcess master = port == b.port() ? b : c;
                ServerProcess other = master == b ? c : b;
                master.awaitInfo("role", "master");
                try (Jedis jedis = master.connect()) {
                    assertThat(jedis.get("before")).isEqualTo("the crash");
                    jedis.set("after", "it");
                }
                other.awaitInfo("master_port", Integer.toString(port));
                other.awaitCaughtUp(master);
                assertThat(master.info("sync_full"))
                        .as("the other replica goes on")
                        .isEqualTo("0");
                assertThat(file(master)).doesNotContain("replicaof");
                Awaitility.await("CONFIG REWRITE").until(() -> file(other).contains("replicaof 127.0.0.1 " + port));

                a.start();
                a.awaitInfo("master_port", Integer.toString(port));
                a.awaitCaughtUp(master);
                try (Jedis jedis = a.connect()) {
                    assertThat(jedis.get("after")).isEqualTo("it");
                }
                Awaitility.await(master + " has both")
                        .until(() -> master.info("connected_slaves").equals("2"));

                sentinels.forEach(SentinelTest::awaitView);
                failOver(one, port);
                int last = awaitMaster(sentinels, port);
                assertThat(last).isIn(a.port(), other.port());
                master.awaitInfo("role", "slave");
                master.awaitInfo("master_link_status", "up");
            }
        }
    }
}
