package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.FunctionRestorePolicy;

/** Libraries of functions belong to the data: replicas have them, of either kind, and so have dump and log. */
class FunctionsTest {
    private static final String COUNT = """
            #!lua name=counting
            redis.register_function('count', function(keys, args) return redis.call('incrby', keys[1], args[1]) end)
            redis.register_function{function_name = 'read', callback = function(keys)
                return redis.call('get', keys[1]) end, flags = {'no-writes'}, description = 'reads'}
            """;
    private static final String OTHER = "#!lua name=other\nredis.register_function('two', function() return 2 end)";

    @TempDir
    Path folder;

    private static Object libraries(ServerProcess server) {
        return server.call("FUNCTION", "LIST", "LIBRARYNAME", "other", "WITHCODE") + " "
                + server.call("FUNCTION", "DUMP").toString().length();
    }

    @Test
    void aRealReplicaHasThoseOfOurMaster() {
        try (ServerProcess master = ServerProcess.node(folder.resolve("node"))) {
            master.call("FUNCTION", "LOAD", COUNT);
            try (ServerProcess replica =
                    ServerProcess.redis(folder.resolve("redis"), "--replicaof", "127.0.0.1 " + master.port())) {
                follows(master, replica);
            }
        }
    }

    @Test
    void ourReplicaHasThoseOfARealMaster() {
        try (ServerProcess master = ServerProcess.redis(folder.resolve("redis"))) {
            master.call("FUNCTION", "LOAD", COUNT);
            try (ServerProcess replica =
                    ServerProcess.node(folder.resolve("node"), "--replicaof", "127.0.0.1 " + master.port())) {
                follows(master, replica);
            }
        }
    }

    private static void follows(ServerProcess master, ServerProcess replica) {
        replica.awaitInfo("master_link_status", "up");
        master.call("FCALL", "count", "1", "c", "5");
        master.call("FUNCTION", "LOAD", OTHER);
        replica.awaitCaughtUp(master);
        assertThat(replica.call("FCALL_RO", "read", "1", "c")).isEqualTo("5");
        assertThat(replica.call("FUNCTION", "LIST", "LIBRARYNAME", "other", "WITHCODE"))
                .isEqualTo(master.call("FUNCTION", "LIST", "LIBRARYNAME", "other", "WITHCODE"));
        assertThatThrownBy(() -> replica.call("FCALL", "count", "1", "c", "5")).hasMessageStartingWith("READONLY");
        master.call("FUNCTION", "DELETE", "counting");
        replica.awaitCaughtUp(master);
        assertThatThrownBy(() -> replica.call("FCALL_RO", "read", "1", "c")).hasMessage("ERR Function not found");
        master.call("FUNCTION", "FLUSH");
        replica.awaitCaughtUp(master);
        assertThat(replica.call("FUNCTION", "LIST")).isEqualTo(List.of());
    }

    @Test
    void theyAreKeptByDumpAndLog() throws Exception {
        try (ServerProcess node =
                ServerProcess.node(folder.resolve("node"), "--appendonly", "yes", "--enable-debug-command", "yes")) {
            node.call("FUNCTION", "LOAD", COUNT);
            node.call("BGREWRITEAOF");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            node.call("FUNCTION", "LOAD", OTHER);
            Object before = libraries(node);
            node.kill();
            node.start();
            assertThat(libraries(node)).isEqualTo(before);
            assertThat(node.call("FCALL", "count", "1", "c", "5")).isEqualTo(5L);
            node.call("DEBUG", "RELOAD");
            assertThat(libraries(node)).isEqualTo(before);
            assertThat(node.call("FCALL", "count", "1", "c", "5")).isEqualTo(10L);
            node.call("FLUSHALL");
            assertThat(node.call("FCALL", "two", "0")).isEqualTo(2L);
        }
    }

    @Test
    void whatOneDumpsTheOtherRestores() {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerProcess redis = ServerProcess.redis(folder.resolve("redis"))) {
            for (List<ServerProcess> pair : List.of(List.of(node, redis), List.of(redis, node))) {
                pair.getFirst().call("FUNCTION", "FLUSH");
                pair.getFirst().call("FUNCTION", "LOAD", COUNT);
                pair.getFirst().call("FUNCTION", "LOAD", OTHER + "\n-- long" + " long".repeat(100));
                try (Jedis from = pair.getFirst().connect();
                        Jedis to = pair.getLast().connect()) {
                    byte[] payload = from.functionDump();
                    assertThat(to.functionRestore(payload, FunctionRestorePolicy.FLUSH))
                            .isEqualTo("OK");
                    assertThatThrownBy(() -> to.functionRestore(payload))
                            .hasMessageMatching("ERR Library (counting|other) already exists");
                    payload[3]++;
                    assertThatThrownBy(() -> to.functionRestore(payload))
                            .hasMessage("ERR DUMP payload version or checksum are wrong");
                }
                assertThat(pair.getLast().call("FCALL", "two", "0")).isEqualTo(2L);
            }
        }
    }

    @Test
    void aFunctionThatNeverEndsIsKilled() {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--busy-reply-threshold", "50")) {
            node.call(
                    "FUNCTION",
                    "LOAD",
                    "#!lua name=l\nredis.register_function('loop', function() while true do end end)");
            var outcome = node.later("FCALL", "loop", "1", "k", "v");
            Awaitility.await().until(() -> {
                try {
                    node.call("PING");
                    return false;
                } catch (RuntimeException e) {
                    return e.getMessage().contains("You can only call FUNCTION KILL");
                }
            });
            assertThat(node.call("FUNCTION", "STATS").toString()).contains("loop", "FCALL", "duration_ms");
            assertThatThrownBy(() -> node.call("SCRIPT", "KILL")).hasMessageStartingWith("BUSY");
            assertThat(node.call("FUNCTION", "KILL")).isEqualTo("OK");
            assertThatThrownBy(outcome::join).hasMessageContaining("Script killed by user with FUNCTION KILL");
            assertThat(node.call("PING")).isEqualTo("PONG");
        }
    }
}
