package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * SIGKILL at random moments under load, in the middle of rewrites too: what was acknowledged is there after the start, in
 * order, and the history goes on. {@code -Dkill.rounds} says how many times.
 */
class KillRoundsTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int WRITERS = 4;

    @TempDir
    private Path folder;

    /** Appends 1, 2, 3, ... to a list of its own, a few in one go, until the connection ends. */
    private static final class Writer implements Runnable {
        private final ServerProcess node;
        private final String list;
        private final int batch;
        private final AtomicBoolean over;
        private long next;
        private volatile long acknowledged;

        Writer(ServerProcess node, int number, AtomicBoolean over) {
            this.node = node;
            this.list = "list:" + number;
            this.batch = 1 + number * 7;
            this.over = over;
        }

        @Override
        public void run() {
            try (Jedis jedis = node.connect()) {
                while (!over.get()) {
                    Pipeline pipeline = jedis.pipelined();
                    for (int i = 0; i < batch; i++) {
                        pipeline.rpush(list, Long.toString(++next));
                    }
                    pipeline.sync();
                    acknowledged = next;
                }
            } catch (JedisConnectionException e) {
                // It was killed. What was on its way may be there or not.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec"})
    void whatWasAcknowledgedIsThere(String fsync) throws Exception {
        Random random = new Random(SEED);
        long lost = 0;
        long written = 0;
        try (ServerProcess node = ServerProcess.node(
                folder.resolve("node"), "--appendonly", "yes", "--appendfsync", fsync, "--aof-load-truncated", "yes")) {
            AtomicBoolean over = new AtomicBoolean();
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(new Writer(node, i, over));
            }
            String history = node.info("master_replid");
            for (int round = 0; round < ROUNDS; round++) {
                List<Thread> threads = writers.stream()
                        .map(writer -> Thread.ofPlatform().start(writer))
                        .toList();
                long before = writers.getFirst().acknowledged;
                Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> writers.getFirst().acknowledged > before);
                if (random.nextBoolean()) {
                    rewrite(node);
                }
                Thread.sleep(random.nextInt(400));
                node.kill();
                for (Thread thread : threads) {
                    thread.join();
                }
                node.start();
                for (Writer writer : writers) {
                    long there = (long) node.call("LLEN", writer.list);
                    lost += Math.max(0, writer.acknowledged - there);
                    written += there;
                    String last = (String) node.call("LINDEX", writer.list, "-1");
                    assertThat(last)
                            .as("the last of %s, seed %d", writer.list, SEED)
                            .isEqualTo(Long.toString(there));
                    writer.next = there;
                    writer.acknowledged = there;
                }
                assertThat(lost)
                        .as("acknowledged and lost in round %d, seed %d", round, SEED)
                        .isZero();
                // A master begins a history anew, as in Redis; it can say where the one before ended.
                assertThat(node.info("master_replid2"))
                        .as("round %d, seed %d", round, SEED)
                        .isEqualTo(history);
                history = node.info("master_replid");
                if (random.nextInt(8) == 0) {
                    node.call("DEL", "list:0", "list:1", "list:2", "list:3");
                    for (Writer writer : writers) {
                        writer.next = 0;
                        writer.acknowledged = 0;
                    }
                }
            }
        }
        System.out.println("kill -9 with appendfsync " + fsync + ": " + ROUNDS + " rounds, " + written
                + " elements found, " + lost + " acknowledged ones lost");
    }

    /** The file is turned off, mostly on again, and killed then: what was in a whole file is there, and no list has a hole. */
    @Test
    void turningTheFileOffAndOnLosesNothingThatItHad() throws Exception {
        Random random = new Random(SEED);
        int whole = 0;
        long[] kept = new long[WRITERS];
        try (ServerProcess node = ServerProcess.node(
                folder.resolve("node"),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--aof-load-truncated",
                "yes")) {
            AtomicBoolean over = new AtomicBoolean();
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(new Writer(node, i, over));
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<Thread> threads = writers.stream()
                        .map(writer -> Thread.ofPlatform().start(writer))
                        .toList();
                long before = writers.getFirst().acknowledged;
                Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> writers.getFirst().acknowledged > before);
                boolean isWhole = true;
                for (int times = 1 + random.nextInt(3); times > 0; times--) {
                    if (isWhole) {
                        note(writers, kept);
                    }
                    node.call("CONFIG", "SET", "appendonly", "no");
                    Thread.sleep(random.nextInt(50));
                    if (times == 1 && random.nextInt(4) == 0) {
                        break; // it ends without a file
                    }
                    node.call("CONFIG", "SET", "appendonly", "yes");
                    isWhole = random.nextBoolean();
                    if (isWhole) {
                        node.awaitInfo("aof_rewrite_scheduled", "0");
                        node.awaitInfo("aof_rewrite_in_progress", "0");
                        assertThat(node.info("aof_last_bgrewrite_status")).isEqualTo("ok");
                        note(writers, kept);
                        whole++;
                    } else {
                        Thread.sleep(random.nextInt(20));
                    }
                }
                node.kill();
                for (Thread thread : threads) {
                    thread.join();
                }
                node.start();
                for (int i = 0; i < WRITERS; i++) {
                    Writer writer = writers.get(i);
                    long there = (long) node.call("LLEN", writer.list);
                    assertThat(there)
                            .as("%s, round %d, seed %d", writer.list, round, SEED)
                            .isGreaterThanOrEqualTo(kept[i]);
                    assertThat(node.call("LINDEX", writer.list, "-1"))
                            .as("the last of %s, round %d, seed %d", writer.list, round, SEED)
                            .isEqualTo(there == 0 ? "(nil)" : Long.toString(there));
                    writer.next = there;
                    writer.acknowledged = there;
                }
            }
        }
        System.out.println(
                "the append-only file off and on, and kill -9: " + ROUNDS + " rounds, " + whole + " times whole again");
    }

    private static void note(List<Writer> writers, long[] acknowledged) {
        for (int i = 0; i < acknowledged.length; i++) {
            acknowledged[i] = writers.get(i).acknowledged;
        }
    }

    private static void rewrite(ServerProcess node) {
        try {
            node.call("BGREWRITEAOF");
        } catch (JedisDataException e) {
            assertThat(e).hasMessageContaining("already in progress");
        }
    }
}
