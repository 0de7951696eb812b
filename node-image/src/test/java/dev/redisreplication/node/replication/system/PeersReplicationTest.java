package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Our node together with newer real servers, in both directions: every type, chains, promotions. */
class PeersReplicationTest {
    @TempDir
    Path folder;

    private static String[] replicaOf(ServerProcess master) {
        return new String[] {
            "--replicaof",
            "127.0.0.1 " + master.port(),
            "--repl-ping-replica-period",
            "3600",
            "--enable-debug-command",
            "yes"
        };
    }

    /** From Redis 7.2 on, a consumer that was never given an entry is not in the stream of a master: its own replicas lack it. */
    private static final Pattern IDLE_CONSUMER = Pattern.compile("\\[ name c\\d pel-count 0 pending\\[]]");

    private static String known(String value) {
        return IDLE_CONSUMER.matcher(value).replaceAll("");
    }

    private static void same(ServerProcess one, ServerProcess other, long seed) {
        try (Jedis first = one.connect();
                Jedis second = other.connect()) {
            Map<String, String> expected = Workload.contents(first);
            Map<String, String> found = Workload.contents(second);
            assertThat(found.keySet())
                    .as("%s and %s, seed %d", one, other, seed)
                    .isEqualTo(expected.keySet());
            expected.forEach((key, value) -> assertThat(known(found.get(key)))
                    .as("%s of %s and %s, seed %d", key, one, other, seed)
                    .isEqualTo(known(value)));
        }
    }

    private static void write(ServerProcess to, Workload workload, int commands) {
        try (Jedis jedis = to.connect()) {
            workload.run(jedis, commands);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis8-server", "valkey-server"})
    void ourMasterFeedsOneAndOneFeedsUs(String program) {
        Workload workload = new Workload(System.nanoTime());
        if (program.equals("redis8-server")) {
            workload.withTimesOfFields();
        }
        try (ServerProcess node = ServerProcess.node(
                folder.resolve("node"), "--enable-debug-command", "yes", "--repl-ping-replica-period", "3600")) {
            try (Jedis jedis = node.connect()) {
                Workload.large(jedis);
                workload.run(jedis, 5000);
            }
            try (ServerProcess peer = ServerProcess.peer(program, folder.resolve("peer"), replicaOf(node));
                    ServerProcess leaf = ServerProcess.node(folder.resolve("leaf"), replicaOf(peer))) {
                write(node, workload, 2000);
                peer.awaitCaughtUp(node);
                leaf.awaitCaughtUp(node);
                same(node, peer, workload.seed());
                same(node, leaf, workload.seed());
                assertThat(leaf.call("DEBUG", "DIGEST")).isEqualTo(node.call("DEBUG", "DIGEST"));
                // Links that are cut are resumed.
                for (int cut = 0; cut < 3; cut++) {
                    node.call("CLIENT", "KILL", "TYPE", "replica");
                    peer.call("CLIENT", "KILL", "TYPE", "replica");
                    write(node, workload, 300);
                }
                peer.awaitCaughtUp(node);
                leaf.awaitCaughtUp(node);
                assertThat(node.info("sync_full")).isEqualTo("1");
                assertThat(peer.info("sync_full")).isEqualTo("1");
                // The middle is promoted, and the former master follows it.
                peer.call("REPLICAOF", "NO", "ONE");
                node.call("REPLICAOF", "127.0.0.1", Integer.toString(peer.port()));
                write(peer, workload, 500);
                node.awaitCaughtUp(peer);
                leaf.awaitCaughtUp(peer);
                same(peer, node, workload.seed());
                same(peer, leaf, workload.seed());
                assertThat(peer.info("sync_full")).isEqualTo("1");
                // And back, by a failover.
                peer.call("FAILOVER", "TO", "127.0.0.1", Integer.toString(node.port()), "TIMEOUT", "60000");
                node.awaitInfo("role", "master");
                peer.awaitCaughtUp(node);
                write(node, workload, 500);
                peer.awaitCaughtUp(node);
                leaf.awaitCaughtUp(node);
                same(node, peer, workload.seed());
                same(node, leaf, workload.seed());
                assertThat(node.info("sync_full")).isEqualTo("1");
            }
        }
    }
}
