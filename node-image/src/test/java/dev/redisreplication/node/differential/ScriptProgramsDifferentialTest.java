package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts, functions and transactions made up of random commands: what they answer, in both protocols, and what they leave behind,
 * on replica, in dump and log too.
 */
@ExtendWith(Proof.class)
class ScriptProgramsDifferentialTest {
    private static final int STEPS = 250;

    @RegisterExtension
    static final Arena arena = Arena.followed();

    static LongStream seeds() {
        return Proof.seeds(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsRedisDoesAndLeavesTheSame(long seed) throws IOException {
        ScriptPrograms programs = new ScriptPrograms(Fuzz.GROUPS);
        SplittableRandom random = new SplittableRandom(seed);
        int played = 0;
        try (Duel duel = arena.duel(seed % 2 == 0 ? 2 : 3)) {
            assertThat(duel.compare(List.of("FUNCTION", "FLUSH"))).isEmpty();
            for (int i = 0; i < STEPS; i++) {
                for (List<String> command : programs.next(random)) {
                    assertThat(duel.compare(command)).as("step %d", i).isEmpty();
                    played++;
                }
            }
            assertThat(duel.compareContents()).isEmpty();
        }
        assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
        Proof.played("scripts, functions, transactions", played);
    }
}
