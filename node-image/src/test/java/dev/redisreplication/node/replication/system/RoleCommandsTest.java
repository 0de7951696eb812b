package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REPLICAOF and what it leaves in the configuration file: with our node and the real one. */
class RoleCommandsTest {
    @TempDir
    Path folder;

    private ServerProcess start(String program, String name, String... arguments) {
        return ServerProcess.of(program, folder.resolve(name), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aRewrittenFileHasNoLineReplicaofAfterAPromotion(String program) throws Exception {
        Path file = Files.writeString(folder.resolve("redis.conf"), "replicaof 127.0.0.1 1\nrepl-timeout 60\n");
        try (ServerProcess server = program.equals("node")
                ? ServerProcess.node(folder.resolve("server"), file.toString())
                : ServerProcess.redisOf(folder.resolve("server"), file)) {
            server.call("CONFIG", "REWRITE");
            assertThat(Files.readString(file)).contains("replicaof 127.0.0.1 1");
            assertThat(server.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            server.call("CONFIG", "REWRITE");
            assertThat(Files.readString(file)).contains("repl-timeout 60").doesNotContain("replicaof");
            server.call("REPLICAOF", "127.0.0.1", "2");
            server.call("CONFIG", "REWRITE");
            assertThat(Files.readString(file)).contains("replicaof 127.0.0.1 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void moreWordsAreRefused(String program) {
        try (ServerProcess server = start(program, "server")) {
            for (String name : new String[] {"replicaof", "slaveof"}) {
                assertThatThrownBy(() -> server.call(name.toUpperCase(Locale.ROOT), "no", "one", "x"))
                        .hasMessage("ERR wrong number of arguments for '" + name + "' command");
            }
            assertThatThrownBy(() -> server.call("REPLICAOF", "127.0.0.1", "x")).hasMessage("ERR Invalid master port");
            assertThat(server.call("CONFIG", "GET", "repl-diskless-sync-max-replicas"))
                    .asString()
                    .contains("0");
        }
    }

    /** A master that is older than PSYNC; a real one is made by taking the command away. */
    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aMasterThatDoesNotKnowPsync(String program) {
        try (ServerProcess master = start("redis", "master", "--rename-command", "PSYNC", "");
                ServerProcess replica = start(program, "replica", "--replicaof", "127.0.0.1 " + master.port())) {
            master.call("SET", "a", "1");
            replica.awaitInfo("master_link_status", "up");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> "1".equals(replica.call("GET", "a")));
            master.call("SET", "a", "2");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> "2".equals(replica.call("GET", "a")));
            // Nobody knows an offset: after a cut everything comes anew.
            String full = master.info("sync_full");
            master.call("CLIENT", "KILL", "TYPE", "replica");
            master.call("SET", "a", "3");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> "3".equals(replica.call("GET", "a")));
            assertThat(Long.parseLong(master.info("sync_full"))).isGreaterThan(Long.parseLong(full));
        }
    }
}
