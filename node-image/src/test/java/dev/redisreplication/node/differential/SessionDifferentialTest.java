package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections as a whole, one by one and several together. */
@ExtendWith(Proof.class)
class SessionDifferentialTest {
    private static final int SESSIONS = 20; // of each seed
    private static final int COMMANDS = 60;

    @RegisterExtension
    static final Arena arena = Arena.logged();

    static LongStream seeds() {
        return Proof.seeds(50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneConnectionIsAnsweredAsByRedis(long seed) throws IOException {
        Grammar grammar = Grammar.load(Session.GROUPS);
        for (int i = 0; i < SESSIONS; i++) {
            Session session = Session.random(grammar, seed * SESSIONS + i);
            assertThat(session.compare(arena.redis().port(), arena.node().port()))
                    .as("session %d", i)
                    .isNull();
            Proof.played("sessions", session.commands().size());
        }
        assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
    }

    /** What random crowds have found: the whole of it, where a seed would find something else in the next grammar. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0> MULTI;0> FOO;0> SET k 1;1> CLIENT PAUSE 60000 WRITE;0> EXEC;0> PING",
                "0> WATCH k;1> SET k 2;0> MULTI;0> SET k 1;1> CLIENT PAUSE 60000 WRITE;0> EXEC;0> PING",
                "0> MULTI;0> SET k 1;0> FOO;1> CLIENT PAUSE 60000 WRITE;0> EXEC;0> PING;1> CLIENT UNPAUSE",
                "0> CLIENT PAUSE 60000 WRITE;1> CLIENT REPLY SKIP;1> SET k 1;1> GET k;0> CLIENT UNPAUSE;1> PING",
                "0> WATCH k;1> SELECT 1;1> SET k 1;1> SWAPDB 0 1;0> MULTI;0> GET k;0> EXEC",
            })
    void asCrowdsHaveFound(String script) throws IOException {
        try (Crowd crowd = new Crowd(arena.redis().port(), arena.node().port())) {
            assertThat(crowd.play(List.of(script.split(";", -1)))).isNull();
        }
    }

    static Stream<Arguments> crowds() {
        return Stream.of("crowd", "waiting")
                .flatMap(grammar -> Proof.seeds(25).mapToObj(seed -> Arguments.of(grammar, seed)));
    }

    @ParameterizedTest
    @MethodSource("crowds")
    void severalConnectionsHearWhatTheyWouldFromRedis(String commands, long seed) throws IOException {
        try (Crowd crowd = new Crowd(arena.redis().port(), arena.node().port())) {
            assertThat(crowd.play(Grammar.load(List.of(commands)), seed, COMMANDS))
                    .isNull();
            crowd.endWaits();
            assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
            Proof.played(commands, COMMANDS);
        }
    }
}
