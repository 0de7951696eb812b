package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.config.ConfigException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Some thousand random commands, and what they leave behind; {@link Fuzz} as a program goes on for longer, and so does
 * {@code -Ddifferential.rounds}.
 */
class RandomDifferentialTest {

    private static final long FIRST_SEED = 1;
    private static final int ROUNDS = Integer.getInteger("differential.rounds", 40);
    private static final int COMMANDS = 400;

    @Test
    void answersAsRedisDoes() throws IOException, ConfigException {
        RealRedis.assumeInstalled();
        try (RealRedis redis = RealRedis.start();
                Aftermath node = Aftermath.open()) {
            Fuzz fuzz = new Fuzz(redis.port(), node.port(), Fuzz.GROUPS);
            for (long seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
                assertThat(fuzz.round(seed, COMMANDS)).isEmpty();
                assertThat(node.compare(redis.port())).as("seed %d", seed).isNull();
            }
        }
    }
}
