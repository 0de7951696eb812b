package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections as a whole, one by one and several together; {@link Session} and {@link Crowd} as programs go on for longer. */
class SessionDifferentialTest {
    private static final long SESSIONS = 1000;
    private static final long CROWDS = 25;
    private static final int COMMANDS = 60;

    private static final long LEFT_BEHIND = 50; // after how many sessions what is left is looked at

    private static RealRedis redis;
    private static Aftermath node;

    @BeforeAll
    static void start() throws Exception {
        RealRedis.assumeInstalled();
        redis = RealRedis.start();
        node = Aftermath.openAlone();
    }

    @AfterAll
    static void stop() throws IOException {
        if (redis != null) {
            redis.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void oneConnectionIsAnsweredAsByRedis() throws IOException {
        Grammar grammar = Grammar.load(Session.GROUPS);
        for (long seed = 1; seed <= SESSIONS; seed++) {
            assertThat(Session.random(grammar, seed).compare(redis.port(), node.port()))
                    .as("seed %d", seed)
                    .isNull();
            if (seed % LEFT_BEHIND == 0) {
                assertThat(node.compare(redis.port())).as("seed %d", seed).isNull();
            }
        }
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
        try (Crowd crowd = new Crowd(redis.port(), node.port())) {
            assertThat(crowd.play(List.of(script.split(";", -1)))).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crowd", "waiting"})
    void severalConnectionsHearWhatTheyWouldFromRedis(String commands) throws IOException {
        Grammar grammar = Grammar.load(List.of(commands));
        for (long seed = 1; seed <= CROWDS; seed++) {
            try (Crowd crowd = new Crowd(redis.port(), node.port())) {
                assertThat(crowd.play(grammar, seed, COMMANDS)).isNull();
                crowd.endWaits();
                assertThat(node.compare(redis.port())).as("seed %d", seed).isNull();
            }
        }
    }
}
