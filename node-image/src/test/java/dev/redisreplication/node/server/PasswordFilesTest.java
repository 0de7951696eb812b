package dev.redisreplication.node.server;

import static dev.redisreplication.node.server.Clients.accepts;
import static dev.redisreplication.node.server.Clients.connect;
import static dev.redisreplication.node.server.Clients.isOpen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** Passwords from a file that changes as a kubelet changes a mounted Secret: by a link to another folder. */
class PasswordFilesTest {
    @TempDir
    private Path dir;

    private Path mount;
    private int versions;

    @BeforeEach
    void mount() throws IOException {
        mount = Files.createDirectories(dir.resolve("secret"));
        write("old\n");
        Files.createSymbolicLink(mount.resolve("passwords"), Path.of("..data", "passwords"));
    }

    private void write(String text) throws IOException {
        Path version = Files.createDirectories(mount.resolve("..version" + versions++));
        Files.writeString(version.resolve("passwords"), text);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Server start(String name, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("--port", "0", "--bind", "127.0.0.1", "--save", ""));
        args.addAll(List.of("--dir", Files.createDirectories(dir.resolve(name)).toString()));
        args.addAll(List.of("--requirepass-file", mount.resolve("passwords").toString()));
        args.addAll(List.of(more));
        return Server.start(args.toArray(new String[0]));
    }

    @Test
    void aChangedFileIsTakenWithoutARestartAndConnectionsStay() throws Exception {
        try (Server server = start("a");
                Jedis before = connect(server)) {
            before.auth("old");
            write("new\nold\n");
            await().until(() -> accepts(server, "default", "new"));
            assertThat(accepts(server, "default", "old")).isTrue();
            assertThat(accepts(server, "default", "none of them")).isFalse();
            assertThat(before.configGet("requirepass")).containsEntry("requirepass", "new");
            write("new\n");
            await().until(() -> !accepts(server, "default", "old"));
            assertThat(accepts(server, "default", "new")).isTrue();
            assertThat(before.ping()).isEqualTo("PONG");

            // CONFIG SET means what it means in Redis: that one and no other.
            write("new\nold\n");
            await().until(() -> accepts(server, "default", "old"));
            before.configSet("requirepass", "by hand");
            assertThat(accepts(server, "default", "by hand")).isTrue();
            assertThat(accepts(server, "default", "new") || accepts(server, "default", "old"))
                    .isFalse();
        }
    }

    /** Each file is looked at once a second: between two changes of this one that were seen, the other was looked at. */
    private void afterALook(Server server) throws Exception {
        try (Jedis jedis = connect(server)) {
            jedis.auth("old");
            for (int i = 0; i < 2; i++) {
                String text = Files.readString(looked());
                await().until(() -> text.equals(jedis.configGet("masterauth").get("masterauth")));
            }
        }
    }

    private Path looked() throws IOException {
        return Files.writeString(dir.resolve("looked"), "look" + versions++);
    }

    @Test
    void aFileThatCannotBeUsedOpensNothing() throws Exception {
        try (Server server = start("a", "--masterauth-file", looked().toString())) {
            write("");
            afterALook(server);
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "old")).isTrue();
            Files.delete(mount.resolve("..data"));
            afterALook(server);
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "old")).isTrue();
            write("new\n");
            await().until(() -> accepts(server, "default", "new"));
            assertThat(accepts(server, "default", "old")).isFalse();
        }
        write("");
        assertThatThrownBy(() -> start("b"))
                .isInstanceOf(IOException.class)
                .hasMessage("requirepass-file " + mount.resolve("passwords") + ": it holds no password");
    }

    @Test
    void bytesAreBytes() throws Exception {
        byte[] odd = {'o', (byte) 0xff, (byte) 0xfe, 'd'};
        Path file = dir.resolve("odd");
        Files.write(file, odd);
        Files.writeString(file, "\np\u00e4ss\n", StandardOpenOption.APPEND);
        try (Server server = start("a", "--requirepass-file", file.toString());
                Jedis jedis = connect(server)) {
            assertThat(jedis.sendCommand(Protocol.Command.AUTH, odd)).isEqualTo("OK".getBytes(StandardCharsets.UTF_8));
            assertThat(accepts(server, "default", "p\u00e4ss")).isTrue();
            assertThat(accepts(server, "default", "od")).isFalse();
        }
    }

    @Test
    void aReplicaTriesWhatItsMasterMayStillWant() throws Exception {
        Path masters = Files.writeString(dir.resolve("master"), "old\n");
        Path replicas = Files.writeString(dir.resolve("replica"), "new\nold\n");
        try (Server master = start("a", "--requirepass-file", masters.toString());
                Server replica = start(
                        "b", "--masterauth-file", replicas.toString(), "--replicaof", "127.0.0.1 " + master.port());
                Jedis client = connect(replica)) {
            client.auth("old");
            await().until(() -> client.info("replication").contains("master_link_status:up"));
            // From here on the master wants the new one only, and the link begins anew.
            Files.writeString(masters, "new\n");
            await().until(() -> accepts(master, "default", "new"));
            try (Jedis admin = connect(master)) {
                admin.auth("new");
                admin.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "replica");
                await().until(() -> admin.info("stats").contains("sync_partial_ok:1"));
                admin.set("k", "v");
            }
            await().until(() -> "v".equals(client.get("k")));
        }
    }
}
