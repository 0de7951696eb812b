package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Redis' own tools look at the node's files. */
class CheckToolsTest {
    private static final String MANIFEST = "appendonlydir/appendonly.aof.manifest";
    private static final String INCREMENT = "appendonlydir/appendonly.aof.2.incr.aof";

    @TempDir
    private Path folder;

    /** What a tool says, which must end well. */
    static String accepts(String... command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        tool.outputWriter().append("y\n").flush();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
        return said;
    }

    /** A server that is called by the name of a tool is that tool. */
    private String tool(String program, String name) throws IOException {
        if (program.equals("redis-server")) {
            return "redis-" + name;
        }
        Path server = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        String called = (program.startsWith("valkey") ? "valkey-" : "redis-") + name;
        Path tool = Files.createDirectories(folder.resolve(program)).resolve(called);
        byte[] bytes = Files.readAllBytes(server);
        if (bytes[0] == '#') { // a script that says how the program is to be called
            String text = new String(bytes, StandardCharsets.UTF_8);
            Files.writeString(tool, text.replace('"' + program + '"', '"' + called + '"'));
            assertThat(tool.toFile().setExecutable(true)).isTrue();
        } else {
            Files.createSymbolicLink(tool, server);
        }
        return tool.toString();
    }

    private static ServerProcess real(String program, Path directory, String... flags) {
        return program.equals("redis-server")
                ? ServerProcess.redis(directory, flags)
                : ServerProcess.peer(program, directory, flags);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "redis8-server", "valkey-server"})
    void dumpAndAppendOnlyFileAreFlawless(String program) throws Exception {
        try (ServerProcess real = real(program, folder.resolve("real"))) {
            assertThat(real.isAlive()).isTrue(); // the tools are there, or the test was skipped
        }
        Path directory = folder.resolve("node");
        try (ServerProcess node =
                ServerProcess.node(directory, "--appendonly", "yes", "--aof-timestamp-enabled", "yes")) {
            try (Jedis jedis = node.connect()) {
                Workload.large(jedis);
                new Workload(5).run(jedis, 2000);
                if (program.equals("redis8-server")) {
                    jedis.hpexpireAt("large:hash", 4_102_444_800_000L, "field 7");
                    jedis.hset("small:hash", "f", "v");
                    jedis.hpexpireAt("small:hash", 4_102_444_800_000L, "f");
                }
                jedis.bgrewriteaof();
                node.awaitInfo("aof_rewrites", "1");
                node.awaitInfo("aof_rewrite_in_progress", "0");
                new Workload(6).run(jedis, 500);
                jedis.save();
            }
            node.stop();
        }
        assertThat(accepts(
                        tool(program, "check-rdb"),
                        directory.resolve("dump.rdb").toString()))
                .contains("RDB looks OK")
                .contains("AUX FIELD aof-base = '0'");
        assertThat(accepts(
                        tool(program, "check-aof"), directory.resolve(MANIFEST).toString()))
                .contains("AUX FIELD aof-base = '1'")
                .contains("All AOF files and manifest are valid");
    }

    /** A file that says when what was written can be cut at a moment. */
    @Test
    void timestampsAreThoseOfRedis() throws Exception {
        Path directory = folder.resolve("node");
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"));
                ServerProcess node = ServerProcess.node(directory, "--appendonly", "yes")) {
            assertThat(real.isAlive()).isTrue();
            node.call("BGREWRITEAOF");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> Files.exists(directory.resolve(INCREMENT)));
            node.awaitInfo("aof_rewrite_in_progress", "0");
            node.call("SET", "no", "timestamp");
            assertThat(stamps(directory)).isZero();
            node.call("CONFIG", "SET", "aof-timestamp-enabled", "yes");
            node.call("SET", "early", "1");
            assertThat(stamps(directory)).isEqualTo(1);
            long first = Long.parseLong(Files.readString(directory.resolve(INCREMENT), StandardCharsets.ISO_8859_1)
                    .replaceAll("(?s).*#TS:(\\d+)\r\n.*", "$1"));
            Awaitility.await("another second").until(() -> System.currentTimeMillis() / 1000 > first);
            node.call("SET", "late", "1");
            assertThat(stamps(directory)).isEqualTo(2);
            node.kill();
            accepts(
                    "redis-check-aof",
                    "--truncate-to-timestamp",
                    Long.toString(first),
                    directory.resolve(MANIFEST).toString());
            node.start();
            assertThat(node.call("MGET", "no", "early", "late").toString()).isEqualTo("[timestamp, 1, (nil)]");
        }
        try (ServerProcess real = ServerProcess.redis(directory, "--appendonly", "yes")) {
            assertThat(real.call("GET", "early")).isEqualTo("1");
        }
    }

    private static long stamps(Path directory) throws IOException {
        return Files.readString(directory.resolve(INCREMENT), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("#TS:"))
                .count();
    }
}
