package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.RestoreParams;

/** What DUMP of one server gives, RESTORE of another takes: the node and real ones of several versions, both ways. */
class PayloadExchangeTest {
    private static final long SEED = 20261128;

    @TempDir
    private Path folder;

    private static void fill(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            Workload.large(jedis);
            new Workload(SEED).run(jedis, 3000);
            jedis.set("number", "12345");
            jedis.set("wide", Long.toString(Long.MIN_VALUE));
            jedis.set("packed", "ab".repeat(1000));
            jedis.rpush("packed:list", "x".repeat(40), "-1", "127", "70000", "9999999999", "y".repeat(5000));
            jedis.zadd("infinite", Map.of("a", Double.POSITIVE_INFINITY, "b", Double.NEGATIVE_INFINITY, "c", 0.1));
            jedis.xgroupCreate("only:groups", "g", null, true);
        }
    }

    private static Map<String, byte[]> payloads(ServerProcess server) {
        Map<String, byte[]> all = new TreeMap<>();
        try (Jedis jedis = server.connect()) {
            Set<String> keys = jedis.keys("*");
            keys.forEach(key -> all.put(key, jedis.dump(key)));
        }
        return all;
    }

    /** Without the times to live, which are not in a payload. */
    private static Map<String, String> contents(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            jedis.keys("*").forEach(jedis::persist);
            Map<String, String> all = Workload.contents(jedis);
            all.keySet().removeIf(key -> !key.startsWith("0/"));
            return all;
        }
    }

    private static void exchange(ServerProcess from, ServerProcess to) {
        to.call("FLUSHALL");
        try (Jedis jedis = to.connect()) {
            payloads(from).forEach((key, payload) -> jedis.restore(key, 0, payload));
        }
        Map<String, String> there = contents(from);
        Map<String, String> here = contents(to);
        Set<String> keys = new TreeSet<>(there.keySet());
        keys.addAll(here.keySet());
        keys.removeIf(key -> Objects.equals(there.get(key), here.get(key)));
        assertThat(keys).as("other values, from %s to %s", from, to).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "redis8-server", "valkey-server"})
    void bothWays(String program) {
        try (ServerProcess real = program.equals("redis-server")
                        ? ServerProcess.redis(folder.resolve("real"))
                        : ServerProcess.peer(program, folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"))) {
            fill(real);
            exchange(real, node);
            exchange(node, real);
            node.call("FLUSHALL");
            fill(node);
            exchange(node, real);
            exchange(real, node);
        }
    }

    /** Fields with times to live, of a small hash and of a large one: the payload is of the newer version then. */
    @Test
    void fieldsThatExpireGoBothWays() {
        long later = 4_102_444_800_000L;
        try (ServerProcess real = ServerProcess.peer("redis8-server", folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"));
                Jedis theirs = real.connect();
                Jedis ours = node.connect()) {
            theirs.hset("small", Map.of("f", "v", "g", "w"));
            theirs.hpexpireAt("small", later, "f");
            for (int i = 0; i < 1000; i++) {
                theirs.hset("large", "f" + i, "v");
            }
            theirs.hpexpireAt("large", later, "f7");
            theirs.hpexpireAt("large", later + 1, "f8");
            for (String key : List.of("small", "large")) {
                ours.restore(key, 0, theirs.dump(key));
                theirs.restore(
                        "back", 0, ours.dump(key), RestoreParams.restoreParams().replace());
                for (Jedis there : List.of(ours, theirs)) {
                    String name = there == ours ? key : "back";
                    assertThat(there.hgetAll(name)).isEqualTo(theirs.hgetAll(key));
                    assertThat(there.hpexpireTime(name, "f", "g", "f6", "f7", "f8"))
                            .isEqualTo(theirs.hpexpireTime(key, "f", "g", "f6", "f7", "f8"));
                    assertThat(there.objectEncoding(name)).isEqualTo(theirs.objectEncoding(key));
                }
            }
        }
    }

    /** No byte of a payload can be another without being noticed, nor any be missing; what is there stays. */
    @Test
    void aPayloadThatIsNotWholeDoesNoHarm() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                Jedis jedis = node.connect()) {
            jedis.sadd("key", "a", "b", "c");
            byte[] payload = jedis.dump("key");
            jedis.set("key", "is there");
            byte[] name = "key".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < payload.length; i++) {
                byte[] other = payload.clone();
                other[i] ^= 1;
                byte[] shorter = java.util.Arrays.copyOf(payload, i);
                for (byte[] broken : List.of(other, shorter)) {
                    assertThatThrownBy(() -> jedis.sendCommand(
                                    Command.RESTORE,
                                    name,
                                    "0".getBytes(StandardCharsets.US_ASCII),
                                    broken,
                                    "REPLACE".getBytes(StandardCharsets.US_ASCII)))
                            .isInstanceOf(JedisDataException.class)
                            .hasMessage("ERR DUMP payload version or checksum are wrong");
                }
            }
            assertThat(jedis.get("key")).isEqualTo("is there");
        }
    }
}
