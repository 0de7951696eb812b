package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Nodes whose append-only file cannot grow. */
class FullDiskTest {
    private static final String LONG = "60000";
    /** Less than what has been written by then. */
    private static final String FULL = "64";

    @TempDir
    Path folder;

    private ServerProcess master;
    private ServerProcess replica;

    @BeforeEach
    void start() {
        master = ServerProcess.node(folder.resolve("master"), "--managed", "yes", "--appendonly", "yes");
        replica = ServerProcess.node(folder.resolve("replica"), "--managed", "yes", "--appendonly", "yes");
        assertThat(master.call("REPLICAOF", "NO", "ONE", "TERM", "1")).isEqualTo("OK");
        master.call("LEASE", "RENEW", "1", LONG, "1", master.info("managed_clock"));
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()), "TERM", "1");
        master.call("SET", "before", "1");
        replica.awaitCaughtUp(master);
    }

    @AfterEach
    void stop() {
        for (ServerProcess node : List.of(master, replica)) {
            node.close();
        }
    }

    @Test
    void aMasterThatCannotWriteSaysSoAndStepsDown() throws Exception {
        assertThat(master.info("storage_error")).isEmpty();
        master.limitFiles(FULL);
        fill(master);
        master.refuses("MISCONF", "SET", "after", "1");
        assertThat(master.info("storage_error")).isEqualTo("File too large");
        // Its term can be kept all the same.
        assertThat(master.map("LEASE", "FENCE", "2")).containsEntry("role-before", "master");
        master.refuses("ERR this node cannot keep data", "REPLICAOF", "NO", "ONE", "TERM", "3");
        assertThat(master.info("term")).isEqualTo("2");
        // With FORCE it serves what it has, and takes no writes.
        master.refuses("ERR wrong number", "REPLICAOF", "NO", "ONE", "TERM", "3", "REALLY");
        assertThat(master.call("REPLICAOF", "NO", "ONE", "TERM", "3", "FORCE")).isEqualTo("OK");
        master.call("LEASE", "RENEW", "3", LONG, "1", master.info("managed_clock"));
        assertThat(master.call("GET", "before")).isEqualTo("1");
        master.refuses("MISCONF", "SET", "after", "1");
        master.limitFiles("unlimited");
        master.awaitInfo("storage_error", "");
        Awaitility.await()
                .atMost(ServerProcess.PATIENCE)
                .ignoreExceptionsInstanceOf(JedisDataException.class)
                .until(() -> master.call("SET", "after", "1").equals("OK"));
    }

    /** A replica can only take over all of its data if nothing comes after it. */
    @Test
    void aMasterThatCannotWriteStandsStill() throws Exception {
        for (int i = 0; i < 20; i++) {
            master.call("SET", "short-lived" + i, "1", "PX", "1500");
        }
        master.limitFiles(FULL);
        fill(master);
        String offset = master.info("master_repl_offset");
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> master.call("GET", "short-lived19")
                .equals("(nil)"));
        assertThat(master.info("master_repl_offset")).isEqualTo(offset);
        master.limitFiles("unlimited");
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> master.call("DBSIZE")
                .equals(2L));
        replica.awaitCaughtUp(master);
        assertThat(replica.call("DBSIZE")).isEqualTo(2L);
    }

    /** Until writes are refused: the first that cannot be kept is taken, only then it shows. */
    private static void fill(ServerProcess node) {
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> {
            try {
                node.call("SET", "filling", "x".repeat(100));
                return false;
            } catch (JedisDataException e) {
                assertThat(e).hasMessageStartingWith("MISCONF");
                return true;
            }
        });
    }

    @Test
    void aReplicaThatCannotKeepWhatItGetsDoesNotAcknowledgeIt() throws Exception {
        replica.limitFiles(FULL);
        try (Jedis client = master.connect()) {
            client.set("a", "1");
            assertThat(client.waitReplicas(1, 500)).isZero();
            replica.awaitCaughtUp(master);
            assertThat(replica.call("GET", "a")).as("it goes on serving").isEqualTo("1");
            assertThat(replica.info("storage_error")).isEqualTo("File too large");
            replica.refuses("ERR this node cannot keep data", "REPLICAOF", "NO", "ONE", "TERM", "2");

            assertThat(replica.call("CONFIG", "SET", "replica-ignore-disk-write-errors", "yes"))
                    .isEqualTo("OK");
            client.set("a", "2");
            assertThat(client.waitReplicas(1, 60_000)).isEqualTo(1);

            replica.call("CONFIG", "SET", "replica-ignore-disk-write-errors", "no");
            client.set("a", "3");
            assertThat(client.waitReplicas(1, 500)).isZero();
            replica.limitFiles("unlimited");
            assertThat(client.waitReplicas(1, 60_000))
                    .as("it can keep them now")
                    .isEqualTo(1);
            assertThat(replica.info("storage_error")).isEmpty();
        }
        replica.kill();
        replica.start();
        replica.call("LEASE", "FENCE", "2");
        replica.call("REPLICAOF", "NO", "ONE", "TERM", "2");
        assertThat(replica.call("GET", "a")).isEqualTo("3");
    }
}
