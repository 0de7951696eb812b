package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.rdb.OldDump;
import dev.redisreplication.node.rdb.OldDumps;
import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Dumps of every version of the format: the node reads from them what a real server does, and real ones read the node's. */
class DumpVersionsTest {
    private static final long FAR = 4_102_444_800L; // the year 2100
    private static final long LATER = 1000 * FAR; // in ms

    @TempDir
    private Path folder;

    private Path directory(String name, byte[] dump) throws IOException {
        Path directory = Files.createDirectories(folder.resolve(name));
        Files.write(directory.resolve("dump.rdb"), dump);
        return directory;
    }

    private static Map<String, String> contents(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            Map<String, String> all = Workload.contents(jedis);
            jedis.select(3);
            all.put("3", jedis.get("elsewhere"));
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, redis-server",
        "2, redis-server",
        "3, redis-server",
        "4, redis-server",
        "5, redis-server",
        "6, redis-server",
        "7, redis-server",
        "8, redis-server",
        "9, redis-server",
        "10, redis-server",
        "11, valkey-server",
        "12, redis8-server"
    })
    void isReadAsARealServerReadsIt(int version, String program) throws IOException {
        byte[] dump = OldDumps.everything(version);
        Path there = directory("real", dump);
        try (ServerProcess real = real(program, there);
                ServerProcess node = ServerProcess.node(directory("node", dump))) {
            Map<String, String> theirs = contents(real);
            assertThat(contents(node)).isEqualTo(theirs).hasSizeGreaterThan(17);
        }
    }

    private static ServerProcess real(String program, Path directory, String... arguments) {
        return program.equals("redis-server")
                ? ServerProcess.redis(directory, arguments)
                : ServerProcess.peer(program, directory, arguments);
    }

    /** Files of real servers with every kind of data, and the node's in return; as a dump and as an append-only directory. */
    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "redis8-server", "valkey-server"})
    void filesGoToAndFro(String program) throws Exception {
        for (String appendOnly : List.of("no", "yes")) {
            Path directory = folder.resolve(program + appendOnly);
            String[] flags = {"--appendonly", appendOnly, "--save", ""};
            Map<String, String> before;
            try (ServerProcess real = real(program, directory, flags);
                    Jedis jedis = real.connect()) {
                Workload.large(jedis);
                workload(program, 7).run(jedis, 2000);
                jedis.functionLoad("#!lua name=lib\nredis.register_function('f', function() return 'of ' .. 'f' end)");
                keep(real, appendOnly);
                workload(program, 8).run(jedis, appendOnly.equals("yes") ? 500 : 0);
                real.kill();
                real.start(); // a consumer that has read nothing is not in its file
                try (Jedis again = real.connect()) {
                    before = Workload.contents(again);
                }
                real.kill();
            }
            try (ServerProcess node = ServerProcess.node(directory, flags);
                    Jedis jedis = node.connect()) {
                assertThat(others(Workload.contents(jedis), before))
                        .as(appendOnly)
                        .isEmpty();
                assertThat(jedis.fcall("f", List.of(), List.of())).isEqualTo("of f");
                workload(program, 9).run(jedis, 500);
                keep(node, appendOnly);
                workload(program, 10).run(jedis, appendOnly.equals("yes") ? 500 : 0);
                before = Workload.contents(jedis);
                node.kill();
            }
            try (ServerProcess real = real(program, directory, flags);
                    Jedis jedis = real.connect()) {
                assertThat(others(Workload.contents(jedis), before))
                        .as(appendOnly)
                        .isEmpty();
                assertThat(jedis.fcall("f", List.of(), List.of())).isEqualTo("of f");
            }
        }
    }

    private static Workload workload(String program, long seed) {
        Workload workload = new Workload(seed);
        return program.equals("redis8-server") ? workload.withTimesOfFields() : workload;
    }

    /** The keys that have other values. */
    private static Set<String> others(Map<String, String> one, Map<String, String> other) {
        Set<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        keys.removeIf(key -> Objects.equals(one.get(key), other.get(key)));
        return keys;
    }

    private static void keep(ServerProcess server, String appendOnly) {
        if (appendOnly.equals("no")) {
            server.call("SAVE");
            return;
        }
        long before = Long.parseLong(server.info("aof_rewrites"));
        server.call("BGREWRITEAOF");
        server.awaitInfo("aof_rewrites", Long.toString(before + 1));
        server.awaitInfo("aof_rewrite_in_progress", "0");
    }

    private void refused(OldDump dump, String why) throws IOException {
        Path directory = directory("refused" + System.nanoTime(), dump.end());
        assertThatThrownBy(() -> Server.start("--port", "0", "--bind", "127.0.0.1", "--dir", directory.toString())
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatTheNodeHasNoTypeForIsRefusedByItsName() throws IOException {
        long json = OldDump.moduleId("ReJSON-RL", 3);
        refused(
                new OldDump(9).bytes(254, 0).key(7, "doc").length64(json).bytes(0),
                "key 'doc' is of the type 'ReJSON-RL' of a module");
        refused(new OldDump(9).bytes(247).length64(json).bytes(2, 2, 0), "module type 'ReJSON-RL'");
        refused(new OldDump(8).bytes(254, 0).key(6, "doc").length64(json), "key 'doc' is of a module");
        refused(new OldDump(9).bytes(246).string("x"), "release candidate");
        refused(new OldDump(13).bytes(254, 0), "version 13 cannot be read");
    }

    /** The two types that Redis 7.4 and 8.0 write, and those of their release candidates, whose times are absolute. */
    @Test
    void fieldsWithTheirTimesAreRead() throws IOException {
        OldDump dump = new OldDump(12).bytes(254, 0);
        dump.key(24, "table")
                .fixed64(LATER)
                .bytes(2, 6)
                .string("f")
                .string("v")
                .bytes(0)
                .string("g")
                .string("w");
        dump.key(22, "table-rc")
                .bytes(2)
                .length64(LATER + 5)
                .string("f")
                .string("v")
                .bytes(0)
                .string("g")
                .string("w");
        byte[] triples = OldDump.listpack(List.of("g", "w", LATER + 5, "f", "v", 0L));
        dump.key(25, "small").fixed64(LATER + 5).string(triples);
        dump.key(23, "small-rc").string(triples);
        Path directory = directory("fields", dump.end());
        try (ServerProcess node = ServerProcess.node(directory);
                Jedis jedis = node.connect()) {
            assertThat(jedis.hpexpireTime("table", "f", "g")).containsExactly(LATER + 5, -1L);
            assertThat(jedis.hpexpireTime("table-rc", "f", "g")).containsExactly(LATER + 5, -1L);
            assertThat(jedis.hpexpireTime("small", "f", "g")).containsExactly(-1L, LATER + 5);
            assertThat(jedis.hpexpireTime("small-rc", "f", "g")).containsExactly(-1L, LATER + 5);
            for (String key : jedis.keys("*")) {
                assertThat(jedis.hgetAll(key)).as(key).isEqualTo(Map.of("f", "v", "g", "w"));
            }
        }
    }

    /** A file has the newer version only while there is such a field: all else is for Redis 7.0 as well. */
    @Test
    void onlyFieldsWithTimesNeedTheNewerVersion() throws IOException {
        Path directory = folder.resolve("node");
        try (ServerProcess node = ServerProcess.node(directory);
                Jedis jedis = node.connect()) {
            jedis.hset("h", Map.of("f", "v", "g", "w"));
            jedis.hpexpireAt("h", LATER, "f");
            jedis.save();
            assertThat(header(directory)).isEqualTo("REDIS0012");
            try (ServerProcess real = ServerProcess.peer("redis8-server", copied(directory, "real"));
                    Jedis there = real.connect()) {
                assertThat(there.hpexpireTime("h", "f", "g")).containsExactly(LATER, -1L);
                assertThat(there.objectEncoding("h")).isEqualTo("listpackex");
                assertThat(there.hgetAll("h")).isEqualTo(Map.of("f", "v", "g", "w"));
            }
            jedis.hpersist("h", "f");
            jedis.save();
            assertThat(header(directory)).isEqualTo("REDIS0010");
            try (ServerProcess real = ServerProcess.redis(copied(directory, "older"));
                    Jedis there = real.connect()) {
                assertThat(there.hgetAll("h")).isEqualTo(Map.of("f", "v", "g", "w"));
            }
        }
    }

    private static String header(Path directory) throws IOException {
        byte[] dump = Files.readAllBytes(directory.resolve("dump.rdb"));
        return new String(dump, 0, 9, StandardCharsets.US_ASCII);
    }

    private Path copied(Path from, String name) throws IOException {
        return directory(name, Files.readAllBytes(from.resolve("dump.rdb")));
    }
}
