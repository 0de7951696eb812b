package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.awaitLog;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Full resyncs that lead to nothing, again and again, are not begun again and again. */
class FullSyncBackoffTest {
    @TempDir
    Path folder;

    private static int count(ServerProcess server, String part) throws IOException {
        return server.log().split(part, -1).length - 1;
    }

    private static void write(Jedis to, int kilobytes) {
        Pipeline pipeline = to.pipelined();
        for (int i = 0; i < kilobytes; i++) {
            pipeline.set("key:" + i % 100, "x".repeat(1000));
        }
        pipeline.sync();
    }

    /** While a real replica loads, more is written than may wait for it. */
    @Test
    void moreIsWrittenThanMayWait() throws Exception {
        try (ServerProcess master = ServerProcess.node(
                        folder.resolve("master"),
                        "--client-output-buffer-limit",
                        "replica 1mb 0 0",
                        "--repl-backlog-size",
                        "64kb");
                Jedis writer = master.connect()) {
            for (int i = 0; i < 2000; i++) {
                writer.set("data:" + i, "1");
            }
            AtomicBoolean enough = new AtomicBoolean();
            Thread load = Thread.ofVirtual().start(() -> {
                try (Jedis jedis = master.connect()) {
                    while (!enough.get()) {
                        write(jedis, 100);
                    }
                }
            });
            try (ServerProcess replica = ServerProcess.redis(
                    folder.resolve("replica"),
                    "--key-load-delay",
                    "500",
                    "--replicaof",
                    "127.0.0.1 " + master.port())) {
                String name = "replica 127.0.0.1:" + replica.port();
                awaitLog(master, "Full resyncs with " + name + " lead to nothing, 3 in a row: more is written than it");
                awaitLog(master, "Delay next full resync with " + name + " for ");
                assertThat(count(master, "overcoming of output buffer limits")).isBetween(3, 5);
                enough.set(true);
                load.join();
                replica.awaitCaughtUp(master);
                assertThat(replica.call("DBSIZE")).isEqualTo(master.call("DBSIZE"));
            } finally {
                enough.set(true);
                load.join();
            }
        }
    }

    /** A Redis that is too old for fields that expire asks for the same dump for ever; once there are none it gets it. */
    @Test
    void theDumpCannotBeRead() throws Exception {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                Jedis jedis = master.connect()) {
            jedis.hset("h", "a", "1");
            jedis.hexpire("h", 100_000, "a");
            try (ServerProcess replica =
                    ServerProcess.redis(folder.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port())) {
                String name = "eplica 127.0.0.1:" + replica.port();
                awaitLog(replica, "Can't handle RDB format version 12");
                awaitLog(
                        master,
                        name + " left without a word when it had the whole dump, in which there are fields of hashes"
                                + " that expire: only Redis from 7.4 on can read them.");
                awaitLog(master, "Full resyncs with r" + name + " lead to nothing, 3 in a row: it left without a word");
                int dumps = count(master, "Starting BGSAVE for SYNC");
                awaitLog(master, "Delay next full resync with r" + name + " for ");
                assertThat(dumps).isLessThan(5);
                assertThat(master.info("slave0")).contains("state=wait_bgsave");
                assertThat(replica.info("master_link_status")).isEqualTo("down");
                jedis.hpersist("h", "a");
                replica.awaitCaughtUp(master);
                assertThat(replica.call("HGET", "h", "a")).isEqualTo("1");
            }
        }
    }
}
