package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What is on disk: dumps and append-only directories, ours and those of a real redis-server, also after kill -9. */
class PersistenceTest {
    @TempDir
    Path folder;

    private static Map<String, String> contents(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            return Workload.contents(jedis);
        }
    }

    private static void write(ServerProcess server, Workload workload, int commands) {
        try (Jedis jedis = server.connect()) {
            workload.run(jedis, commands);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".log"))
                    .forEach(file -> {
                        Path target = to.resolve(from.relativize(file));
                        try {
                            Files.createDirectories(target.getParent());
                            Files.copy(file, target);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    private static Path lastIncrement(ServerProcess node) throws IOException {
        try (Stream<Path> files = Files.list(node.directory().resolve("appendonlydir"))) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow();
        }
    }

    @Test
    void aKilledNodeComesBackAndARealServerLoadsItsDirectory() throws Exception {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            try (Jedis jedis = node.connect()) {
                Workload.large(jedis);
            }
            write(node, workload, 2000);
            node.call("BGREWRITEAOF");
            write(node, workload, 2000);
            node.awaitInfo("aof_rewrite_in_progress", "0");
            assertThat(node.info("aof_last_bgrewrite_status")).isEqualTo("ok");
            write(node, workload, 500);
            Map<String, String> before = contents(node);
            node.kill();
            copy(node.directory(), folder.resolve("copy"));
            node.start();
            assertThat(contents(node)).as("seed %d", workload.seed()).isEqualTo(before);
            try (ServerProcess real = ServerProcess.redis(folder.resolve("copy"), "--appendonly", "yes")) {
                assertThat(contents(real)).as("seed %d", workload.seed()).isEqualTo(before);
                write(real, workload, 500);
                real.call("BGREWRITEAOF");
                real.awaitInfo("aof_rewrite_in_progress", "0");
                write(real, workload, 500);
                Map<String, String> realContents = contents(real);
                real.stop();
                try (ServerProcess back = ServerProcess.node(folder.resolve("copy"), "--appendonly", "yes")) {
                    assertThat(contents(back)).as("seed %d", workload.seed()).isEqualTo(realContents);
                }
            }
        }
    }

    @Test
    void dumpsAreReadByBoth() throws Exception {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"))) {
            try (Jedis jedis = node.connect()) {
                Workload.large(jedis);
            }
            write(node, workload, 2000);
            Map<String, String> before = contents(node);
            assertThat(node.call("SAVE")).isEqualTo("OK");
            node.kill();
            copy(node.directory(), folder.resolve("copy"));
            try (ServerProcess real = ServerProcess.redis(folder.resolve("copy"))) {
                assertThat(contents(real)).as("seed %d", workload.seed()).isEqualTo(before);
                write(real, workload, 1000);
                before = contents(real);
                real.call("SAVE");
                real.stop();
            }
            try (ServerProcess back = ServerProcess.node(folder.resolve("copy"), "--save", "3600 1")) {
                assertThat(contents(back)).as("seed %d", workload.seed()).isEqualTo(before);
                back.call("SET", "last", "word");
                back.stop();
                back.start();
                assertThat(back.call("GET", "last")).as("saved by SIGTERM").isEqualTo("word");
                long saved = (Long) back.call("LASTSAVE");
                back.call("BGSAVE");
                back.awaitInfo("rdb_bgsave_in_progress", "0");
                assertThat((Long) back.call("LASTSAVE")).isGreaterThanOrEqualTo(saved);
                assertThat(back.info("rdb_last_bgsave_status")).isEqualTo("ok");
            }
        }
    }

    @Test
    void aTornTailIsCutAtTheLastWholeTransaction() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            node.call("SET", "a", "1");
            try (Jedis jedis = node.connect()) {
                var transaction = jedis.multi();
                transaction.set("a", "2");
                transaction.set("b", "2");
                transaction.exec();
            }
            node.kill();
            Path increment = lastIncrement(node);
            try (FileChannel channel = FileChannel.open(increment, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 3);
            }
            node.start();
            assertThat(node.call("GET", "a")).isEqualTo("1");
            assertThat(node.call("EXISTS", "b")).isEqualTo(0L);
            node.call("SET", "c", "3");
            node.kill();
            node.start();
            assertThat(node.call("MGET", "a", "c").toString()).isEqualTo("[1, 3]");
        }
    }

    @Test
    void aBrokenDumpStopsTheStartWithItsPlace() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"))) {
            node.call("SET", "a", "hello");
            node.call("SAVE");
            node.kill();
            Path dump = node.directory().resolve("dump.rdb");
            byte[] bytes = Files.readAllBytes(dump);
            try (FileChannel channel = FileChannel.open(dump, StandardOpenOption.WRITE)) {
                channel.truncate(bytes.length - 5);
            }
            try {
                node.start();
            } catch (RuntimeException e) {
                assertThat(node.log()).contains("offset").contains("cut short");
            }
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> !node.isAlive());
            assertThat(Files.size(dump)).as("left as it was").isEqualTo(bytes.length - 5L);
        }
    }

    @Test
    void aKilledReplicaGoesOnWhereItWas() throws Exception {
        Workload workload = new Workload(System.nanoTime());
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"), "--repl-backlog-size", "64mb");
                ServerProcess node = ServerProcess.node(
                        folder.resolve("node"), "--appendonly", "yes", "--replicaof", "127.0.0.1 " + master.port())) {
            write(master, workload, 2000);
            node.awaitCaughtUp(master);
            long full = Long.parseLong(master.info("sync_full"));
            for (int round = 0; round < 3; round++) {
                write(master, workload, 300);
                node.kill();
                write(master, workload, 300);
                node.start();
                node.awaitCaughtUp(master);
                assertThat(contents(node)).as("seed %d", workload.seed()).isEqualTo(contents(master));
            }
            assertThat(Long.parseLong(master.info("sync_full"))).isEqualTo(full);
            assertThat(Long.parseLong(master.info("sync_partial_ok"))).isEqualTo(3);
        }
    }

    @Test
    void whileDumpsFailWritesAreRefused() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--save", "3600 1000")) {
            Path inTheWay = Files.createDirectories(node.directory().resolve("dump.rdb/folder"));
            node.call("SET", "a", "1");
            node.call("BGSAVE");
            node.awaitInfo("rdb_last_bgsave_status", "err");
            Awaitility.await().atMost(ServerProcess.PATIENCE).untilAsserted(() -> assertThatThrownBy(
                            () -> node.call("SET", "a", "2"))
                    .hasMessageStartingWith("MISCONF"));
            assertThat(node.call("GET", "a")).isEqualTo("1");
            node.call("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
            node.call("SET", "a", "3");
            node.call("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            node.call("BGSAVE");
            node.awaitInfo("rdb_last_bgsave_status", "ok");
            Awaitility.await().atMost(ServerProcess.PATIENCE).ignoreExceptions().until(() -> node.call("SET", "a", "4")
                    .equals("OK"));
        }
    }

    @Test
    void anEmptyManifestStopsTheStartAndLeavesTheFiles() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            node.call("SET", "a", "1");
            node.kill();
            Path increment = lastIncrement(node);
            long size = Files.size(increment);
            Files.writeString(node.directory().resolve("appendonlydir/appendonly.aof.manifest"), "");
            try {
                node.start();
            } catch (RuntimeException e) {
                assertThat(node.log()).contains("cannot load the data").contains("manifest");
            }
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> !node.isAlive());
            assertThat(Files.size(increment)).as("left as it was").isEqualTo(size);
        }
    }

    @Test
    void filesWithoutAManifestAreNeverOverwritten() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            node.call("SET", "a", "1");
            node.kill();
            Path increment = lastIncrement(node);
            byte[] bytes = Files.readAllBytes(increment);
            Files.delete(node.directory().resolve("appendonlydir/appendonly.aof.manifest"));
            node.start();
            node.call("SET", "b", "2");
            node.call("BGREWRITEAOF");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            assertThat(Files.readAllBytes(increment)).isEqualTo(bytes);
        }
    }

    @Test
    void loggingThatIsSwitchedOffAndOnReplacesWhatWasThere() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            node.call("SET", "a", "1");
            node.call("CONFIG", "SET", "appendonly", "no");
            node.call("SET", "a", "2");
            node.call("CONFIG", "SET", "appendonly", "yes");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            node.call("SET", "b", "3");
            node.kill();
            node.start();
            assertThat(node.call("MGET", "a", "b").toString()).isEqualTo("[2, 3]");
            try (Stream<Path> files = Files.list(node.directory().resolve("appendonlydir"))) {
                assertThat(files.count()).as("base, increment and manifest").isEqualTo(3);
            }
        }
    }

    @Test
    void theSingleFileOfAnOlderServerIsTakenOver() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old"));
        try (ServerProcess node = ServerProcess.node(folder.resolve("dump"))) {
            node.call("SET", "a", "1");
            node.call("SAVE");
        }
        // What an AOF rewrite of Redis 4 to 6 leaves: a dump with commands after it.
        byte[] dump = Files.readAllBytes(folder.resolve("dump/dump.rdb"));
        byte[] commands = "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n".getBytes(StandardCharsets.US_ASCII);
        Files.write(old.resolve("appendonly.aof"), dump);
        Files.write(old.resolve("appendonly.aof"), commands, StandardOpenOption.APPEND);
        try (ServerProcess node = ServerProcess.node(old, "--appendonly", "yes")) {
            assertThat(node.call("MGET", "a", "b").toString()).isEqualTo("[1, 2]");
            node.call("SET", "c", "3");
            node.kill();
            node.start();
            assertThat(node.call("MGET", "a", "b", "c").toString()).isEqualTo("[1, 2, 3]");
            assertThat(old.resolve("appendonly.aof")).doesNotExist();
        }
    }
}
