package dev.redisreplication.node.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.config.Words;
import dev.redisreplication.node.memory.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Sentinels that hear hello messages, INFO and verdicts which are damaged at random: nothing is thrown, what they write can be read
 * again, nobody is connected to where nobody can be. {@code -Dsentinel.hostile=N} says in how many worlds.
 */
class HostileWorldTest {
    private static final int WORLDS = Integer.getInteger("sentinel.hostile", 8);

    @Test
    void whateverIsHeardTheyGoOn() throws Exception {
        long heard = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            World world = World.of(seed, 2, 3, 2);
            world.run(10_000);
            Noise noise = new Noise(new Random(seed), 1 + (int) (seed % 10));
            world.noise = noise;
            world.run(world.random.nextInt(20_000));
            world.nodes.getFirst().kill();
            world.run(30_000);
            world.nodes.getFirst().restart();
            world.run(30_000);
            world.noise = UnaryOperator.identity();
            world.run(30_000);
            heard += noise.harmed();
            for (FakeSentinel sentinel : world.sentinels) {
                assertThat(sentinel.faults).as("seed %d", seed).isEmpty();
                isReadAgain(world, sentinel, seed);
            }
        }
        System.out.printf("%d hostile worlds: %d damaged messages and replies%n", WORLDS, heard);
    }

    /** A Sentinel that starts from what it has written knows what it knew. */
    private static void isReadAgain(World world, FakeSentinel sentinel, long seed) throws Exception {
        List<Configuration.Line> lines = new ArrayList<>();
        for (String line : sentinel.machine.configuration().lines()) {
            String bytes = new String(ByteText.bytes(line), StandardCharsets.ISO_8859_1); // as a file is read
            List<String> words = Words.split(bytes).stream()
                    .map(word -> ByteText.of(word.getBytes(StandardCharsets.ISO_8859_1)))
                    .toList();
            lines.add(new Configuration.Line(words.subList(1, words.size()), line));
        }
        Sentinel again = new Sentinel(sentinel.port, world.clock(), bound -> 0, action -> {});
        again.configuration().read(lines);
        assertThat(withoutEpoch(again)).as("seed %d", seed).isEqualTo(withoutEpoch(sentinel.machine));
    }

    /** An epoch of a configuration may be ahead of the current one, which is never behind after a start. */
    private static List<String> withoutEpoch(Sentinel sentinel) {
        return sentinel.configuration().lines().stream()
                .filter(line -> !line.startsWith("sentinel current-epoch"))
                .distinct() // a master that calls itself its replica
                .toList();
    }
}
