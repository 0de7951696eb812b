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
 * Failover after failover. {@code -Dsentinel.rounds=N} says how many by each cast, {@code -Dsentinel.cast=a,b} by whom: Sentinels
 * over servers, such as {@code ours-over-real}, or {@code mixed}; {@code -Dsentinel.ends=kill,cut} how the master ends, in turn:
 * {@code kill}, {@code stop}, {@code freeze}, or {@code cut}, off from everybody but one client. Prints the times from there to
 * the first write that is taken, with down-after 1 s.
 */
class SentinelRoundsTest {
    private static final List<String> ENDS = words("sentinel.ends", "kill,cut");
    private static final boolean SEVERABLE = ENDS.contains("cut");

    @TempDir
    private Path folder;

    private final Random random = new Random(1);

    private static List<String> words(String property, String otherwise) {
        return List.of(System.getProperty(property, otherwise).split(",", -1));
    }

    private static IntFunction<String> programs(String kind, String suffix) {
        return i -> {
            boolean ours = kind.equals("ours") || (kind.equals("mixed") && i % 2 == 0);
            return (ours ? "node" : "redis") + suffix;
        };
    }

    /** @param number which of the casts it is: one may be there more than once */
    private SentinelGroup group(String cast, int number) throws IOException {
        String[] kinds = cast.split("-over-", 2);
        IntFunction<String> sentinels = programs(kinds[0], "-sentinel");
        IntFunction<String> servers = programs(kinds[kinds.length - 1], "");
        Path own = folder.resolve(number + "-" + cast);
        return SEVERABLE
                ? SentinelGroup.severable(own, servers, sentinels, 1000)
                : new SentinelGroup(own, servers, sentinels, 1000);
    }

    @Test
    void oneMasterAfterEachFailover() throws Exception {
        int rounds = Integer.getInteger("sentinel.rounds", ENDS.size());
        List<String> casts = words("sentinel.cast", "ours");
        for (int i = 0; i < casts.size(); i++) {
            String cast = casts.get(i);
            List<Long> times = new ArrayList<>();
            try (SentinelGroup group = group(cast, i)) {
                for (int round = 0; round < rounds; round++) {
                    String end = ENDS.get(round % ENDS.size());
                    times.add(round(group, end, cast + " round " + round + " " + end));
                }
            }
            print(cast, times);
        }
    }

    /** One failover and the way back; milliseconds from the end of the master to the first write that the next one takes. */
    private long round(SentinelGroup group, String end, String name) throws Exception {
        ServerProcess old = group.awaitSettled();
        Thread.sleep(random.nextInt(1000)); // at any moment between two PINGs
        long before = promotions(group);
        String key = name.replace(' ', '-');
        long millis;
        try (BothSides writer = new BothSides(old, key + "-old")) {
            long from = System.nanoTime();
            end(group, old, end);
            millis = group.millisToWrite(old, key, from);
            writer.switched();
            back(group, old, end);
            group.awaitSettled();
            Awaitility.await(name)
                    .atMost(ServerProcess.PATIENCE)
                    .ignoreException(JedisConnectionException.class) // a new role closes clients
                    .untilAsserted(() -> isSound(group, key, before));
            long twice = writer.stop();
            System.out.printf(
                    "%tT %s: %d ms, %d promoted, %d taken by the old one too%n",
                    Instant.now().atZone(ZoneOffset.UTC), name, millis, promotions(group) - before, twice);
            // One that is thawed may take what had come while it stood still, before it learns that it is alone. And it
            // may
            // be the master once more, see isSound.
            if (SEVERABLE && !end.equals("freeze") && promotions(group) == before + 1) {
                assertThat(twice)
                        .as("%s: writes that the old master took after the switch", name)
                        .isZero();
            }
        }
        return millis;
    }

    /** @param before how many were promoted before this round */
    private static void isSound(SentinelGroup group, String key, long before) throws IOException {
        ServerProcess master = group.named(group.sentinels.getFirst());
        assertThat(roles(group)).containsExactly("master", "slave", "slave");
        assertThat(group.servers.stream().filter(s -> SentinelGroup.writes(s, "who")))
                .as("who takes a write")
                .containsExactly(master);
        assertThat(group.sentinels.stream().map(s -> s.call("SENTINEL", "CKQUORUM", SentinelGroup.NAME)))
                .as("what the quorum is")
                .allMatch(said -> said.toString().startsWith("OK 3 usable Sentinels"));
        // A machine that pauses everybody for a second makes Sentinels promote once more, and asynchronous replication
        // has then lost what no replica had yet.
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

    private static void end(SentinelGroup group, ServerProcess server, String how) throws Exception {
        switch (how) {
            case "stop" -> server.stop();
            case "freeze" -> server.pause();
            case "cut" -> group.cutOff(server);
            default -> server.kill();
        }
    }

    private static void back(SentinelGroup group, ServerProcess server, String how) throws Exception {
        switch (how) {
            case "freeze" -> server.resume();
            case "cut" -> group.heal(server);
            default -> server.start();
        }
    }

    private static List<String> roles(SentinelGroup group) {
        return group.servers.stream().map(s -> s.info("role")).sorted().toList();
    }

    private static void print(String cast, List<Long> times) {
        List<Long> sorted = times.stream().sorted().toList();
        System.out.printf(
                "%s: %d failovers, to the first write in ms: least %d, median %d, p90 %d, most %d%n",
                cast,
                sorted.size(),
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.getLast());
    }
}
