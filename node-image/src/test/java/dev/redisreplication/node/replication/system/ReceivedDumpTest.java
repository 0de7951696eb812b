package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the dump of a full resync where no save points are set: {@code rdb-del-sync-files}. */
class ReceivedDumpTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void itStaysUnlessItIsToBeDeleted(String program) throws Exception {
        try (ServerProcess master = ServerProcess.of(program, folder.resolve("master"))) {
            master.call("SET", "a", "1");
            String address = "127.0.0.1 " + master.port();
            try (ServerProcess keeps = ServerProcess.of(program, folder.resolve("keeps"), "--replicaof", address);
                    ServerProcess deletes = ServerProcess.of(
                            program,
                            folder.resolve("deletes"),
                            "--replicaof",
                            address,
                            "--rdb-del-sync-files",
                            "yes")) {
                keeps.awaitCaughtUp(master);
                deletes.awaitCaughtUp(master);
                assertThat(keeps.directory().resolve("dump.rdb")).exists();
                assertThat(deletes.directory().resolve("dump.rdb")).doesNotExist();
                assertThat(keeps.info("rdb_last_bgsave_status")).isEqualTo("ok");
                // It says where in the history it was: the rest is enough after a restart.
                String full = master.info("sync_full");
                master.call("SET", "b", "2");
                keeps.kill();
                keeps.start();
                keeps.awaitCaughtUp(master);
                assertThat(keeps.call("MGET", "a", "b").toString()).isEqualTo("[1, 2]");
                assertThat(master.info("sync_full")).isEqualTo(full);
            }
        }
    }

    /** Nothing would ever take its place, and data as old as the last full resync are not to come back. */
    @Test
    void aManagedNodeWithoutPersistenceRestartsEmpty() throws Exception {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"), "--managed", "yes")) {
            master.call("SET", "a", "1");
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()), "TERM", "1");
            node.awaitCaughtUp(master);
            assertThat(Files.exists(node.directory().resolve("dump.rdb"))).isFalse();
            node.kill();
            node.start();
            node.call("LEASE", "FENCE", "2");
            assertThat(node.info("master_repl_offset")).isEqualTo("0");
        }
    }
}
