package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XINFO STREAM counts the nodes of a radix tree that this server does not have as Redis' own tree has them. */
class RadixFiguresDifferentialTest {
    private static final int STREAMS = 20;
    private static final int[] LENGTHS = {1, 99, 100, 101, 500, 1500};
    private static final long[] STARTS = {1, 250, 1_795_807_250_123L, 1L << 40, Long.MIN_VALUE};
    private static final int[] STEPS = {0, 1, 3, 1000, 1 << 20};

    @RegisterExtension
    static final Arena arena = new Arena();

    @Test
    void keysAndNodesAreThoseOfRedis() throws Exception {
        try (Duel duel = arena.duel(2);
                Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            assertThat(figures(redis, "none")).isEqualTo(figures(node, "none"));
            for (int seed = 0; seed < STREAMS; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                String key = "x" + seed;
                long time = STARTS[random.nextInt(STARTS.length)];
                long sequence = 0;
                for (int i = LENGTHS[random.nextInt(LENGTHS.length)]; i > 0; i--) {
                    time += STEPS[random.nextInt(STEPS.length)];
                    sequence += 1 + random.nextInt(300);
                    String id = Long.toUnsignedString(time) + "-" + sequence;
                    // Short values: blocks are full by their number of entries on both sides.
                    assertThat(duel.compare(List.of("XADD", key, id, "f", "v"))).isEmpty();
                }
                assertThat(figures(node, key)).as("seed %d", seed).isEqualTo(figures(redis, key));
                assertThat(duel.compare(List.of("XTRIM", key, "MAXLEN", "50"))).isEmpty();
                assertThat(figures(node, key).get(0))
                        .isEqualTo(figures(redis, key).get(0));
            }
        }
    }

    /** Where nodes are full by their bytes there may be more of them, by the names of fields that Redis keeps once; all else is equal. */
    @ParameterizedTest
    @ValueSource(ints = {30, 60, 200, 1000, 5000})
    void nodesThatAreFullByBytesAreNotManyMore(int length) throws Exception {
        try (Duel duel = arena.duel(2);
                Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            for (int i = 1; i <= 500; i++) {
                String value = "v".repeat(length / 2 + i % length);
                assertThat(duel.compare(List.of("XADD", "x", i + "-0", "field", value)))
                        .isEmpty();
            }
            double right = Long.parseLong(figures(redis, "x").getFirst());
            assertThat((double) Long.parseLong(figures(node, "x").getFirst())).isBetween(0.85 * right, 2 * right);
            assertThat(duel.compareContents()).isEmpty();
        }
    }

    private static List<String> figures(Wire wire, String key) throws IOException {
        Reply reply = wire.call("XINFO", "STREAM", key);
        if (reply.isError()) {
            return List.of(reply.toString());
        }
        List<Reply> items = reply.items();
        assertThat(items.get(2).text()).isEqualTo("radix-tree-keys");
        assertThat(items.get(4).text()).isEqualTo("radix-tree-nodes");
        return List.of(items.get(3).text(), items.get(5).text());
    }
}
