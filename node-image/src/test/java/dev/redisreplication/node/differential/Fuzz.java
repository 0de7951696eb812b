package dev.redisreplication.node.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random commands against two servers.
 */
final class Fuzz {

    static final List<String> GROUPS =
            List.of("string", "generic", "list", "set", "hash", "sortedset", "geo", "hyperloglog", "stream");

    private final Grammar grammar;
    private final int redisPort;
    private final int nodePort;

    Fuzz(int redisPort, int nodePort, List<String> groups) throws IOException {
        this.redisPort = redisPort;
        this.nodePort = nodePort;
        this.grammar = Grammar.load(groups);
    }

    /**
     * One round: {@code commands} commands made from {@code seed} against empty servers, then all data compared.
     *
     * @return what differed, each with the seed that shows it again; the round ends at the first
     */
    List<String> round(long seed, int commands) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        try (Duel duel = new Duel(redisPort, nodePort, random.nextBoolean() ? 2 : 3)) {
            for (int i = 0; i < commands; i++) {
                List<String> command = grammar.next(random);
                history.add(Commands.line(command));
                Optional<Duel.Difference> difference;
                try {
                    difference = duel.compare(command);
                } catch (IOException e) {
                    throw new IOException(
                            "seed " + seed + ", command " + i + ": " + history.getLast() + before(history), e);
                }
                if (difference.isPresent()) {
                    return List.of("seed " + seed + ", command " + i + ": " + difference.get() + before(history));
                }
            }
            return duel.compareContents().stream()
                    .map(difference -> "seed " + seed + ", at the end: " + difference + before(history))
                    .toList();
        }
    }

    /** The commands before the last one that name its key: mostly all that one needs to see. */
    private static String before(List<String> history) {
        List<String> last = Commands.parse(history.getLast());
        String key = last.size() > 1 ? last.get(1) : "";
        List<String> related = history.subList(0, history.size() - 1).stream()
                .filter(line -> Commands.parse(line).contains(key))
                .toList();
        return related.subList(Math.max(0, related.size() - 8), related.size()).stream()
                .map(line -> "\n      after " + line)
                .reduce("", String::concat);
    }
}
