package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The letter behind the process id says which role the node had when it wrote the line. */
class LogTest {
    @TempDir
    Path folder;

    @Test
    void replicasLogAsReplicas() throws Exception {
        Path log = folder.resolve("log");
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"), "--logfile", log.toString())) {
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> Files.readString(log)
                    .contains("Finished with success"));
            node.call("REPLICAOF", "NO", "ONE");
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).filteredOn(l -> l.contains("Ready to accept")).allMatch(l -> l.contains(":M "));
        assertThat(lines)
                .filteredOn(l -> l.contains("Full resync from master"))
                .isNotEmpty()
                .allMatch(l -> l.contains(":S "));
        assertThat(lines)
                .filteredOn(l -> l.contains("MASTER MODE enabled"))
                .isNotEmpty()
                .allMatch(l -> l.contains(":M "));
    }
}
