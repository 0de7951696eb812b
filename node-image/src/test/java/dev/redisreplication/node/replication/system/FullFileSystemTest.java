package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** File systems that are really full. Mounting them takes root; {@code FileFaultsTest} needs nothing. */
class FullFileSystemTest {
    @TempDir
    Path folder;

    private Path mounted;

    private Path mount(String options) throws Exception {
        Path at = Files.createDirectories(folder.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "none", at.toString()), "needs the right to mount a tmpfs");
        mounted = at;
        return at;
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @AfterEach
    void unmount() throws InterruptedException {
        if (mounted != null) {
            assertThat(run("umount", mounted.toString())).isTrue();
        }
    }

    @Test
    void aRewriteWithoutAFreeInodeIsAnErrorAndLosesNothing() throws Exception {
        // The root, the log of the test, the data directory, its base, increment and manifest: one more is free.
        Path disk = mount("size=20m,nr_inodes=7");
        try (ServerProcess node = ServerProcess.node(
                disk, "--appendonly", "yes", "--appendfsync", "always", "--aof-load-truncated", "yes")) {
            node.call("SET", "before", "1");
            assertThatThrownBy(() -> node.call("BGREWRITEAOF")).hasMessageContaining("Can't execute an AOF background");
            assertThat(node.info("aof_last_bgrewrite_status")).isEqualTo("err");
            assertThat(node.call("SET", "after", "1")).isEqualTo("OK");
            node.kill();
            node.start();
            assertThat(node.call("MGET", "before", "after").toString()).isEqualTo("[1, 1]");
        }
    }

    @Test
    void whatAFullDiskTookIsThereAndTheRestWasNotAcknowledged() throws Exception {
        Path disk = mount("size=2m,nr_inodes=50");
        try (ServerProcess node = ServerProcess.node(
                disk, "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0")) {
            int acknowledged = 0;
            String value = "x".repeat(10_000);
            try (Jedis jedis = node.connect()) {
                while (acknowledged < 1000) {
                    jedis.set("k" + acknowledged, value);
                    acknowledged++;
                }
            } catch (JedisException e) {
                // The disk is full.
            }
            assertThat(acknowledged).isBetween(10, 999);
            assertThat(node.info("aof_last_write_status")).isEqualTo("err");
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> node.call("SET", "more", "1")).hasMessageStartingWith("MISCONF");
                try {
                    node.call("BGREWRITEAOF");
                } catch (JedisException e) {
                    // Refused, which is right.
                }
            }
            node.kill();
            node.start();
            for (int i = 0; i < acknowledged; i++) {
                assertThat(node.call("STRLEN", "k" + i)).as("k" + i).isEqualTo(10_000L);
            }
        }
    }

    @Test
    void aDumpThatDoesNotFitLeavesTheOneBefore() throws Exception {
        Path disk = mount("size=2m,nr_inodes=50");
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--dir", disk.toString())) {
            node.call("SET", "kept", "1");
            assertThat(node.call("SAVE")).isEqualTo("OK");
            byte[] dump = Files.readAllBytes(disk.resolve("dump.rdb"));
            byte[] noise = new byte[4 << 20]; // nothing that could be compressed
            new Random(1).nextBytes(noise);
            try (Jedis jedis = node.connect()) {
                jedis.set("large".getBytes(StandardCharsets.US_ASCII), noise);
            }
            node.refuses("ERR", "SAVE");
            assertThat(node.log()).contains("No space left on device");
            assertThat(node.call("BGSAVE")).isEqualTo("Background saving started");
            node.awaitInfo("rdb_last_bgsave_status", "err");
            assertThat(Files.readAllBytes(disk.resolve("dump.rdb"))).isEqualTo(dump);
            assertThat(names(disk)).containsExactly("dump.rdb");
            node.refuses(
                    "ERR CONFIG SET failed",
                    "CONFIG",
                    "SET",
                    "dir",
                    disk.resolve("none").toString());
            node.call("CONFIG", "SET", "appendonly", "yes");
            node.awaitInfo("aof_last_bgrewrite_status", "err");
            assertThat(node.info("aof_last_write_status")).as("it says so").isEqualTo("err");
            node.kill();
            node.start();
            assertThat(node.call("DBSIZE")).isEqualTo(1L);
        }
    }

    /** Root may write everywhere but here. */
    @Test
    void aFolderThatCannotBeWrittenIsNamedAndStaysAsItIs() throws Exception {
        Path disk = mount("size=2m,nr_inodes=50");
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--dir", disk.toString())) {
            node.call("SET", "kept", "1");
            assertThat(node.call("SAVE")).isEqualTo("OK");
            assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
            node.call("SET", "later", "1");
            node.refuses("ERR", "SAVE");
            assertThat(node.log()).contains("Read-only file system").contains(disk + "/temp-");
            assertThat(node.call("BGSAVE")).isEqualTo("Background saving started");
            node.awaitInfo("rdb_last_bgsave_status", "err");
            node.refuses("ERR Can't execute an AOF background rewriting", "BGREWRITEAOF");
            node.refuses("ERR CONFIG SET failed", "CONFIG", "SET", "appendonly", "yes");
            assertThat(node.info("aof_enabled")).isEqualTo("0");
            assertThat(node.call("SET", "later", "2")).isEqualTo("OK");
            node.kill();
            node.start();
            assertThat(node.call("MGET", "kept", "later").toString()).isEqualTo("[1, (nil)]");
        }
        assertThatThrownBy(() -> ServerProcess.node(
                                folder.resolve("logging"), "--dir", disk.toString(), "--appendonly", "yes")
                        .close())
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining(disk.resolve("appendonlydir").toString());
        assertThat(names(disk)).containsExactly("dump.rdb");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).toList();
        }
    }
}
