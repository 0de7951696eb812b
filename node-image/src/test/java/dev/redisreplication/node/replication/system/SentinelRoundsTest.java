package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Failover after failover. {@code -Dsentinel.rounds=N} says how many, {@code -Dsentinel.cast} by whom: {@code ours} over ours,
 * {@code real} over real ones, or {@code mixed}; {@code -Dsentinel.ends=kill} how the master ends: {@code kill}, {@code stop} or
 * {@code freeze}, or a list of them. Prints the times from there to the first write that is taken, with down-after 1 s.
 */
class SentinelRoundsTest {
    @TempDir
    private Path folder;

    private static IntFunction<String> programs(String ours, String real) {
        return switch (System.getProperty("sentinel.cast", "ours")) {
            case "real" -> i -> real;
            case "mixed" -> i -> i % 2 == 0 ? ours : real;
            default -> i -> ours;
        };
    }

    @Test
    void oneMasterAfterEachFailover() throws Exception {
        int rounds = Integer.getInteger("sentinel.rounds", 1);
        List<String> ends = List.of(System.getProperty("sentinel.ends", "kill").split(",", -1));
        Random random = new Random(rounds);
        List<Long> times = new ArrayList<>();
        try (SentinelGroup group = new SentinelGroup(
                folder, programs("node", "redis"), programs("node-sentinel", "redis-sentinel"), 1000)) {
            for (int round = 0; round < rounds; round++) {
                ServerProcess old = group.awaitSettled();
                Thread.sleep(random.nextInt(1000)); // at any moment between two PINGs
                long before = promotions(group);
                String end = ends.get(random.nextInt(ends.size()));
                long from = System.nanoTime();
                end(old, end);
                String key = "round-" + round;
                times.add(group.millisToWrite(old, key, from));
                back(old, end);
                group.awaitSettled();
                Awaitility.await("round " + round + " (" + end + ")")
                        .atMost(ServerProcess.PATIENCE)
                        .ignoreException(JedisConnectionException.class) // a new role closes clients
                        .untilAsserted(() -> isSound(group, key, before));
                System.out.printf(
                        "%tT round %d %s: %d ms, %d promoted%n",
                        Instant.now().atZone(ZoneOffset.UTC), round, end, times.getLast(), promotions(group) - before);
            }
        }
        print(times);
    }

    /** @param before how many were promoted before this round */
    private static void isSound(SentinelGroup group, String key, long before) throws IOException {
        ServerProcess master = group.named(group.sentinels.getFirst());
        assertThat(roles(group)).containsExactly("master", "slave", "slave");
        assertThat(group.servers.stream().filter(s -> SentinelGroup.writes(s, "who")))
                .as("who takes a write")
                .containsExactly(master);
        // A machine that pauses everybody for a second makes Sentinels promote once more, and asynchronous replication
        // has
        // then lost what no replica had yet.
        if (promotions(group) == before + 1) {
            assertThat(master.call("GET", key)).isEqualTo("v");
        }
    }

    private static long promotions(SentinelGroup group) throws IOException {
        long sum = 0;
        for (ServerProcess sentinel : group.sentinels) {
            sum += sentinel.log()
                    .lines()
                    .filter(line -> line.contains("+promoted-slave"))
                    .count();
        }
        return sum;
    }

    private static void end(ServerProcess server, String how) throws Exception {
        switch (how) {
            case "stop" -> server.stop();
            case "freeze" -> server.pause();
            default -> server.kill();
        }
    }

    private static void back(ServerProcess server, String how) throws Exception {
        if (how.equals("freeze")) {
            server.resume();
        } else {
            server.start();
        }
    }

    private static List<String> roles(SentinelGroup group) {
        return group.servers.stream().map(s -> s.info("role")).sorted().toList();
    }

    private static void print(List<Long> times) {
        List<Long> sorted = times.stream().sorted().toList();
        System.out.printf(
                "%s: %d failovers, to the first write in ms: least %d, median %d, p90 %d, most %d%n",
                System.getProperty("sentinel.cast", "ours"),
                sorted.size(),
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.getLast());
    }
}
