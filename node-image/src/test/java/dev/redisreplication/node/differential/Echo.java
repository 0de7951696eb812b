package dev.redisreplication.node.differential;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random commands against two servers, and what others hear of each: the keyspace notifications of all classes, and whether a
 * client loses its transaction that watches all keys.
 *
 * <p>As a program: {@code Echo <redis port> <node port> <seconds> [<first seed> [<group>...]]} plays round after round, prints
 * each kind of difference once and ends with status 1 if there was any.
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
                if (anyExpired(right) || anyExpired(ours)) {
                    return null; // a slow machine: the two need not see it at the same time
                }
                if (!right.equals(ours)) {
                    return "seed " + seed + ", command " + i + ": " + history.getLast() + "\n    redis: " + right
                            + "\n    node:  " + ours + tail(history);
                }
            }
            return null;
        }
    }

    private static boolean anyExpired(List<String> heard) {
        return heard.stream().anyMatch(line -> line.endsWith(" expired"));
    }

    private static String tail(List<String> history) {
        return history.subList(Math.max(0, history.size() - 10), history.size() - 1).stream()
                .map(line -> "\n      after " + line)
                .reduce("", String::concat);
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
        long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
        long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime();
        List<String> groups = args.length > 4 ? List.of(args).subList(4, args.length) : Fuzz.GROUPS;
        Echo echo = new Echo(Integer.parseInt(args[0]), Integer.parseInt(args[1]), groups);
        Map<String, Integer> kinds = new LinkedHashMap<>();
        long rounds = 0;
        for (; System.nanoTime() < end; rounds++) {
            String difference = echo.round(seed + rounds, 200);
            if (difference != null) {
                String kind = difference.replaceFirst("^seed \\d+, command \\d+: (\\S+).*(?s:.*)$", "$1");
                if (kinds.merge(kind, 1, Integer::sum) == 1) {
                    System.out.println(difference);
                }
            }
        }
        System.out.println(rounds + " rounds of 200 commands; differences by command: " + kinds);
        System.exit(kinds.isEmpty() ? 0 : 1);
    }
}
