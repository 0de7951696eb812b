package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts made up of random commands: what they answer, in both protocols, and what they leave behind, on replica, in dump and
 * log too.
 */
@ExtendWith(Proof.class)
class ScriptProgramsDifferentialTest {
    private static final int SCRIPTS = 250;
    private static final int MOST_CALLS = 6;

    /** Their replies are in no order, random, or of a clock: what belongs to scripts is held by the others. */
    private static final Set<String> OWN = Set.of(
            "KEYS",
            "SMEMBERS",
            "SINTER",
            "SUNION",
            "SDIFF",
            "HKEYS",
            "HVALS",
            "HGETALL",
            "SPOP",
            "SRANDMEMBER",
            "HRANDFIELD",
            "ZRANDMEMBER",
            "RANDOMKEY",
            "TIME",
            "SCAN",
            "SSCAN",
            "HSCAN",
            "ZSCAN",
            "XADD",
            "TTL",
            "PTTL",
            "EXPIRETIME",
            "PEXPIRETIME",
            "OBJECT",
            "SORT",
            "SORT_RO");

    @RegisterExtension
    static final Arena arena = Arena.followed();

    private final Grammar grammar = Grammar.load(List.of("string", "list", "set", "hash", "sortedset"));

    ScriptProgramsDifferentialTest() throws IOException {}

    static LongStream seeds() {
        return Proof.seeds(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsRedisDoesAndLeavesTheSame(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (Duel duel = arena.duel(seed % 2 == 0 ? 2 : 3)) {
            for (int i = 0; i < SCRIPTS; i++) {
                assertThat(duel.compare(eval(random))).as("script %d", i).isEmpty();
            }
            assertThat(duel.compareContents()).isEmpty();
        }
        assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
        Proof.played("scripts", SCRIPTS);
    }

    private List<String> eval(RandomGenerator random) {
        StringBuilder script = new StringBuilder();
        if (random.nextInt(10) == 0) {
            script.append("#!lua flags=")
                    .append(random.nextBoolean() ? "no-writes" : "allow-oom")
                    .append('\n');
        }
        if (random.nextInt(4) == 0) {
            script.append("redis.setresp(3) ");
        }
        script.append("local r, x = {} ");
        int calls = 1 + random.nextInt(MOST_CALLS);
        for (int i = 0; i < calls; i++) {
            // An error of redis.call ends one script in three; what it has done until then stays.
            String function = random.nextInt(12) == 0 ? "call" : "pcall";
            script.append("x = redis.")
                    .append(function)
                    .append('(')
                    .append(arguments(random))
                    .append(") ");
            script.append(
                    switch (random.nextInt(5)) {
                        case 0 -> "if type(x) == 'string' then r[#r + 1] = #x .. x else r[#r + 1] = type(x) end ";
                        case 1 -> "r[#r + 1] = {x, type(x)} ";
                        case 2 -> "if type(x) == 'table' then r[#r + 1] = x.err or x.ok or x else r[#r + 1] = x end ";
                        default -> "r[#r + 1] = x ";
                    });
        }
        script.append(random.nextInt(6) == 0 ? "return x" : "return r");
        return List.of("EVAL", script.toString(), "0");
    }

    private String arguments(RandomGenerator random) {
        while (true) {
            List<String> command = grammar.next(random);
            if (!OWN.contains(Commands.name(command))) {
                List<String> quoted = new ArrayList<>();
                command.forEach(argument -> quoted.add(quote(argument)));
                return String.join(", ", quoted);
            }
        }
    }

    /** As Lua reads it: a number of up to three digits for each byte that is no letter or digit. */
    private static String quote(String argument) {
        StringBuilder text = new StringBuilder("'");
        for (char c : argument.toCharArray()) {
            if (Character.isLetterOrDigit(c) && c < 128) {
                text.append(c);
            } else {
                text.append('\\').append(String.format("%03d", (int) c));
            }
        }
        return text.append('\'').toString();
    }
}
