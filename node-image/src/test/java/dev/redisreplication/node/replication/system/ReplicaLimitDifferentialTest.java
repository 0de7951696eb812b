package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** client-output-buffer-limit of replicas: it ends a link without hope, and none that the backlog could still serve. */
class ReplicaLimitDifferentialTest {
    @TempDir
    Path folder;

    private static void write(ServerProcess to, int kilobytes) {
        try (Jedis jedis = to.connect()) {
            for (int left = kilobytes; left > 0; left -= 1000) {
                Pipeline pipeline = jedis.pipelined();
                for (int i = 0; i < Math.min(left, 1000); i++) {
                    pipeline.set("key:" + i, "x".repeat(1000));
                }
                pipeline.sync();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void aLimitBelowTheBacklogIsThatOfTheBacklog(String program) throws Exception {
        try (ServerProcess master = ServerProcess.of(
                        program,
                        folder.resolve("master"),
                        "--client-output-buffer-limit",
                        "replica 16kb 0 0",
                        "--repl-backlog-size",
                        "16mb",
                        "--repl-ping-replica-period",
                        "3600");
                ServerProcess replica =
                        ServerProcess.redis(folder.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port())) {
            replica.awaitCaughtUp(master);
            replica.pause();
            write(master, 9000); // more than the kernel takes
            long now = Long.parseLong(master.info("uptime_in_seconds"));
            Awaitility.await("what is done once a second was done")
                    .until(() -> Long.parseLong(master.info("uptime_in_seconds")) > now + 2);
            assertThat(master.info("connected_slaves")).isEqualTo("1");
            replica.resume();
            replica.awaitCaughtUp(master);
            assertThat(master.info("sync_full") + " " + master.info("sync_partial_ok"))
                    .isEqualTo("1 0");

            replica.pause();
            write(master, 60_000);
            master.awaitInfo("connected_slaves", "0");
            replica.resume();
            replica.awaitCaughtUp(master); // by everything anew, once
            assertThat(master.info("sync_full") + " " + master.info("sync_partial_ok"))
                    .isEqualTo("2 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void everyKindOfDisklessLoadIsTaken(String program) {
        try (ServerProcess master = ServerProcess.of(program, folder.resolve("master"))) {
            write(master, 2000);
            for (String kind : new String[] {"disabled", "on-empty-db", "swapdb"}) {
                try (ServerProcess replica = ServerProcess.of(
                        program,
                        folder.resolve(kind),
                        "--repl-diskless-load",
                        kind,
                        "--replicaof",
                        "127.0.0.1 " + master.port())) {
                    replica.awaitCaughtUp(master);
                    assertThat(replica.call("CONFIG", "GET", "repl-diskless-load")
                                    .toString())
                            .contains(kind);
                    assertThat(replica.call("DBSIZE")).isEqualTo(1000L);
                }
            }
        }
    }
}
