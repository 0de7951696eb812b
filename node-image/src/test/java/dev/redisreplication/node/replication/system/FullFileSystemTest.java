package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
}
