package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random commands, scripts and transactions on a node whose memory is full, under each policy: what it has evicted is not on the
 * replica, nor in dump and log. Which keys go is the node's own affair, and nothing is compared with a real server.
 */
@ExtendWith(Proof.class)
class EvictionProgramsTest {
    private static final List<String> POLICIES = List.of(
            "noeviction",
            "allkeys-lru",
            "allkeys-lfu",
            "allkeys-random",
            "volatile-lru",
            "volatile-lfu",
            "volatile-random",
            "volatile-ttl");

    private static final int STEPS = 300;
    private static final int LEAST = 10_000; // bytes: more than an empty table takes
    private static final int MORE = 10_000; // at most: a few long texts

    private static Aftermath node;
    private static long evicted;

    @BeforeAll
    static void start() throws Exception {
        node = Aftermath.open(true);
    }

    @AfterAll
    static void stop() throws IOException {
        node.close();
        assertThat(evicted).as("keys evicted in all").isPositive();
    }

    static LongStream seeds() {
        return Proof.seeds(16);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsEvictedIsGoneEverywhere(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        ScriptPrograms programs = new ScriptPrograms(Fuzz.GROUPS);
        Grammar grammar = Grammar.load(Fuzz.GROUPS);
        int played = 0;
        String policy = POLICIES.get((int) Math.floorMod(seed, (long) POLICIES.size()));
        try (Wire wire = new Wire(node.master().port())) {
            wire.call("FLUSHALL");
            wire.call("FUNCTION", "FLUSH");
            wire.call("CONFIG", "SET", "maxmemory-policy", policy);
            long before = evicted(wire);
            wire.call("CONFIG", "SET", "maxmemory", "" + (LEAST + random.nextInt(MORE)));
            for (int i = 0; i < STEPS; i++) {
                List<List<String>> step =
                        random.nextInt(3) == 0 ? programs.next(random) : List.of(grammar.next(random));
                for (List<String> command : step) {
                    wire.call(command);
                }
                played += step.size();
            }
            // Whoever looks at what is left would go on with it.
            wire.call("CONFIG", "SET", "maxmemory", "0");
            evicted += evicted(wire) - before;
        }
        assertThat(node.compare()).as("seed %d", seed).isNull();
        Proof.played(policy, played);
    }

    private static long evicted(Wire wire) throws IOException {
        return Long.parseLong(
                wire.call("INFO", "stats").text().replaceFirst("(?s).*\r\nevicted_keys:(\\d+)\r\n.*", "$1"));
    }
}
