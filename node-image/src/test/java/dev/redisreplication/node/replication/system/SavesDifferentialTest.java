package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Saves, rewrites, failures and the append-only file turned off and on: replies and figures are those of the real server. */
class SavesDifferentialTest {
    private static final List<String> FIGURES = List.of(
            "rdb_changes_since_last_save",
            "rdb_bgsave_in_progress",
            "rdb_last_bgsave_status",
            "rdb_saves",
            "aof_enabled",
            "aof_rewrite_in_progress",
            "aof_rewrite_scheduled",
            "aof_last_bgrewrite_status",
            "aof_rewrites",
            "aof_last_write_status");
    /** Of which only matters whether there was one. */
    private static final List<String> TIMES = List.of("rdb_last_bgsave_time_sec", "aof_last_rewrite_time_sec");

    @TempDir
    private Path folder;

    private final List<String> seen = new ArrayList<>();

    private void says(ServerProcess server, String... words) {
        String reply;
        try {
            reply = server.call(words).toString();
        } catch (JedisDataException e) {
            reply = e.getMessage();
        }
        seen.add(String.join(" ", words) + ": " + reply.replaceAll("\\d{9,}", "N"));
        server.awaitInfo("rdb_bgsave_in_progress", "0");
        server.awaitInfo("aof_rewrite_scheduled", "0");
        server.awaitInfo("aof_rewrite_in_progress", "0");
        FIGURES.forEach(name -> seen.add("  " + name + ": " + server.info(name)));
        TIMES.forEach(name -> seen.add("  " + name + ": " + server.info(name).equals("-1")));
    }

    private void transaction(ServerProcess server, String... commands) {
        try (Jedis jedis = server.connect()) {
            ServerProcess.call(jedis, "MULTI");
            for (String command : commands) {
                ServerProcess.call(jedis, command.split(" ", -1));
            }
            seen.add(String.join(", ", commands) + ": " + ServerProcess.call(jedis, "EXEC"));
        }
        Awaitility.await("what was scheduled has begun")
                .atMost(ServerProcess.PATIENCE)
                .until(() -> server.info("aof_rewrite_scheduled").equals("0"));
        says(server, "PING");
    }

    private List<String> scenario(ServerProcess server) throws Exception {
        seen.clear();
        says(server, "LASTSAVE");
        says(server, "FLUSHALL");
        says(server, "MSET", "a", "1", "b", "1", "c", "1");
        says(server, "FLUSHDB");
        says(server, "FLUSHDB");
        says(server, "MSET", "a", "1", "b", "1", "c", "1");
        says(server, "FLUSHALL");
        says(server, "SET", "a", "1");
        says(server, "SAVE");
        says(server, "BGSAVE");
        String saves = server.info("rdb_saves");
        transaction(server, "SET a 2", "BGSAVE", "SET a 3", "BGSAVE SCHEDULE");
        Awaitility.await("the scheduled save")
                .atMost(ServerProcess.PATIENCE)
                .until(() -> !server.info("rdb_saves").equals(saves)
                        && server.info("rdb_bgsave_in_progress").equals("0"));
        says(server, "PING");
        says(server, "BGSAVE", "x");
        says(server, "BGSAVE", "SCHEDULE");
        says(server, "BGSAVE", "SCHEDULE", "x");
        says(server, "SAVE", "x");
        says(server, "BGREWRITEAOF");
        transaction(server, "SET m 1", "BGREWRITEAOF", "SET m 2");
        says(server, "CONFIG", "SET", "appendonly", "no");
        says(server, "BGREWRITEAOF");
        says(server, "SET", "b", "2");
        says(server, "CONFIG", "SET", "appendonly", "yes");
        says(server, "CONFIG", "SET", "appendonly", "no");
        says(server, "CONFIG", "SET", "save", "3600 1000");
        Path dump = server.directory().resolve("dump.rdb");
        Files.delete(dump);
        Files.createDirectories(dump.resolve("in the way"));
        says(server, "SAVE"); // who waits for it knows: the others' status stays
        says(server, "SET", "c", "0");
        says(server, "BGSAVE");
        says(server, "SET", "c", "1");
        says(server, "SAVE");
        says(server, "CONFIG", "SET", "save", "");
        says(server, "SET", "c", "1");
        says(server, "CONFIG", "SET", "save", "3600 1000");
        says(server, "SET", "c", "1");
        says(server, "PING");
        says(server, "EVAL", "return redis.call('SET', 'c', '1')", "0");
        says(server, "GET", "a");
        says(server, "CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
        says(server, "SET", "c", "2");
        says(server, "CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
        Files.delete(dump.resolve("in the way"));
        Files.delete(dump);
        says(server, "SAVE");
        says(server, "SET", "d", "1");
        return List.copyOf(seen);
    }

    @Test
    void areThoseOfTheRealServer() throws Exception {
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"), "--appendonly", "yes");
                ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            assertThat(scenario(node)).isEqualTo(scenario(real));
        }
    }

    /** FLUSHALL ends the save that runs, without any other trace of it. */
    @Test
    void aSaveOfWhatIsFlushedIsGivenUp() {
        try (ServerProcess real = ServerProcess.redis(folder.resolve("real"));
                ServerProcess node = ServerProcess.node(folder.resolve("node"), "--enable-debug-command", "yes")) {
            assertThat(flushedMeanwhile(node)).isEqualTo(flushedMeanwhile(real));
        }
    }

    private List<String> flushedMeanwhile(ServerProcess server) {
        seen.clear();
        server.call("DEBUG", "POPULATE", "300000", "key", "100");
        try (Jedis jedis = server.connect();
                Pipeline pipeline = jedis.pipelined()) {
            pipeline.sendCommand(Command.BGSAVE, new String[0]);
            pipeline.sendCommand(Command.FLUSHALL, new String[0]);
            pipeline.sync();
        }
        says(server, "PING");
        seen.add("a dump: " + Files.exists(server.directory().resolve("dump.rdb")));
        return List.copyOf(seen);
    }
}
