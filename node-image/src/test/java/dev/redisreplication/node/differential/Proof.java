package dev.redisreplication.node.differential;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long the random tests go on: {@code -Ddifferential.rounds} programs instead of a few, and {@code -Ddifferential.seed} as the
 * seed of the first, which is 1 otherwise. Each seed is a program of its own and makes the same one again. Where either is given, a
 * test prints at its end how many programs and commands both servers have had.
 */
final class Proof implements AfterAllCallback {
    private static final Long ROUNDS = Long.getLong("differential.rounds");
    private static final Long SEED = Long.getLong("differential.seed");

    private record Sum(long programs, long commands) {
        Sum and(Sum more) {
            return new Sum(programs + more.programs, commands + more.commands);
        }
    }

    private static final Map<String, Sum> SENT = new TreeMap<>();

    /** The seeds of this run, {@code usual} of them where nobody asks for more. */
    static LongStream seeds(int usual) {
        long first = SEED == null ? 1 : SEED;
        return LongStream.range(first, first + (ROUNDS == null ? usual : ROUNDS));
    }

    /** Takes down that a program of so many commands was played on both. */
    static void played(String kind, long commands) {
        SENT.merge(kind, new Sum(1, commands), Sum::and);
    }

    @Override
    @SuppressWarnings("SystemOut")
    public void afterAll(ExtensionContext context) {
        if (ROUNDS != null || SEED != null) {
            SENT.forEach((kind, sum) -> System.out.printf(
                    "%s, %s, from seed %d: %d programs, %d commands%n",
                    context.getDisplayName(), kind, SEED == null ? 1 : SEED, sum.programs, sum.commands));
        }
        SENT.clear();
    }
}
