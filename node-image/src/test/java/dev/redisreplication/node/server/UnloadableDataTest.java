package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;

/** A managed node whose data do not load: it ends, or waits to be told to put them aside. */
class UnloadableDataTest {
    private static final ProtocolCommand LEASE = () -> "LEASE".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @TempDir
    private Path dir;

    private Server start(String how) throws Exception {
        return Server.start(Server.settings(
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--managed",
                "yes",
                "--dir",
                dir.toString(),
                "--unloadable-data",
                how));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("dump"))
                    .toList();
        }
    }

    @Test
    void putsThemAsideWhenItIsToldTo() throws Exception {
        Files.writeString(dir.resolve("dump.rdb"), "REDIS0010 and then nonsense");
        try (Server server = start("fail")) {
            assertThatThrownBy(server::awaitReady).hasMessageContaining("cannot load the data");
        }
        assertThat(files()).containsExactly("dump.rdb");

        try (Server server = start("wait");
                Jedis jedis = Clients.connect(server)) {
            await().until(() -> jedis.info("replication").contains("managed_unloadable:"));
            assertThatThrownBy(() -> jedis.set("k", "v"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("MASTERDOWN");
            assertThatThrownBy(() -> jedis.sendCommand(LEASE, "FENCE", "1")).hasMessageStartingWith("LOADING");
            jedis.sendCommand(LEASE, "SETASIDE");
            assertThatThrownBy(server::awaitReady).hasMessageContaining("cannot load the data");
        }
        assertThat(files()).singleElement().asString().startsWith("dump.rdb.unloadable-");

        try (Server server = start("wait");
                Jedis jedis = Clients.connect(server)) {
            server.awaitReady();
            assertThat(jedis.info("replication")).contains("managed_role:none").doesNotContain("managed_unloadable");
            assertThatThrownBy(() -> jedis.sendCommand(LEASE, "SETASIDE")).hasMessageStartingWith("ERR");
            assertThat(jedis.sendCommand(Command.PING)).isNotNull();
        }
    }
}
