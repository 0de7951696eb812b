package dev.redisreplication.node.differential;

import dev.redisreplication.node.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some connections with client-side caches to each of two servers, in lock step: after each command what each of them has heard
 * is compared, in any order (who gets messages of another client may get them before or behind a reply of its own), and the
 * figures of tracking.
 */
final class CachingCrowd implements Closeable {
    private static final int SIZE = 3;
    private static final int RECEIVER = 2; // of messages of others
    private static final int SHOWN = 60;
    private static final Pattern NULL = Pattern.compile("(?<=[\\[ ])_(?=[\\] ])");
    private static final Pattern FIGURE = Pattern.compile("tracking_\\w+:\\d+");

    private static final class Side implements Closeable {
        private final int port;
        private final Wire observer;
        private final List<Wire> wires = new ArrayList<>();
        private final List<List<String>> heard = new ArrayList<>();

        Side(int port) throws IOException {
            this.port = port;
            observer = new Wire(port);
            observer.call("FLUSHALL");
            observer.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            observer.call("CLIENT", "TRACKING", "ON"); // the table stays, whoever of the others stops to track
            for (int i = 0; i < SIZE; i++) {
                wires.add(null);
                heard.add(new ArrayList<>());
            }
        }

        long connect(int who) throws IOException {
            if (wires.get(who) != null) {
                wires.get(who).close();
            }
            wires.set(who, new Wire(port));
            return Long.parseLong(wires.get(who).call("CLIENT", "ID").text());
        }

        void send(int who, List<String> command) throws IOException {
            wires.get(who).send(command);
            settle();
        }

        void settle() throws IOException {
            heard.forEach(List::clear);
            observer.call("PING");
            observer.call("PING"); // whatever the first turn has left is done in the second
        }

        /** What each has heard since the last command, and the figures. */
        List<String> heard() throws IOException {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                while (wires.get(i).mayRead()) {
                    // Redis writes the null of who tracks, whatever who is sent it speaks.
                    heard.get(i)
                            .add(NULL.matcher(wires.get(i).read().toString()).replaceAll("\\$(null)"));
                }
                all.add(heard.get(i).stream().sorted().toList().toString());
            }
            Matcher figures = FIGURE.matcher(observer.call("INFO").text());
            while (figures.find()) {
                all.add(figures.group());
            }
            return all;
        }

        @Override
        public void close() throws IOException {
            observer.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
            for (Wire wire : wires) {
                wire.close();
            }
            observer.close();
        }
    }

    private final Side redis;
    private final Side node;
    private final long[] numbers = new long[SIZE];
    private final boolean[] inMulti = new boolean[SIZE];

    CachingCrowd(int redisPort, int nodePort) throws IOException {
        redis = new Side(redisPort);
        node = new Side(nodePort);
        for (int i = 0; i < SIZE; i++) {
            connect(i);
        }
    }

    /** A new connection with the same number on both. */
    private void connect(int who) throws IOException {
        long right = redis.connect(who);
        long ours = node.connect(who);
        while (right != ours) {
            if (right < ours) {
                right = redis.connect(who);
            } else {
                ours = node.connect(who);
            }
        }
        numbers[who] = right;
        inMulti[who] = false;
    }

    /** Random commands until something differs; returns it with what came before, or null. */
    String play(Grammar grammar, long seed, int commands) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            int who = random.nextInt(SIZE);
            List<String> command = grammar.plain(random);
            if (inMulti[who] && command.getFirst().equals("CLIENT")) {
                continue; // what it says of reads and changes in the same transaction is not the same
            }
            if (who == RECEIVER && command.getFirst().equals("MULTI")) {
                continue; // Redis 7.0 puts the messages of others in the middle of the reply to EXEC
            }
            if (random.nextInt(40) == 0) {
                history.add(who + " connects again");
                connect(who);
                redis.settle();
                node.settle();
            } else {
                history.add(who + "> " + Commands.line(command));
                inMulti[who] = command.getFirst().equals("MULTI")
                        || inMulti[who] && !List.of("EXEC", "DISCARD", "RESET").contains(command.getFirst());
                command.replaceAll(word -> word.startsWith("#") ? "" + numbers[word.charAt(1) - '0'] : word);
                redis.send(who, command);
                node.send(who, command);
            }
            if (!hearTheSame()) {
                return "seed " + seed + ": "
                        + String.join("\n  ", history.subList(Math.max(0, history.size() - SHOWN), history.size()))
                        + "\n    redis: " + redis.heard() + "\n    node:  " + node.heard();
            }
        }
        return null;
    }

    /** What was answered may still be under way; a difference is one that stays. */
    private boolean hearTheSame() throws IOException {
        return redis.heard().equals(node.heard())
                || Patience.comesTrue(() -> redis.heard().equals(node.heard()));
    }

    @Override
    public void close() throws IOException {
        redis.close();
        node.close();
    }
}
