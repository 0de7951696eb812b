package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;

/** What is evicted is evicted everywhere: replicas, file and dump have what the master has. With real servers too. */
class EvictionReplicationTest {
    private static final long LIMIT = 1 << 20;

    @TempDir
    Path folder;

    /** Writes of all kinds, some of keys that expire, much more of them than there is room for. */
    private static void load(ServerProcess server, int commands) {
        Random random = new Random(7);
        try (Jedis jedis = server.connect()) {
            for (int round = 0; round < commands / 500; round++) {
                Pipeline pipeline = jedis.pipelined();
                for (int i = 0; i < 500; i++) {
                    String key = "key:" + random.nextInt(60_000);
                    switch (random.nextInt(12)) {
                        case 0 -> pipeline.rpush("list:" + random.nextInt(500), key, "value");
                        case 1 -> pipeline.hset("hash:" + random.nextInt(500), key, "value");
                        case 2 -> pipeline.sadd("set:" + random.nextInt(500), key);
                        case 3 -> pipeline.zadd("zset:" + random.nextInt(50), random.nextInt(), key);
                        case 4 -> pipeline.setex(key, 1000 + random.nextInt(1000), "x".repeat(random.nextInt(300)));
                        case 5 -> pipeline.get(key);
                        case 6 -> {
                            pipeline.sendCommand(Command.MULTI, new String[0]);
                            pipeline.set(key, "in a transaction");
                            pipeline.incr("counter");
                            pipeline.sendCommand(Command.EXEC, new String[0]);
                        }
                        case 7 -> pipeline.select(random.nextInt(2));
                        default -> pipeline.set(key, "x".repeat(random.nextInt(200)));
                    }
                }
                pipeline.sync();
            }
        }
    }

    private static void addNew(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < 1000; i++) {
                pipeline.set("new:" + i, "x".repeat(100));
            }
            pipeline.sync();
        }
    }

    private static Object digest(ServerProcess server) {
        return server.call("DEBUG", "DIGEST");
    }

    private static long evicted(ServerProcess server) {
        return Long.parseLong(server.info("evicted_keys"));
    }

    private static long data(ServerProcess server) {
        return Long.parseLong(server.info("used_memory_dataset"));
    }

    private static long keys(ServerProcess server) {
        try (Jedis jedis = server.connect()) {
            long sum = jedis.dbSize();
            jedis.select(1);
            return sum + jedis.dbSize();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "volatile-random", "volatile-ttl"})
    void replicasAndFileHaveWhatTheMasterKept(String policy) throws Exception {
        boolean all = policy.startsWith("allkeys");
        try (ServerProcess master = ServerProcess.node(
                        folder.resolve("master"),
                        "--maxmemory-policy",
                        policy,
                        "--appendonly",
                        "yes",
                        "--enable-debug-command",
                        "yes");
                ServerProcess replica = ServerProcess.node(
                        folder.resolve("replica"),
                        "--replicaof",
                        "127.0.0.1 " + master.port(),
                        "--maxmemory",
                        "1000",
                        "--enable-debug-command",
                        "yes")) {
            replica.awaitCaughtUp(master);
            if (all) {
                master.call("CONFIG", "SET", "maxmemory", Long.toString(LIMIT));
                load(master, 20_000);
            } else {
                load(master, 20_000);
                master.call("CONFIG", "SET", "maxmemory", Long.toString(data(master) - 50_000));
                addNew(master);
            }
            long limit = Long.parseLong(master.info("maxmemory"));
            assertThat(evicted(master)).isGreaterThan(500);
            assertThat(data(master)).isLessThan(limit + 100_000);
            replica.awaitCaughtUp(master);
            assertThat(evicted(replica)).isZero();
            Object kept = digest(master);
            assertThat(digest(replica)).isEqualTo(kept);
            master.kill();
            master.start();
            assertThat(digest(master)).as("from the file").isEqualTo(kept);
            assertThat(data(master)).isGreaterThan(limit / 2);
        }
    }

    @Test
    void aRealReplicaHasWhatOurMasterKeptAndOursWhatARealMasterKept() {
        try (ServerProcess node = ServerProcess.node(
                        folder.resolve("node"),
                        "--maxmemory-policy",
                        "allkeys-lru",
                        "--maxmemory",
                        Long.toString(LIMIT),
                        "--enable-debug-command",
                        "yes");
                ServerProcess real =
                        ServerProcess.redis(folder.resolve("real"), "--replicaof", "127.0.0.1 " + node.port())) {
            real.awaitCaughtUp(node);
            load(node, 20_000);
            real.awaitCaughtUp(node);
            assertThat(evicted(node)).isGreaterThan(500);
            assertThat(digest(real)).isEqualTo(digest(node));
            real.call("REPLICAOF", "NO", "ONE");
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(real.port()));
            node.awaitCaughtUp(real);
            real.call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            real.call("CONFIG", "SET", "maxmemory", Long.toString(4 * LIMIT));
            load(real, 20_000);
            node.awaitCaughtUp(real);
            assertThat(evicted(real)).isGreaterThan(500);
            assertThat(digest(node)).isEqualTo(digest(real));
        }
    }

    @Test
    void aReplicaEvictsByItselfOnlyIfItIsToldTo() {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                ServerProcess replica = ServerProcess.node(
                        folder.resolve("replica"),
                        "--replicaof",
                        "127.0.0.1 " + master.port(),
                        "--maxmemory",
                        Long.toString(LIMIT),
                        "--maxmemory-policy",
                        "allkeys-lru")) {
            replica.awaitCaughtUp(master);
            load(master, 20_000);
            replica.awaitCaughtUp(master);
            assertThat(keys(replica)).isEqualTo(keys(master));
            replica.call("CONFIG", "SET", "replica-ignore-maxmemory", "no");
            replica.call("PING");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> data(replica) <= LIMIT);
            load(master, 5_000);
            replica.awaitCaughtUp(master);
            assertThat(data(replica)).isLessThan(LIMIT + 100_000);
            assertThat(evicted(replica)).isPositive();
            assertThat(evicted(master)).isZero();
            assertThat(keys(replica)).isLessThan(keys(master));
        }
    }

    @Test
    void aLowerLimitIsReachedWithoutAnyCommand() {
        try (ServerProcess node =
                ServerProcess.node(folder, "--maxmemory-policy", "allkeys-lru", "--maxmemory-eviction-tenacity", "0")) {
            load(node, 30_000);
            long before = data(node);
            node.call("CONFIG", "SET", "maxmemory", Long.toString(before / 3));
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> data(node) <= before / 3);
            assertThat(data(node)).isGreaterThan(before / 4);
            node.call("CONFIG", "SET", "maxmemory", "1");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> keys(node) == 0);
            assertThat(data(node)).as("a table without keys").isLessThan(10_000);
            assertThat(Long.parseLong(node.info("total_eviction_exceeded_time")))
                    .isNotNegative();
        }
    }

    @Test
    void whatNobodyMayEvictIsRefused() {
        try (ServerProcess node = ServerProcess.node(folder, "--maxmemory-policy", "volatile-lru");
                Jedis jedis = node.connect();
                Jedis other = node.connect()) {
            jedis.set("kept", "x".repeat(10_000));
            jedis.setex("volatile", 100, "x");
            other.watch("volatile");
            other.configSet("maxmemory", "5000");
            assertThatThrownBy(() -> other.set("a", "b"))
                    .hasMessage("OOM command not allowed when used memory > 'maxmemory'.");
            assertThat(other.exists("volatile")).isFalse();
            assertThat(other.get("kept")).hasSize(10_000);
            assertThat(other.del("kept")).isEqualTo(1);
            assertThat(other.set("a", "b")).isEqualTo("OK");
            assertThat(node.info("evicted_keys")).isEqualTo("1");
        }
    }

    @Test
    void useIsKeptInDumpsBothWays() throws IOException, InterruptedException {
        for (String policy : List.of("allkeys-lru", "volatile-lfu")) {
            boolean lru = policy.endsWith("lru");
            Path ours = folder.resolve("ours " + policy);
            Path theirs = folder.resolve("theirs " + policy);
            // Without a decay: a minute may end between two looks.
            String[] flags = {"--maxmemory-policy", policy, "--lfu-decay-time", "0"};
            try (ServerProcess node = ServerProcess.node(ours, flags);
                    ServerProcess real = ServerProcess.redis(theirs, flags)) {
                for (ServerProcess server : List.of(node, real)) {
                    server.call("SET", "s", "value");
                    server.call("RPUSH", "l", "a", "b");
                    server.call("SETEX", "used", "1000", "x");
                    for (int i = 0; i < 30; i++) {
                        server.call("GET", "used");
                    }
                    if (lru) {
                        Awaitility.await()
                                .atMost(ServerProcess.PATIENCE)
                                .until(() -> (long) use(server, policy, "s") >= 2);
                        server.call("GET", "used");
                    }
                    server.call("SAVE");
                }
                Object[] before = {
                    use(node, policy, "s"), use(node, policy, "used"), use(real, policy, "s"), use(real, policy, "used")
                };
                node.stop();
                real.stop();
                Path dump = folder.resolve("dump");
                Files.move(ours.resolve("dump.rdb"), dump);
                Files.move(theirs.resolve("dump.rdb"), ours.resolve("dump.rdb"));
                Files.move(dump, theirs.resolve("dump.rdb"));
                node.start();
                real.start();
                if (lru) { // time goes on
                    assertThat((long) use(node, policy, "s")).isGreaterThanOrEqualTo(2);
                    assertThat((long) use(real, policy, "s")).isGreaterThanOrEqualTo(2);
                    assertThat((long) use(node, policy, "used")).isLessThan((long) use(node, policy, "s"));
                    assertThat((long) use(real, policy, "used")).isLessThan((long) use(real, policy, "s"));
                } else {
                    assertThat(new Object[] {
                                use(real, policy, "s"),
                                use(real, policy, "used"),
                                use(node, policy, "s"),
                                use(node, policy, "used")
                            })
                            .isEqualTo(before);
                }
                assertThat(node.call("LRANGE", "l", "0", "-1")).isEqualTo(List.of("a", "b"));
            }
        }
    }

    private static Object use(ServerProcess server, String policy, String key) {
        return server.call("OBJECT", policy.endsWith("lru") ? "IDLETIME" : "FREQ", key);
    }

    @Test
    void aClientThatDoesNotTouchLeavesUsesAsTheyAre() {
        try (ServerProcess node = ServerProcess.node(
                        folder, "--maxmemory-policy", "allkeys-lfu", "--lfu-log-factor", "0", "--lfu-decay-time", "0");
                Jedis jedis = node.connect()) {
            jedis.set("k", "v");
            assertThat(use(node, "allkeys-lfu", "k")).isEqualTo(5L);
            jedis.get("k");
            assertThat(use(node, "allkeys-lfu", "k")).isEqualTo(6L);
            ServerProcess.call(jedis, "CLIENT", "NO-TOUCH", "ON");
            jedis.get("k");
            jedis.exists("k");
            assertThat(use(node, "allkeys-lfu", "k")).isEqualTo(6L);
            jedis.touch("k");
            assertThat(use(node, "allkeys-lfu", "k")).isEqualTo(7L);
            assertThat((String) ServerProcess.call(jedis, "CLIENT", "INFO")).contains(" flags=T ");
            ServerProcess.call(jedis, "CLIENT", "NO-TOUCH", "OFF");
            jedis.get("k");
            jedis.ttl("k");
            jedis.type("k");
            assertThat(use(node, "allkeys-lfu", "k")).isEqualTo(8L);
        }
    }

    @Test
    void memoryUsageOfAllKeysIsWhatTheDataTake() {
        try (ServerProcess node = ServerProcess.node(folder);
                Jedis jedis = node.connect()) {
            load(node, 20_000);
            for (int i = 0; i < 20_000; i++) {
                jedis.sadd("large set", "member " + i);
                jedis.zadd("large zset", i, "member " + i);
                jedis.rpush("large list", "element " + i);
            }
            for (String samples : List.of("0", "20")) {
                long sum = 0;
                for (int db = 0; db < 2; db++) {
                    jedis.select(db);
                    for (String key : jedis.keys("*")) {
                        sum += (long) ServerProcess.call(jedis, "MEMORY", "USAGE", key, "SAMPLES", samples);
                    }
                }
                double truth = data(node);
                assertThat(sum / truth)
                        .as("%s samples", samples)
                        .isBetween(samples.equals("0") ? 0.999 : 0.8, samples.equals("0") ? 1.001 : 1.2);
            }
            assertThat(node.call("MEMORY", "PURGE")).isEqualTo("OK");
            assertThat((String) node.call("MEMORY", "DOCTOR")).isNotEmpty();
            assertThat((String) node.call("MEMORY", "MALLOC-STATS")).contains("db1: used ");
            assertThat(node.map("MEMORY", "STATS"))
                    .containsEntry("keys.count", keys(node))
                    .containsKey("db.1");
        }
    }
}
