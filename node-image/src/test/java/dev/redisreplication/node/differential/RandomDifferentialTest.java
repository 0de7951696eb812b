package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Some thousand random commands, and what they leave behind. */
@ExtendWith(Proof.class)
class RandomDifferentialTest {
    private static final int COMMANDS = 400;

    @RegisterExtension
    static final Arena arena = Arena.followed();

    static LongStream seeds() {
        return Proof.seeds(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsRedisDoes(long seed) throws IOException {
        Fuzz fuzz = new Fuzz(arena.redis().port(), arena.node().port(), Fuzz.GROUPS);
        assertThat(fuzz.round(seed, COMMANDS)).isEmpty();
        assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
        Proof.played("all groups", COMMANDS);
    }
}
