package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Our node between real redis-servers: replica of one, master of another, and the digest at both ends is the same. */
class RealRedisReplicationTest {
    @TempDir
    Path folder;

    private static void sameDigest(ServerProcess one, ServerProcess other, long seed) {
        assertThat(other.call("DEBUG", "DIGEST")).as("seed %d", seed).isEqualTo(one.call("DEBUG", "DIGEST"));
    }

    private static String[] replicaOf(ServerProcess master, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--replicaof";
        arguments[1] = "127.0.0.1 " + master.port();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return arguments;
    }

    @Test
    void aChainOfRealMasterOurNodeAndRealReplica() {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"))) {
            try (Jedis jedis = master.connect()) {
                Workload.large(jedis);
                workload.run(jedis, 5000);
            }
            try (ServerProcess node = ServerProcess.node(folder.resolve("node"), replicaOf(master));
                    ServerProcess leaf = ServerProcess.redis(folder.resolve("leaf"), replicaOf(node));
                    Jedis jedis = master.connect()) {
                workload.run(jedis, 3000);
                node.awaitCaughtUp(master);
                leaf.awaitCaughtUp(master);
                sameDigest(master, leaf, workload.seed());
                try (Jedis ours = node.connect();
                        Jedis real = leaf.connect()) {
                    assertThat(Workload.contents(ours))
                            .as("seed %d", workload.seed())
                            .isEqualTo(Workload.contents(real));
                }

                long full = Long.parseLong(master.info("sync_full"));
                long partial = Long.parseLong(master.info("sync_partial_ok"));
                for (int cut = 0; cut < 3; cut++) {
                    master.call("CLIENT", "KILL", "TYPE", "replica");
                    node.call("CLIENT", "KILL", "TYPE", "replica");
                    workload.run(jedis, 500);
                }
                node.awaitCaughtUp(master);
                leaf.awaitCaughtUp(master);
                sameDigest(master, leaf, workload.seed());
                assertThat(Long.parseLong(master.info("sync_full"))).isEqualTo(full);
                assertThat(Long.parseLong(master.info("sync_partial_ok"))).isGreaterThan(partial);
                assertThat(node.info("sync_partial_ok")).isNotEqualTo("0");
            }
        }
    }

    @Test
    void ourMasterWithRealReplicas() {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--requirepass", "secret");
                Jedis jedis = node.connect()) {
            Workload.large(jedis);
            workload.run(jedis, 5000);
            try (ServerProcess one =
                            ServerProcess.redis(folder.resolve("one"), replicaOf(node, "--masterauth", "secret"));
                    ServerProcess two = ServerProcess.redis(
                            folder.resolve("two"),
                            replicaOf(node, "--masterauth", "secret", "--repl-diskless-load", "swapdb"))) {
                workload.run(jedis, 3000);
                one.awaitCaughtUp(node);
                two.awaitCaughtUp(node);
                sameDigest(one, two, workload.seed());
                try (Jedis real = one.connect()) {
                    assertThat(Workload.contents(real))
                            .as("seed %d", workload.seed())
                            .isEqualTo(Workload.contents(jedis));
                }
                node.call("CLIENT", "KILL", "TYPE", "replica");
                workload.run(jedis, 500);
                jedis.set("waited", "for");
                assertThat(jedis.waitReplicas(2, 60_000)).isEqualTo(2);
                assertThat(node.info("sync_partial_ok")).isEqualTo("2");
                one.awaitCaughtUp(node);
                two.awaitCaughtUp(node);
                sameDigest(one, two, workload.seed());
                assertThat(node.info("slave0")).startsWith("ip=127.0.0.1,port=").contains("state=online");
            }
        }
    }

    @Test
    void aRealReplicaIsPromotedAndOursGoesOnWithIt() {
        Workload workload = new Workload(System.nanoTime());
        // No PING of the old master may come to one of the two after the other has left it.
        try (ServerProcess master = ServerProcess.redis(
                        folder.resolve("master"), "--requirepass", "secret", "--repl-ping-replica-period", "3600");
                ServerProcess real = ServerProcess.redis(
                        folder.resolve("real"),
                        replicaOf(master, "--masterauth", "secret", "--requirepass", "secret"));
                ServerProcess node = ServerProcess.node(
                        folder.resolve("node"),
                        replicaOf(master, "--masterauth", "secret", "--requirepass", "secret"))) {
            try (Jedis jedis = master.connect()) {
                workload.run(jedis, 1000);
            }
            real.awaitCaughtUp(master);
            node.awaitCaughtUp(master);
            real.call("REPLICAOF", "NO", "ONE");
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(real.port()));
            try (Jedis jedis = real.connect()) {
                workload.run(jedis, 1000);
                node.awaitCaughtUp(real);
                assertThat(real.info("sync_partial_ok")).isEqualTo("1");
                assertThat(node.info("master_replid")).isEqualTo(real.info("master_replid"));
                assertThat(node.info("master_replid2")).isEqualTo(master.info("master_replid"));
            }
            node.call("REPLICAOF", "NO", "ONE");
            real.call("REPLICAOF", "127.0.0.1", Integer.toString(node.port()));
            try (Jedis jedis = node.connect()) {
                workload.run(jedis, 1000);
                real.awaitCaughtUp(node);
                assertThat(node.info("sync_partial_ok")).isEqualTo("1");
                sameContents(real, node, workload.seed());
            }
        }
    }

    @Test
    void aPromotedNodeKeepsItsHistoryForWhoComesLater() {
        Workload workload = new Workload(System.nanoTime());
        // Shorter than the time since the machine started, which a clock that begins at nothing would take for the
        // wait.
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"));
                ServerProcess node =
                        ServerProcess.node(folder.resolve("node"), replicaOf(real, "--repl-backlog-ttl", "120"))) {
            try (Jedis jedis = real.connect()) {
                workload.run(jedis, 1000);
            }
            node.awaitCaughtUp(real);
            node.call("REPLICAOF", "NO", "ONE");
            long promoted = Long.parseLong(node.info("uptime_in_seconds"));
            Awaitility.await("what is done once a second was done")
                    .until(() -> Long.parseLong(node.info("uptime_in_seconds")) > promoted + 2);
            try (Jedis jedis = node.connect()) {
                workload.run(jedis, 1000);
            }
            real.call("REPLICAOF", "127.0.0.1", Integer.toString(node.port()));
            real.awaitCaughtUp(node);
            assertThat(node.info("sync_partial_ok")).isEqualTo("1");
            assertThat(node.info("sync_full")).isEqualTo("0");
            sameContents(real, node, workload.seed());
        }
    }

    private static void sameContents(ServerProcess one, ServerProcess other, long seed) {
        try (Jedis first = one.connect();
                Jedis second = other.connect()) {
            assertThat(Workload.contents(first)).as("seed %d", seed).isEqualTo(Workload.contents(second));
        }
    }

    @Test
    void aWrongPasswordLosesNothing() throws IOException {
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"), "--requirepass", "secret");
                ServerProcess node = ServerProcess.node(folder.resolve("node"), "--masterauth", "wrong")) {
            node.call("SET", "mine", "1");
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> node.log()
                    .contains("Unable to AUTH to MASTER: -WRONGPASS"));
            assertThat(node.call("GET", "mine")).isEqualTo("1");
            assertThat(node.info("master_link_status")).isEqualTo("down");
            node.call("CONFIG", "SET", "masterauth", "secret");
            node.awaitCaughtUp(master);
        }
    }
}
