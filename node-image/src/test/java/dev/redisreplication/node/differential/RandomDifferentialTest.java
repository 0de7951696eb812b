package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.config.ConfigException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Some thousand random commands; {@link Fuzz} as a program goes on for longer. */
class RandomDifferentialTest {

    private static final long FIRST_SEED = 1;
    private static final int ROUNDS = 40;
    private static final int COMMANDS = 400;

    @Test
    void answersAsRedisDoes() throws IOException, ConfigException {
        try (Arena arena = Arena.open()) {
            Fuzz fuzz = new Fuzz(arena.redis().port(), arena.node().port(), Fuzz.GROUPS);
            for (long seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
                assertThat(fuzz.round(seed, COMMANDS)).isEmpty();
            }
        }
    }
}
