package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/** WAITAOF: the disk of the master, and the disks of its replicas. */
class WaitAofTest {
    private static final ProtocolCommand WAITAOF = () -> SafeEncoder.encode("WAITAOF");

    @TempDir
    Path folder;

    private static Object wait(Jedis jedis, String... arguments) {
        return jedis.sendCommand(WAITAOF, arguments);
    }

    @Test
    void countsTheFilesOfMasterAndReplicas() {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"), "--appendonly", "yes");
                ServerProcess replica = ServerProcess.node(
                        folder.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port(), "--appendonly", "yes");
                ServerProcess fileless =
                        ServerProcess.node(folder.resolve("fileless"), "--replicaof", "127.0.0.1 " + master.port());
                Jedis jedis = master.connect()) {
            replica.awaitCaughtUp(master);
            fileless.awaitCaughtUp(master);
            jedis.set("k", "v");
            assertThat(wait(jedis, "1", "1", "0")).isEqualTo(List.of(1L, 1L));
            jedis.set("k", "w");
            assertThat(jedis.waitReplicas(2, 0)).isEqualTo(2);
            assertThat(((List<?>) wait(jedis, "0", "2", "100")).getLast())
                    .as("one has no file")
                    .isNotEqualTo(2L);
            jedis.sendCommand(Protocol.Command.MULTI);
            wait(jedis, "1", "2", "0");
            assertThat(((List<?>) jedis.sendCommand(Protocol.Command.EXEC)))
                    .as("never waits there")
                    .hasSize(1);
        }
    }

    @Test
    void endsWithAnErrorWhenTheFileIsGivenUp() {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"), "--appendonly", "yes");
                Jedis jedis = master.connect();
                Jedis other = master.connect()) {
            CompletableFuture<Object> waiting = CompletableFuture.supplyAsync(() -> wait(jedis, "1", "1", "0"));
            Awaitility.await().until(() -> master.info("blocked_clients").equals("1"));
            other.configSet("appendonly", "no");
            assertThatThrownBy(waiting::join)
                    .rootCause()
                    .hasMessage("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
            assertThatThrownBy(() -> wait(jedis, "1", "0", "0")).isInstanceOf(JedisDataException.class);
            assertThat(wait(jedis, "0", "0", "0")).isEqualTo(List.of(0L, 0L));
        }
    }

    @Test
    void refusesWhatRedisRefuses() {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes");
                Jedis jedis = node.connect()) {
            for (String wrong : List.of("2 0 0", "-1 0 0", "x 0 0")) {
                assertThatThrownBy(() -> wait(jedis, wrong.split(" ", -1)))
                        .as(wrong)
                        .hasMessageStartingWith("ERR value is ");
            }
            assertThatThrownBy(() -> wait(jedis, "0", "-1", "0"))
                    .hasMessage("ERR value is out of range, must be positive");
            assertThatThrownBy(() -> wait(jedis, "0", "0", "-1")).hasMessage("ERR timeout is negative");
            jedis.replicaof("127.0.0.1", 1);
            assertThatThrownBy(() -> wait(jedis, "0", "0", "0"))
                    .hasMessageStartingWith("ERR WAITAOF cannot be used with replica instances.");
        }
    }
}
