package dev.redisreplication.node.differential;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/** Two servers that get the same commands, and every difference between their replies. */
final class Duel implements Closeable {

    /** Where the two differed. {@code redis} is right by definition. */
    record Difference(String command, Reply redis, Reply node) {
        @Override
        public String toString() {
            return command + "\n    redis: " + redis + "\n    node:  " + node;
        }
    }

    /** A connection to each. */
    private record Pair(Wire redis, Wire node) implements Closeable {
        Pair(int redisPort, int nodePort, int protocol) throws IOException {
            this(new Wire(redisPort), new Wire(nodePort));
            if (protocol == 3) {
                redis.call("HELLO", "3");
                node.call("HELLO", "3");
            }
        }

        @Override
        public void close() throws IOException {
            redis.close();
            node.close();
        }
    }

    private final Pair speaking;
    private final Pair looking; // which may do so, whoever speaks

    /** @param protocol 2 or 3: what all connections speak */
    Duel(int redisPort, int nodePort, int protocol) throws IOException {
        speaking = new Pair(redisPort, nodePort, protocol);
        looking = new Pair(redisPort, nodePort, protocol);
        both("FLUSHALL");
    }

    /** Sends the command to both; empty if both answered rightly. */
    Optional<Difference> compare(List<String> command) throws IOException {
        return compare(speaking, command);
    }

    private Optional<Difference> compare(Pair pair, List<String> command) throws IOException {
        Reply right = answer(pair.redis, command);
        Reply ours = answer(pair.node, command);
        boolean same = Tolerance.of(command).same(right, ours);
        if (same && !right.toString().equals(ours.toString())) {
            forgetWhatWasPicked(command);
        }
        return same ? Optional.empty() : Optional.of(new Difference(Commands.line(command), right, ours));
    }

    /** After a random pick that changed the data (SPOP) the key means two things: both servers drop it. */
    private void forgetWhatWasPicked(List<String> command) throws IOException {
        String name = Commands.name(command);
        if (name.equals("SPOP") || name.equals("XADD")) {
            both("DEL", command.get(1));
        }
    }

    /** A scan is run to its end: cursors are the server's own affair, the elements found are not. */
    private static Reply answer(Wire server, List<String> command) throws IOException {
        String name = Commands.name(command);
        int cursorAt = name.equals("SCAN") ? 1 : 2;
        if (!name.endsWith("SCAN")
                || command.size() <= cursorAt
                || !command.get(cursorAt).equals("0")) {
            return server.call(command);
        }
        int width = name.equals("HSCAN") || name.equals("ZSCAN") ? 2 : 1;
        List<Reply> found = new ArrayList<>();
        List<String> step = new ArrayList<>(command);
        do {
            Reply reply = server.call(step);
            if (reply.isError()) {
                return reply;
            }
            step.set(cursorAt, reply.items().get(0).text());
            List<Reply> items = reply.items().get(1).items();
            for (int i = 0; i < items.size(); i += width) {
                Reply one = new Reply('*', null, List.copyOf(items.subList(i, i + width)));
                if (!found.contains(one)) {
                    found.add(one);
                }
            }
        } while (!step.get(cursorAt).equals("0"));
        return new Reply('*', null, found).sorted(1);
    }

    /** Compares all that both hold: keys, types, encodings, values, expiry. */
    List<Difference> compareContents() throws IOException {
        List<Difference> differences = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>();
        for (Wire server : List.of(looking.redis, looking.node)) {
            server.call("KEYS", "*").items().forEach(key -> keys.add(key.text()));
        }
        for (String key : keys) {
            compare(looking, List.of("TYPE", key)).ifPresent(differences::add);
            compare(looking, List.of("PTTL", key)).ifPresent(differences::add);
            compare(looking, List.of("OBJECT", "ENCODING", key)).ifPresent(differences::add);
            String type = looking.redis.call("TYPE", key).text();
            compare(looking, whole(key, type)).ifPresent(differences::add);
            if (type.equals("stream")) {
                compare(looking, List.of("XINFO", "STREAM", key, "FULL", "COUNT", "0"))
                        .ifPresent(differences::add);
            }
        }
        return differences;
    }

    private static List<String> whole(String key, String type) {
        return switch (type) {
            case "list" -> List.of("LRANGE", key, "0", "-1");
            case "set" -> List.of("SMEMBERS", key);
            case "hash" -> List.of("HGETALL", key);
            case "zset" -> List.of("ZRANGE", key, "0", "-1", "WITHSCORES");
            case "stream" -> List.of("XRANGE", key, "-", "+");
            default -> List.of("GET", key);
        };
    }

    /** Waits until the key's time is up on both. */
    void awaitGone(String key) {
        for (Wire server : List.of(looking.redis, looking.node)) {
            Awaitility.await(key + " expires")
                    .until(() -> server.call("EXISTS", key).text().equals("0"));
        }
    }

    private void both(String... command) throws IOException {
        looking.redis.call(command);
        looking.node.call(command);
    }

    @Override
    public void close() throws IOException {
        speaking.close();
        looking.close();
    }
}
