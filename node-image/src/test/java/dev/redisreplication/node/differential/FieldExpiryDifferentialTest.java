package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random programs on hashes whose fields expire, in lock step with Redis 8.0, while time moves on: what has expired is looked at,
 * as nobody searches for it. Then what they leave behind, on a replica and after a restart as well.
 */
@ExtendWith(Proof.class)
class FieldExpiryDifferentialTest {
    private static final int COMMANDS = 300;
    private static final long SOON_MS = 40;
    private static final String SOON = "@soon";

    @RegisterExtension
    static final Arena arena = Arena.followed("redis8-server");

    private static final List<String> COMMANDS_ON_FIELDS = List.of(
            "HEXPIRE",
            "HPEXPIRE",
            "HEXPIREAT",
            "HPEXPIREAT",
            "HTTL",
            "HPTTL",
            "HEXPIRETIME",
            "HPEXPIRETIME",
            "HPERSIST",
            "HGETEX",
            "HSETEX",
            "HGETDEL");

    static LongStream seeds() {
        return Proof.seeds(6);
    }

    @Test
    void theTableSaysOfThemWhatRedis8Says() throws IOException {
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            for (String name : COMMANDS_ON_FIELDS) {
                List<String> info = List.of("COMMAND", "INFO", name);
                assertThat(CommandTableDifferentialTest.infos(node.call(info)))
                        .isEqualTo(CommandTableDifferentialTest.infos(redis.call(info)));
                List<String> docs = List.of("COMMAND", "DOCS", name);
                assertThat(CommandTableDifferentialTest.docs(node.call(docs)))
                        .isEqualTo(CommandTableDifferentialTest.docs(
                                redis.call(docs).without("display_text"))) // which came with Redis 7.2
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsRedis8Does(long seed) throws IOException {
        Grammar grammar = Grammar.load(List.of("fields"));
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        try (Duel duel = new Duel(arena.redis().port(), arena.node().port(), random.nextBoolean() ? 2 : 3)) {
            for (int port : arena.ports()) {
                try (Wire wire = new Wire(port)) {
                    wire.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
                }
            }
            for (int i = 0; i < COMMANDS; i++) {
                List<String> command = grammar.next(random);
                boolean timed = command.contains(SOON);
                long at = System.currentTimeMillis() + SOON_MS;
                command.replaceAll(argument -> argument.equals(SOON) ? "" + at : argument);
                history.add(Commands.line(command));
                Optional<Duel.Difference> difference = duel.compare(command);
                if (timed && System.currentTimeMillis() >= at) { // one of them may have been late: begun anew
                    duel.compare(List.of("FLUSHALL"));
                    history.clear();
                    continue;
                }
                assertThat(difference)
                        .as("seed %d, command %d after\n%s", seed, i, String.join("\n", history))
                        .isEmpty();
                if (timed) {
                    Awaitility.await("the moment has come")
                            .pollInSameThread()
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> System.currentTimeMillis() > at + 1);
                }
            }
            assertThat(differences(duel))
                    .as("seed %d after\n%s", seed, String.join("\n", history))
                    .isEmpty();
        }
        assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
        Proof.played("fields", COMMANDS);
    }

    private static List<Duel.Difference> differences(Duel duel) throws IOException {
        List<Duel.Difference> differences = new ArrayList<>();
        try (Wire redis = new Wire(arena.redis().port())) {
            for (Reply key : redis.call("KEYS", "*").items()) {
                TreeSet<String> fields = new TreeSet<>(List.of("a", "b", "c"));
                redis.call("HKEYS", key.text()).items().forEach(field -> fields.add(field.text()));
                duel.compare(List.of("OBJECT", "ENCODING", key.text())).ifPresent(differences::add);
                duel.compare(List.of("HGETALL", key.text())).ifPresent(differences::add);
                List<String> times = new ArrayList<>(List.of("HPEXPIRETIME", key.text(), "FIELDS", "" + fields.size()));
                times.addAll(fields);
                duel.compare(times).ifPresent(differences::add);
            }
        }
        return differences;
    }
}
