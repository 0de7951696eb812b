package dev.redisreplication.node.differential;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random commands against two servers, and what others hear of each: the keyspace notifications of all classes, and whether a
 * client loses its transaction that watches all keys.
 */
final class Echo {
    private static final String END = "__key-end";

    private final Grammar grammar;
    private final int redisPort;
    private final int nodePort;

    Echo(int redisPort, int nodePort, List<String> groups) throws IOException {
        this.redisPort = redisPort;
        this.nodePort = nodePort;
        this.grammar = Grammar.load(groups);
    }

    /** The connections to one server that do not give the commands. */
    private static final class Side implements Closeable {
        private final Wire listener;
        private final Wire watcher;
        private final boolean watching;

        Side(int port, boolean watching) throws IOException {
            this.watching = watching;
            listener = new Wire(port);
            watcher = new Wire(port);
            watcher.call("CONFIG", "SET", "notify-keyspace-events", "KEAmn");
            watcher.call("DEBUG", "SET-ACTIVE-EXPIRE", "0"); // when it would come is not the same twice
            listener.call("PSUBSCRIBE", "__key*");
        }

        void before(List<String> watched) throws IOException {
            if (watching) {
                watcher.call(watched);
            }
        }

        List<String> heard() throws IOException {
            List<String> heard = new ArrayList<>();
            if (watching) {
                watcher.call("MULTI");
                heard.add("watching: " + watcher.call("EXEC"));
            }
            watcher.call("PUBLISH", END, "");
            while (true) {
                List<Reply> message = listener.read().items();
                if (message.get(2).text().equals(END)) {
                    return heard;
                }
                heard.add(message.get(2).text() + " " + message.get(3).text());
            }
        }

        @Override
        public void close() throws IOException {
            watcher.call("CONFIG", "SET", "notify-keyspace-events", "");
            watcher.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
            listener.close();
            watcher.close();
        }
    }

    /**
     * One round: {@code commands} commands made from {@code seed} against empty servers.
     *
     * @return the first that was answered or heard differently, with what came before, or null
     */
    String round(long seed, int commands) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        boolean watching = random.nextInt(4) > 0; // a transaction that watches is one more reader
        try (Duel duel = new Duel(redisPort, nodePort, 2);
                Side redis = new Side(redisPort, watching);
                Side node = new Side(nodePort, watching)) {
            List<String> watched = new ArrayList<>(List.of("WATCH"));
            grammar.forms("any-key").forEach(watched::add);
            for (int i = 0; i < commands; i++) {
                List<String> command = grammar.next(random);
                history.add(Commands.line(command));
                redis.before(watched);
                node.before(watched);
                Optional<Duel.Difference> difference = duel.compare(command);
                if (difference.isPresent()) {
                    return "seed " + seed + ", command " + i + ": " + difference.get() + tail(history);
                }
                List<String> right = redis.heard();
                List<String> ours = node.heard();
                if (!same(command, right, ours)) {
                    return "seed " + seed + ", command " + i + ": " + history.getLast() + "\n    redis: " + right
                            + "\n    node:  " + ours + tail(history);
                }
            }
            return null;
        }
    }

    /** SORT looks at the elements of a set in no order, and where it takes a few of them, at any. */
    private static boolean same(List<String> command, List<String> right, List<String> ours) {
        if (!Commands.name(command).startsWith("SORT")) {
            return right.equals(ours);
        }
        return Tolerance.of(command) == Tolerance.SHAPE
                || right.stream()
                        .sorted()
                        .toList()
                        .equals(ours.stream().sorted().toList());
    }

    private static String tail(List<String> history) {
        return history.subList(Math.max(0, history.size() - 10), history.size() - 1).stream()
                .map(line -> "\n      after " + line)
                .reduce("", String::concat);
    }
}
