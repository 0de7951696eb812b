package dev.redisreplication.node.differential;

import dev.redisreplication.node.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Some connections to each of two servers, in lock step: after each command all that any of them has heard is compared.
 */
final class Crowd implements Closeable {
    private static final int SIZE = 3;
    private static final int SHOWN = 12;

    /** In commands. Who was held back with more of them leaves the others a turn meanwhile, when the machine is slow. */
    private static final int LONGEST_WAIT = 12;

    /** One server's connections, the bytes that they have heard, and one that only asks whether it has done all. */
    private static final class Side implements Closeable {
        private final Wire observer;
        private final List<Wire> wires = new ArrayList<>();
        private final List<StringBuilder> heard = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();

        Side(int port, boolean listening) throws IOException {
            observer = new Wire(port);
            endWaits();
            observer.call("FLUSHALL");
            for (int i = 0; i < SIZE; i++) {
                Wire wire = new Wire(port);
                wires.add(wire);
                ids.add(wire.call("CLIENT", "ID").text());
                heard.add(new StringBuilder());
            }
            observer.call("CONFIG", "SET", "notify-keyspace-events", listening ? "KEAn" : "");
            if (listening) {
                Wire listener = new Wire(port);
                listener.call("PSUBSCRIBE", "__key*");
                wires.add(listener);
                heard.add(new StringBuilder());
            }
        }

        /** Until nobody waits: who did may have another pause, or wait again, with what it goes on with. */
        void endWaits() throws IOException {
            for (int i = 0; true; i++) {
                observer.call("MULTI"); // Redis 7.0 panics when it is to unblock a client that is held back by a pause
                observer.call("CLIENT", "UNPAUSE");
                if (!ids.isEmpty()) {
                    observer.call("CLIENT", "UNBLOCK", ids.get(i % SIZE), i % 2 == 0 ? "TIMEOUT" : "ERROR");
                }
                observer.call("EXEC");
                if (observer.call("INFO", "clients").text().contains("\r\nblocked_clients:0\r\n")) {
                    return;
                }
            }
        }

        void send(int who, List<String> command) throws IOException {
            wires.get(who).send(command);
            observer.call("PING");
            observer.call("PING"); // whatever the first turn has left is done in the second
        }

        List<String> heard() throws IOException {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < wires.size(); i++) {
                heard.get(i).append(wires.get(i).pending());
                all.add(heard.get(i).toString().replaceAll("(\r\nid\r\n):\\d+", "$1:0"));
            }
            return all;
        }

        @Override
        public void close() throws IOException {
            for (Wire wire : wires) {
                wire.close();
            }
            observer.close();
        }
    }

    private final Side redis;
    private final Side node;

    Crowd(int redisPort, int nodePort) throws IOException {
        this(redisPort, nodePort, false);
    }

    /** @param listening whether one connection more listens to the keyspace notifications of all that the others do */
    Crowd(int redisPort, int nodePort, boolean listening) throws IOException {
        redis = new Side(redisPort, listening);
        node = new Side(nodePort, listening);
    }

    /** Random commands of the grammar until something differs; returns it with what came before, or null. */
    String play(Grammar grammar, long seed, int commands) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            if (i % LONGEST_WAIT == LONGEST_WAIT - 1) {
                history.add("*> nobody waits");
                endWaits();
            }
            int who = random.nextInt(SIZE);
            List<String> command = grammar.plain(random);
            history.add(who + "> " + Commands.line(command));
            String difference = say(who, command);
            if (difference != null) {
                return "seed " + seed + ": "
                        + String.join("\n  ", history.subList(Math.max(0, history.size() - SHOWN), history.size()))
                        + difference;
            }
        }
        return null;
    }

    /** These commands, each with who says it, as {@link #play(Grammar, long, int)} shows them: {@code 0> PING}. */
    String play(List<String> lines) throws IOException {
        for (String line : lines) {
            String difference = say(line.charAt(0) - '0', Commands.parse(line.substring(2)));
            if (difference != null) {
                return line + difference;
            }
        }
        return null;
    }

    private String say(int who, List<String> command) throws IOException {
        redis.send(who, command);
        node.send(who, command);
        return hearTheSame() ? null : "\n    redis: " + ends(redis) + "\n    node:  " + ends(node);
    }

    /** What was answered may still be under way; a difference is one that stays. */
    private boolean hearTheSame() throws IOException {
        return redis.heard().equals(node.heard())
                || Patience.comesTrue(() -> redis.heard().equals(node.heard()));
    }

    /** Nobody is held back any more. */
    void endWaits() throws IOException {
        redis.endWaits();
        node.endWaits();
    }

    private static List<String> ends(Side side) throws IOException {
        return side.heard().stream()
                .map(all -> Reply.printable(all.substring(Math.max(0, all.length() - 300))))
                .toList();
    }

    @Override
    public void close() throws IOException {
        redis.close();
        node.close();
    }
}
