package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.node.net.TestTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

class InfoFiguresTest {
    @TempDir
    private Path dir;

    private Server start(String name) throws Exception {
        Path folder = Files.createDirectories(dir.resolve(name));
        List<String> args = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
        args.addAll(TestTransport.flags());
        return Server.start(args.toArray(new String[0]));
    }

    private static long figure(Jedis jedis, String name) {
        return jedis.info()
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @SuppressWarnings("unchecked")
    void scriptsAndFunctionsTakeTheirMemory() throws Exception {
        try (Server server = start("scripts");
                Jedis jedis = Clients.connect(server)) {
            assertThat(figure(jedis, "used_memory_scripts")).isZero();
            jedis.scriptLoad("return 1");
            long eval = figure(jedis, "used_memory_scripts_eval");
            assertThat(eval).isPositive();
            jedis.functionLoad(
                    "#!lua name=lib\nredis.register_function('f', function() return 1 end) --" + "x".repeat(10_000));
            long functions = figure(jedis, "used_memory_functions");
            assertThat(functions).isBetween(10_000L, 11_000L);
            assertThat(figure(jedis, "used_memory_scripts")).isEqualTo(eval + functions);
            List<Object> stats = (List<Object>) jedis.sendCommand(Protocol.Command.MEMORY, "STATS");
            Map<String, Object> byName = new HashMap<>();
            for (int i = 0; i < stats.size(); i += 2) {
                byName.put(new String((byte[]) stats.get(i), StandardCharsets.US_ASCII), stats.get(i + 1));
            }
            assertThat(byName).containsEntry("lua.caches", eval).containsEntry("functions.caches", functions);
            jedis.functionFlush();
            jedis.scriptFlush();
            assertThat(figure(jedis, "used_memory_scripts")).isZero();
        }
    }

    @Test
    void readsAreCountedAsHitsAndMissesAndWritesAreNot() throws Exception {
        try (Server server = start("a");
                Jedis jedis = Clients.connect(server)) {
            jedis.set("k", "v");
            jedis.setnx("k", "v");
            jedis.setnx("other", "v");
            jedis.incr("n");
            jedis.lpush("list", "a");
            jedis.expire("nothing", 10);
            jedis.del("nothing");
            assertThat(figure(jedis, "keyspace_hits")).isZero();
            assertThat(figure(jedis, "keyspace_misses")).isZero();

            jedis.get("k");
            jedis.mget("k", "nothing");
            jedis.exists("k");
            jedis.lrange("list", 0, -1);
            jedis.ttl("nothing");
            assertThat(figure(jedis, "keyspace_hits")).isEqualTo(4);
            assertThat(figure(jedis, "keyspace_misses")).isEqualTo(2);

            assertThat(figure(jedis, "total_reads_processed")).isPositive();
            assertThat(figure(jedis, "total_writes_processed")).isPositive();
            jedis.configResetStat();
            assertThat(figure(jedis, "keyspace_hits")).isZero();
        }
    }

    @Test
    void aCommandOfTheMasterThatFailsIsCounted() throws Exception {
        try (Server master = start("master");
                Server replica = start("replica");
                Jedis toMaster = Clients.connect(master);
                Jedis toReplica = Clients.connect(replica)) {
            toMaster.set("k", "v");
            toReplica.replicaof("127.0.0.1", master.port());
            await().atMost(Duration.ofSeconds(60)).until(() -> "v".equals(toReplica.get("k")));
            toReplica.configSet("replica-read-only", "no");
            toReplica.del("k");
            toReplica.lpush("k", "not a string");
            assertThat(figure(toReplica, "unexpected_error_replies")).isZero();
            toMaster.append("k", "w");
            toMaster.set("end", "1");
            await().atMost(Duration.ofSeconds(60)).until(() -> toReplica.exists("end"));
            assertThat(figure(toReplica, "unexpected_error_replies")).isEqualTo(1);
            assertThat(toReplica.lrange("k", 0, -1)).containsExactly("not a string");
        }
    }

    @Test
    void hzCanBeChangedWhileTheNodeRuns() throws Exception {
        try (Server server = start("a");
                Jedis jedis = Clients.connect(server)) {
            for (String hz : List.of("1", "500", "20")) {
                jedis.configSet("hz", hz);
                assertThat(figure(jedis, "configured_hz")).isEqualTo(Long.parseLong(hz));
                jedis.configResetStat();
                jedis.psetex("k", 1, "v");
                await().atMost(Duration.ofSeconds(60)).until(() -> figure(jedis, "expired_keys") == 1);
            }
        }
    }

    @Test
    void aLineForTheDefaultUserSaysWhichPasswordsOpenTheNode() throws Exception {
        Path conf = Files.writeString(
                dir.resolve("redis.conf"),
                "user default on >one #3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 ~* &* +@all");
        List<String> args =
                new ArrayList<>(List.of(conf.toString(), "--port", "0", "--bind", "127.0.0.1", "--save", ""));
        args.addAll(TestTransport.flags());
        try (Server server = Server.start(args.toArray(new String[0]));
                Jedis jedis = Clients.connect(server)) {
            assertThatThrownBy(jedis::ping).hasMessageContaining("NOAUTH");
            assertThatThrownBy(() -> jedis.auth("three")).hasMessageContaining("WRONGPASS");
            assertThat(jedis.auth("one")).isEqualTo("OK");
            assertThat(jedis.auth("two")).isEqualTo("OK");
            jedis.configSet("requirepass", "three");
            assertThat(jedis.auth("three")).isEqualTo("OK");
            assertThatThrownBy(() -> jedis.auth("one")).hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void whoReadsTooSlowlyIsClosed() throws Exception {
        try (Server server = start("a");
                Jedis jedis = Clients.connect(server);
                Jedis slow = Clients.connect(server)) {
            jedis.configSet("client-output-buffer-limit", "normal 1mb 0 0");
            byte[] key = "k".getBytes(StandardCharsets.US_ASCII);
            jedis.set(key, new byte[100_000]);
            assertThat(jedis.get(key)).hasSize(100_000);
            Pipeline flood = slow.pipelined();
            for (int i = 0; i < 1000; i++) {
                flood.get(key); // a hundred megabytes that it does not read meanwhile
            }
            assertThatThrownBy(flood::sync).isInstanceOf(JedisConnectionException.class);
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }
}
