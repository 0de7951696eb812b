package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** {@code aof-use-rdb-preamble no}: the base is one of commands, which make all data again, here and in a real server. */
class CommandBaseTest {
    private static final String[] FLAGS = {"--appendonly", "yes", "--aof-use-rdb-preamble", "no"};

    @TempDir
    private Path folder;

    private static void fill(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            Workload.large(jedis);
            new Workload(23).run(jedis, 2000);
            jedis.zadd("infinite", Map.of("a", Double.POSITIVE_INFINITY, "b", Double.NEGATIVE_INFINITY, "c", 0.1));
            jedis.xgroupCreate("only:groups", "g", null, true);
        }
        server.call("XADD", "emptied", "5-5", "f", "v");
        server.call("XDEL", "emptied", "5-5");
        server.call("XGROUP", "CREATECONSUMER", "only:groups", "g", "waits");
        server.call("SET", "expires", "later", "PXAT", "4102444800123");
        server.call("SET", "empty", "");
        server.call("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 7 end)");
    }

    private static Map<String, String> contents(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            return Workload.contents(jedis);
        }
    }

    private static void rewrite(ServerProcess server) {
        server.call("BGREWRITEAOF");
        server.awaitInfo("aof_rewrite_scheduled", "0");
        server.awaitInfo("aof_rewrite_in_progress", "0");
        assertThat(server.info("aof_last_bgrewrite_status")).isEqualTo("ok");
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("appendonlydir"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".base."))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("appendonlydir"));
        try (Stream<Path> all = Files.list(from.resolve("appendonlydir"))) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve("appendonlydir").resolve(file.getFileName()));
            }
        }
    }

    @Test
    void ourBaseIsLoadedByBoth() throws Exception {
        Path directory = folder.resolve("node");
        try (ServerProcess node = ServerProcess.node(directory, FLAGS)) {
            assertThat(files(directory)).containsExactly("appendonly.aof.1.base.aof");
            fill(node);
            rewrite(node);
            assertThat(files(directory)).containsExactly("appendonly.aof.2.base.aof");
            node.call("SET", "after", "the rewrite");
            Map<String, String> contents = contents(node);
            String history = node.info("master_replid");
            node.kill();
            copy(directory, folder.resolve("real"));
            node.start();
            assertThat(contents(node)).isEqualTo(contents);
            assertThat(node.call("FCALL", "f", "0")).isEqualTo(7L);
            assertThat(node.info("master_replid2")).as("its history goes on").isEqualTo(history);
            try (ServerProcess real = ServerProcess.redis(folder.resolve("real"), FLAGS)) {
                assertThat(contents(real)).isEqualTo(contents);
                assertThat(real.call("FCALL", "f", "0")).isEqualTo(7L);
                CheckToolsTest.accepts(
                        "redis-check-aof",
                        directory
                                .resolve("appendonlydir/appendonly.aof.manifest")
                                .toString());
            }
            node.call("CONFIG", "SET", "aof-use-rdb-preamble", "yes");
            rewrite(node);
            assertThat(files(directory)).containsExactly("appendonly.aof.3.base.rdb");
            node.call("CONFIG", "SET", "aof-use-rdb-preamble", "no", "aof-timestamp-enabled", "yes");
            rewrite(node);
            assertThat(files(directory)).containsExactly("appendonly.aof.4.base.aof");
            assertThat(Files.readString(
                            directory.resolve("appendonlydir/appendonly.aof.4.base.aof"), StandardCharsets.ISO_8859_1))
                    .startsWith("#TS:");
            node.kill();
            node.start();
            assertThat(contents(node)).isEqualTo(contents);
        }
    }

    @Test
    void aBaseOfARealServerIsLoaded() throws Exception {
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"), FLAGS)) {
            fill(real);
            rewrite(real);
            real.call("SET", "after", "the rewrite");
            Map<String, String> contents = contents(real);
            real.stop();
            copy(folder.resolve("real"), folder.resolve("node"));
            try (ServerProcess node = ServerProcess.node(folder.resolve("node"), FLAGS)) {
                assertThat(contents(node)).isEqualTo(contents);
                assertThat(node.call("FCALL", "f", "0")).isEqualTo(7L);
            }
        }
    }

    /** In a directory that says nothing else, the base alone tells where the history is. */
    @Test
    void aBaseWithoutIncrementsHasThePosition() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--aof-use-rdb-preamble", "no");
                ServerProcess replica = ServerProcess.node(folder.resolve("replica"))) {
            replica.call("REPLICAOF", "127.0.0.1", Integer.toString(node.port()));
            node.call("SET", "a", "1");
            replica.awaitCaughtUp(node);
            rewrite(node);
            String history = node.info("master_replid");
            try (ServerProcess other = other(node.directory())) {
                assertThat(other.call("GET", "a")).isEqualTo("1");
                assertThat(other.info("master_replid2")).isEqualTo(history);
            }
        }
    }

    private ServerProcess other(Path from) throws IOException {
        copy(from, folder.resolve("other"));
        return ServerProcess.node(folder.resolve("other"), "--appendonly", "yes");
    }
}
