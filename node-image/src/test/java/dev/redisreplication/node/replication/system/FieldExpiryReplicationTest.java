package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Fields that expire, from master to replica: in the dump of a full resync and in the stream. Ours and Redis 8.0, in every cast. */
class FieldExpiryReplicationTest {
    private static final String NODE = "node";
    private static final String REDIS8 = "redis8-server";
    private static final long LATER = 4_102_444_800_000L; // the year 2100

    @TempDir
    private Path folder;

    private ServerProcess start(String program, String name, String... arguments) {
        return program.equals(NODE)
                ? ServerProcess.node(folder.resolve(name), arguments)
                : ServerProcess.peer(program, folder.resolve(name), arguments);
    }

    private static String[] names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(90)).until(condition);
    }

    @ParameterizedTest
    @CsvSource({NODE + "," + NODE, NODE + "," + REDIS8, REDIS8 + "," + NODE})
    void goesWithTheDumpAndTheStream(String one, String other) {
        try (ServerProcess first = start(one, "first");
                Jedis master = first.connect()) {
            for (String field : names("f", 1000)) {
                master.hset("large", field, "v");
            }
            master.hpexpireAt("large", LATER, names("f", 300));
            master.hset("small", Map.of("a", "1", "b", "2"));
            master.hpexpireAt("small", LATER + 7, "b");
            try (ServerProcess second = start(other, "second", "--replicaof", "127.0.0.1 " + first.port());
                    Jedis replica = second.connect()) {
                second.awaitCaughtUp(first);
                same(master, replica);
                master.hpexpire("small", 1_000_000, "a");
                master.hpersist("small", "b");
                master.hset("large", "f3", "again");
                master.hpexpireAt("large", LATER + 3, "f998", "f999");
                if (one.equals(NODE)) { // Redis 8.0 loses the time on its replicas, as it logs a plain HSET
                    master.hincrByFloat("small", "a", 1.5);
                }
                master.hexpire("large", 0, "f500", "f501");
                second.awaitCaughtUp(first);
                same(master, replica);
                expires(first, master, second, replica);
            }
        }
    }

    /** The master deletes fields whose time is over, looked at or not; the replica hears of each by a HDEL. */
    private static void expires(ServerProcess first, Jedis master, ServerProcess second, Jedis replica) {
        master.hpexpire("large", 50, names("f", 200));
        master.hset("whole", Map.of("x", "1", "y", "2"));
        master.hpexpire("whole", 50, "x", "y");
        await("the master has deleted them", () -> master.hlen("large") == 798 && !master.exists("whole"));
        second.awaitCaughtUp(first);
        assertThat(replica.hlen("large")).isEqualTo(798);
        assertThat(replica.exists("whole")).isFalse();
        same(master, replica);
        assertThat(first.info("expired_subkeys")).isEqualTo("204"); // two were given a time that was over
    }

    /** A base of commands says them by HPEXPIREAT; a dump has them; both are read again, and by Redis 8.0. */
    @ParameterizedTest
    @CsvSource({"yes", "no"})
    void areInTheAppendOnlyFile(String preamble) throws Exception {
        String[] flags = {"--appendonly", "yes", "--aof-use-rdb-preamble", preamble};
        List<Long> times = List.of(LATER, LATER + 1, -1L);
        try (ServerProcess node = start(NODE, "node", flags)) {
            try (Jedis jedis = node.connect()) {
                jedis.hset("h", Map.of("a", "1", "b", "2", "c", "3"));
                jedis.hpexpireAt("h", LATER, "a");
                node.call("BGREWRITEAOF");
                await("the rewrite is done", () -> node.info("aof_rewrites").equals("1"));
                jedis.hpexpireAt("h", LATER + 1, "b");
            }
            node.kill();
            node.start();
            try (Jedis jedis = node.connect()) {
                assertThat(jedis.hpexpireTime("h", "a", "b", "c")).isEqualTo(times);
                assertThat(jedis.hlen("h")).isEqualTo(3);
            }
            node.kill();
        }
        try (ServerProcess real = start(REDIS8, "node", flags);
                Jedis jedis = real.connect()) {
            assertThat(jedis.hpexpireTime("h", "a", "b", "c")).isEqualTo(times);
        }
    }

    private static void same(Jedis one, Jedis other) {
        String[] all = names("f", 1000);
        for (String key : List.of("large", "small")) {
            assertThat(other.hgetAll(key)).as(key).isEqualTo(one.hgetAll(key));
        }
        assertThat(other.hpexpireTime("large", all)).isEqualTo(one.hpexpireTime("large", all));
        assertThat(other.hpexpireTime("small", "a", "b")).isEqualTo(one.hpexpireTime("small", "a", "b"));
        assertThat(other.objectEncoding("small")).isEqualTo(one.objectEncoding("small"));
    }
}
