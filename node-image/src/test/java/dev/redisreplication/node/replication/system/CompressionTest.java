package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.XAddParams;

/** {@code rdbcompression}: where long strings are compressed, that it can be turned off, and that real servers read it. */
class CompressionTest {
    @TempDir
    private Path folder;

    /** Long strings of every kind that a dump has, some of which do not become shorter. */
    private static void fill(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            new Workload(11).run(jedis, 500);
            Workload.large(jedis);
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < 200; i++) {
                String text = ("a text of number " + i + ", ").repeat(1 + i % 30);
                pipeline.set("text:" + text, text);
                pipeline.rpush("texts", text);
                pipeline.sadd("texts:set", text);
                pipeline.hset("texts:hash", text, text + i);
                pipeline.zadd("texts:sorted", i, text);
                pipeline.xadd("texts:stream", Map.of("field", text), XAddParams.xAddParams());
            }
            pipeline.sync();
        }

        server.call("FUNCTION", "LOAD", library());
    }

    private static Map<String, String> contents(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            return Workload.contents(jedis);
        }
    }

    private static long dump(ServerProcess node, String compression, String... command) throws IOException {
        node.call("CONFIG", "SET", "rdbcompression", compression);
        assertThat(node.call(command)).isNotNull();
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> node.info("rdb_bgsave_in_progress")
                .equals("0"));
        return Files.size(node.directory().resolve("dump.rdb"));
    }

    @Test
    void dumpsAreShorterAndEqual() throws Exception {
        Path directory = folder.resolve("node");
        try (ServerProcess node = ServerProcess.node(directory, "--enable-debug-command", "yes")) {
            fill(node);
            long compressed = dump(node, "yes", "SAVE");
            assertThat(dump(node, "no", "BGSAVE")).isGreaterThan(2 * compressed);
            assertThat(dump(node, "yes", "BGSAVE")).isLessThan(compressed + 100);
            Map<String, String> contents = contents(node);
            String digest = (String) node.call("DEBUG", "DIGEST");
            node.stop();
            node.start();
            assertThat(contents(node)).isEqualTo(contents);
            for (String program : List.of("redis-server", "redis8-server", "valkey-server")) {
                Path there = Files.createDirectories(folder.resolve(program));
                Files.copy(directory.resolve("dump.rdb"), there.resolve("dump.rdb"));
                try (ServerProcess real = program.equals("redis-server")
                        ? ServerProcess.redis(there)
                        : ServerProcess.peer(program, there)) {
                    assertThat(contents(real)).isEqualTo(contents);
                    assertThat(real.call("FUNCTION", "LIST", "WITHCODE").toString())
                            .isEqualTo(node.call("FUNCTION", "LIST", "WITHCODE").toString());
                    if (program.equals("redis-server")) {
                        assertThat(real.call("DEBUG", "DIGEST")).isEqualTo(digest);
                    }
                }
            }
        }
    }

    /** A base and what a replica gets are dumps as well. */
    @Test
    void basesAndFullResyncsAreCompressedToo() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes");
                ServerProcess replica = ServerProcess.node(folder.resolve("replica"))) {
            node.call("SET", "text", "text ".repeat(100_000));
            long sent = Long.parseLong(node.info("total_net_repl_output_bytes"));
            replica.call("REPLICAOF", "127.0.0.1", Integer.toString(node.port()));
            replica.awaitCaughtUp(node);
            assertThat(Long.parseLong(node.info("total_net_repl_output_bytes")) - sent)
                    .isLessThan(100_000);
            assertThat(replica.call("STRLEN", "text")).isEqualTo(500_000L);
            node.call("BGREWRITEAOF");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            Awaitility.await()
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> Long.parseLong(node.info("aof_base_size")) < 100_000);
            node.kill();
            node.start();
            assertThat(node.call("STRLEN", "text")).isEqualTo(500_000L);
        }
    }

    @Test
    void payloadsAreThoseOfRedis() {
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"));
                Jedis jedis = node.connect();
                Jedis other = real.connect()) {
            for (Jedis each : List.of(jedis, other)) {
                each.set("text", "text ".repeat(1000));
                each.set("edge", "a".repeat(20));
                each.set("short", "a".repeat(21));
                assertThat(each.dump("text")).hasSizeLessThan(200);
                assertThat(each.dump("edge")).hasSize(1 + 1 + 20 + 10);
                assertThat(each.dump("short")).hasSizeLessThan(1 + 1 + 20 + 10);
                each.configSet("rdbcompression", "no");
                assertThat(each.dump("text")).hasSize(1 + 2 + 5000 + 10);
                each.configSet("rdbcompression", "yes");
            }
            other.restore("copy", 0, jedis.dump("text"));
            assertThat(other.get("copy")).isEqualTo("text ".repeat(1000));
            node.call("FUNCTION", "LOAD", library());
            byte[] functions = jedis.functionDump();
            assertThat(functions).hasSizeLessThan(400);
            other.functionRestore(functions);
            assertThat(real.call("FUNCTION", "LIST", "WITHCODE").toString())
                    .contains("a comment")
                    .isEqualTo(node.call("FUNCTION", "LIST", "WITHCODE").toString());
        }
    }

    private static String library() {
        return "#!lua name=lib\n" + "-- a comment\n".repeat(100) + "redis.register_function('f', function() end)";
    }
}
