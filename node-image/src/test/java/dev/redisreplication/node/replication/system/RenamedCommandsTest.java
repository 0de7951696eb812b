package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.net.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** {@code rename-command}: clients call a command by another name, or not at all. */
class RenamedCommandsTest {
    @TempDir
    private Path dir;

    private ServerProcess start(String program, String name, String... arguments) {
        return ServerProcess.of(program, dir.resolve(name), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void clientsAndScriptsKnowTheNewNamesOnly(String program) {
        try (ServerProcess server = start(
                program,
                "a",
                "--rename-command",
                "FLUSHALL",
                "",
                "--rename-command",
                "config",
                "SetUp",
                "--rename-command",
                "incr",
                "count")) {
            server.call("SET", "a", "1");
            assertThatThrownBy(() -> server.call("FLUSHALL"))
                    .hasMessageStartingWith("ERR unknown command 'FLUSHALL', with args beginning with:");
            assertThatThrownBy(() -> server.call("CONFIG", "GET", "port")).hasMessageContaining("unknown command");
            assertThat(server.call("SETUP", "GET", "port")).asString().contains("" + server.port());
            assertThatThrownBy(() -> server.call("EVAL", "return redis.call('flushall')", "0"))
                    .hasMessageContaining("Unknown Redis command called from script");
            assertThat(server.call("EVAL", "return redis.call('count', 'a')", "1", "a"))
                    .isEqualTo(2L);
            assertThat(server.call("GET", "a")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void whatCannotBeStopsTheStart(String program) throws Exception {
        refuses(program, "No such command in rename-command", "nosuch", "x");
        refuses(program, "Target command name already exists", "get", "set");
        refuses(program, "rename-command", "get");
    }

    private void refuses(String program, String reason, String... words) throws Exception {
        Path file = Files.writeString(dir.resolve("redis.conf"), "rename-command " + String.join(" ", words) + "\n");
        assertThatThrownBy(() -> ServerProcess.configured(List.of(), program, file, FreePort.next(), null))
                .hasMessageContaining(reason);
    }

    /** The log has the commands' own names: a file that was written before, and a master that renames nothing, are understood. */
    @Test
    void fileAndStreamHaveTheirOwnNames() {
        try (ServerProcess master = start("node", "master", "--appendonly", "yes");
                ServerProcess replica = start(
                        "node",
                        "replica",
                        "--rename-command",
                        "FLUSHDB",
                        "",
                        "--rename-command",
                        "SET",
                        "put",
                        "--replicaof",
                        "127.0.0.1 " + master.port())) {
            replica.awaitInfo("master_link_status", "up");
            master.call("SET", "a", "1");
            master.call("FLUSHDB");
            try (Jedis client = master.connect()) {
                ServerProcess.call(client, "MULTI");
                ServerProcess.call(client, "SET", "b", "2");
                ServerProcess.call(client, "INCR", "c");
                ServerProcess.call(client, "EXEC");
            }
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> "2".equals(replica.call("GET", "b")));
            assertThat(replica.call("EXISTS", "a")).isEqualTo(0L);
            replica.call("REPLICAOF", "NO", "ONE");
            assertThatThrownBy(() -> replica.call("SET", "b", "3")).hasMessageContaining("unknown command");
            replica.call("PUT", "b", "3");
            assertThat(replica.call("GET", "b")).isEqualTo("3");
        }
        try (ServerProcess again = start(
                "node",
                "master",
                "--appendonly",
                "yes",
                "--rename-command",
                "SET",
                "put",
                "--rename-command",
                "FLUSHDB",
                "")) {
            assertThat(again.call("GET", "b")).isEqualTo("2");
        }
    }
}
