package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections as a whole, one by one and several together; {@link Session} as a program goes on for longer. */
class SessionDifferentialTest {
    private static final long SESSIONS = 1000;
    private static final long CROWDS = 25;
    private static final int COMMANDS = 60;

    private static Arena arena;

    @BeforeAll
    static void start() throws Exception {
        arena = Arena.open();
    }

    @AfterAll
    static void stop() throws IOException {
        if (arena != null) {
            arena.close();
        }
    }

    @Test
    void oneConnectionIsAnsweredAsByRedis() throws IOException {
        Grammar grammar = Grammar.load(Session.GROUPS);
        for (long seed = 1; seed <= SESSIONS; seed++) {
            assertThat(Session.random(grammar, seed)
                            .compare(arena.redis().port(), arena.node().port()))
                    .as("seed %d", seed)
                    .isNull();
        }
    }

    @Test
    void severalConnectionsHearWhatTheyWouldFromRedis() throws IOException {
        Grammar grammar = Grammar.load(List.of("crowd"));
        for (long seed = 1; seed <= CROWDS; seed++) {
            try (Crowd crowd = new Crowd(arena.redis().port(), arena.node().port())) {
                assertThat(crowd.play(grammar, seed, COMMANDS)).isNull();
            }
        }
    }
}
