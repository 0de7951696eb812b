package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/**
 * A replica that logs in as a user who may replicate and nothing else, and what becomes of its link when that user changes. Two real
 * servers do the same, which is the proof of what is expected.
 */
class MasterUserTest {
    @TempDir
    Path folder;

    private ServerProcess start(String program, String name, String... arguments) {
        return ServerProcess.of(program, folder.resolve(name), arguments);
    }

    private static void same(ServerProcess master, ServerProcess replica, Workload workload) {
        replica.awaitCaughtUp(master);
        try (Jedis ours = master.connect();
                Jedis theirs = replica.connect()) {
            assertThat(Workload.contents(theirs)).as("seed %d", workload.seed()).isEqualTo(Workload.contents(ours));
        }
    }

    /** The link as the master knows it, by its id; "" if there is none. */
    private static String link(ServerProcess master) {
        String list = (String) master.call("CLIENT", "LIST", "TYPE", "replica");
        return list.isEmpty() ? "" : list.substring(0, list.indexOf(' '));
    }

    @ParameterizedTest
    @CsvSource({"redis, node", "node, redis", "node, node", "redis, redis"})
    void theRightsToReplicateAreEnough(String masters, String replicas) {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess master = start(masters, "master", "--requirepass", "boss")) {
            master.call("ACL", "SETUSER", "repl", "on", ">secret", "-@all", "+psync", "+replconf", "+ping");
            try (Jedis jedis = master.connect()) {
                workload.run(jedis, 500);
            }
            try (ServerProcess replica = start(
                            replicas,
                            "replica",
                            "--replicaof",
                            "127.0.0.1 " + master.port(),
                            "--masteruser",
                            "repl",
                            "--masterauth",
                            "secret");
                    Jedis jedis = master.connect()) {
                workload.run(jedis, 500);
                same(master, replica, workload);
                assertThat((String) master.call("CLIENT", "LIST", "TYPE", "replica"))
                        .contains(" user=repl ");
                assertThat(jedis.waitReplicas(1, 0)).isEqualTo(1);
                try (Jedis repl = new Jedis("127.0.0.1", master.port())) {
                    repl.auth("repl", "secret");
                    assertThatThrownBy(() -> repl.get("a")).hasMessageStartingWith("NOPERM");
                }

                // Another password: the link that stands is not touched, the next one needs it.
                String link = link(master);
                master.call("ACL", "SETUSER", "repl", "resetpass", ">other");
                workload.run(jedis, 100);
                same(master, replica, workload);
                assertThat(link(master)).isEqualTo(link);
                master.call("CLIENT", "KILL", "TYPE", "replica");
                replica.awaitInfo("master_link_status", "down");
                workload.run(jedis, 100);
                Awaitility.await("it is refused").atMost(ServerProcess.PATIENCE).until(() -> replica.log()
                        .contains("WRONGPASS"));
                assertThat(replica.info("master_link_status")).isEqualTo("down");
                replica.call("CONFIG", "SET", "masterauth", "other");
                same(master, replica, workload);

                // Fewer rights: the same.
                String second = link(master);
                master.call("ACL", "SETUSER", "repl", "-psync");
                workload.run(jedis, 100);
                same(master, replica, workload);
                assertThat(link(master)).isEqualTo(second);
                master.call("ACL", "SETUSER", "repl", "+psync");

                // Switched off: the same.
                master.call("ACL", "SETUSER", "repl", "off");
                workload.run(jedis, 100);
                same(master, replica, workload);
                assertThat(link(master)).isEqualTo(second);
                master.call("ACL", "SETUSER", "repl", "on");

                // No user any more: the link ends at once, and resumes when there is one again.
                master.call("ACL", "DELUSER", "repl");
                master.awaitInfo("connected_slaves", "0");
                replica.awaitInfo("master_link_status", "down");
                workload.run(jedis, 100);
                assertThat(link(master)).isEmpty();
                master.call("ACL", "SETUSER", "repl", "on", ">other", "-@all", "+psync", "+replconf", "+ping");
                same(master, replica, workload);
                assertThat(master.info("sync_full")).isEqualTo("1");
                assertThat(master.info("sync_partial_ok")).isEqualTo("2");

                // It may not even acknowledge: an error is no reply that a stream could carry, so the link ends.
                String third = link(master);
                master.call("ACL", "SETUSER", "repl", "-replconf");
                workload.run(jedis, 100);
                Awaitility.await("another link, or none")
                        .atMost(ServerProcess.PATIENCE)
                        .until(() -> !link(master).equals(third));
                master.call("ACL", "SETUSER", "repl", "+replconf");
                same(master, replica, workload);
                assertThat(master.info("sync_full")).isEqualTo("1");
            }
        }
    }
}
