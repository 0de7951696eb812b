package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** {@code repl-diskless-load}: what a replica serves while a dump comes, and which way the dump takes. */
class DisklessLoadDifferentialTest {
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";
    private static final String MARK = "f".repeat(40);
    private static final String HEADER = "REDIS0009";
    private static final String END = "\u00ff\0\0\0\0\0\0\0\0"; // a checksum of zero says: none

    @TempDir
    private Path folder;

    /** Newer masters, each way; by length as well, where the replica has no say. */
    @ParameterizedTest
    @CsvSource({
        "redis8-server, disabled, yes",
        "redis8-server, on-empty-db, yes",
        "redis8-server, swapdb, yes",
        "redis8-server, swapdb, no",
        "valkey-server, disabled, yes",
        "valkey-server, on-empty-db, yes",
        "valkey-server, swapdb, yes",
        "valkey-server, swapdb, no",
    })
    void aNewerMaster(String program, String kind, String diskless) {
        try (ServerProcess master =
                        ServerProcess.peer(program, folder.resolve("master"), "--repl-diskless-sync", diskless);
                ServerProcess replica = ServerProcess.node(folder.resolve("replica"), "--repl-diskless-load", kind)) {
            try (Jedis jedis = master.connect()) {
                new Workload(1).run(jedis, 500);
            }
            follow(replica, master);
            replica.call("REPLICAOF", "NO", "ONE");
            replica.call("SET", "old", "1");
            follow(replica, master);
            assertThat(master.info("sync_full")).isEqualTo("2");
            try (Jedis expected = master.connect();
                    Jedis found = replica.connect()) {
                assertThat(Workload.contents(found)).isEqualTo(Workload.contents(expected));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "redis, disabled, to disk, to disk",
        "node, disabled, to disk, to disk",
        "redis, on-empty-db, to parser, to disk",
        "node, on-empty-db, to parser, to disk",
        "redis, swapdb, to parser, to parser",
        "node, swapdb, to parser, to parser",
    })
    void theWayOfADump(String program, String kind, String whenEmpty, String whenNot) throws IOException {
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"));
                ServerProcess replica =
                        ServerProcess.of(program, folder.resolve("replica"), "--repl-diskless-load", kind)) {
            try (Jedis jedis = master.connect()) {
                new Workload(1).run(jedis, 500);
                jedis.set("of", "master");
            }
            follow(replica, master);
            assertThat(lastReceiving(replica)).endsWith(whenEmpty);

            replica.call("REPLICAOF", "NO", "ONE");
            replica.call("SET", "of", "replica");
            replica.call("SET", "old", "1");
            follow(replica, master);
            assertThat(lastReceiving(replica)).endsWith(whenNot);
            assertThat(replica.call("GET", "of")).isEqualTo("master");
            try (Jedis expected = master.connect();
                    Jedis found = replica.connect()) {
                assertThat(Workload.contents(found)).isEqualTo(Workload.contents(expected));
            }
        }
    }

    private static void follow(ServerProcess replica, ServerProcess master) {
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
        replica.awaitCaughtUp(master);
    }

    private static String lastReceiving(ServerProcess replica) throws IOException {
        return replica.log()
                .lines()
                .filter(line -> line.contains("MASTER <-> REPLICA sync: receiving"))
                .reduce((before, last) -> last)
                .orElseThrow()
                .strip();
    }

    /** INFO calls only that an asynchronous load which swaps data of one history, as in Redis. */
    @ParameterizedTest
    @CsvSource({"redis, swapdb, 1", "node, swapdb, 1", "redis, disabled, 0", "node, disabled, 0"})
    void oldDataAreServedUntilTheNewAreWhole(String program, String kind, String async) throws Exception {
        try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerProcess replica = ServerProcess.of(
                        program,
                        folder.resolve("replica"),
                        "--repl-diskless-load",
                        kind,
                        "--replicaof",
                        "127.0.0.1 " + master.getLocalPort())) {
            master.setSoTimeout(90_000);
            try (Socket link = master.accept()) {
                transfer(link, 100, HEADER + string("old", "1") + END);
                replica.awaitInfo("master_link_status", "up");
            }
            try (Socket link = master.accept()) { // the same history, but too late for a partial resync
                MasterByHand.send(link, announcement(link, 200) + HEADER);
                AtomicBoolean enough = new AtomicBoolean();
                CompletableFuture<Void> slow = CompletableFuture.runAsync(() -> trickle(link, enough));
                replica.awaitInfo("async_loading", async);
                if (async.equals("0")) {
                    Awaitility.await("the dump comes")
                            .atMost(ServerProcess.PATIENCE)
                            .until(() -> received(replica) > 1_000_000);
                    assertThat(replica.info("async_loading")).isEqualTo("0");
                }
                assertThat(replica.info("loading")).isEqualTo("0");
                assertThat(replica.call("GET", "old")).isEqualTo("1");
                assertThat(replica.call("DBSIZE")).isEqualTo(1L);
                enough.set(true);
                slow.get();
            } // and breaks off
            replica.awaitInfo("master_sync_in_progress", "0");
            assertThat(replica.info("async_loading")).isEqualTo("0");
            assertThat(replica.call("GET", "old")).isEqualTo("1");
            assertThat(replica.call("DBSIZE")).isEqualTo(1L);
            try (Socket link = master.accept()) {
                transfer(link, 300, HEADER + string("new", "2") + END);
                replica.awaitInfo("master_link_status", "up");
                assertThat(replica.call("GET", "old")).isEqualTo("(nil)");
                assertThat(replica.call("GET", "new")).isEqualTo("2");
                assertThat(replica.info("slave_repl_offset")).isEqualTo("300");
            }
        }
    }

    private static long received(ServerProcess replica) {
        String bytes = replica.info("master_sync_read_bytes");
        return bytes.isEmpty() ? 0 : Long.parseLong(bytes);
    }

    /** Keys without end, as a master sends them that has many. */
    private static void trickle(Socket link, AtomicBoolean enough) {
        try {
            for (int i = 0; !enough.get(); i++) {
                MasterByHand.send(link, string("key:" + i, "x".repeat(100_000)));
                Awaitility.await().pollDelay(Duration.ofMillis(2)).until(() -> true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String string(String key, String value) {
        int n = value.length();
        String length = "" + (char) 0x80 + (char) (n >>> 24) + (char) (n >>> 16 & 255) + (char) (n >>> 8 & 255)
                + (char) (n & 255);
        return "\0" + (char) key.length() + key + length + value;
    }

    private static void transfer(Socket link, long offset, String dump) throws IOException {
        MasterByHand.send(link, announcement(link, offset) + dump + MARK);
    }

    /** Answers the handshake of one connection up to PSYNC; returns what announces the dump. */
    private static String announcement(Socket link, long offset) throws IOException {
        MasterByHand.psync(link);
        return "+FULLRESYNC " + REPLID + " " + offset + "\r\n$EOF:" + MARK + "\r\n";
    }
}
