package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What INFO, LATENCY HISTOGRAM and SLOWLOG say of a command that has waited, here and in Redis, however the wait ended. */
class WaitFiguresDifferentialTest {
    @RegisterExtension
    static final Arena arena = new Arena();

    /**
     * A command that waits.
     *
     * @param seconds whether its timeout is in seconds, else in milliseconds
     * @param data what ends the wait
     */
    private record Waiting(String command, boolean seconds, String data) {
        List<String> words(boolean briefly) {
            return Commands.parse(command.replace("TIME", !briefly ? "0" : seconds ? "0.01" : "10"));
        }
    }

    private static final List<Waiting> ALL = List.of(
            new Waiting("BLPOP k TIME", true, "RPUSH k a"),
            new Waiting("BRPOP j k TIME", true, "RPUSH k a"),
            new Waiting("BLMOVE k other LEFT RIGHT TIME", true, "RPUSH k a"),
            new Waiting("BLMOVE k string LEFT RIGHT TIME", true, "RPUSH k a"), // cannot be moved there
            new Waiting("BRPOPLPUSH k other TIME", true, "RPUSH k a"),
            new Waiting("BLMPOP TIME 2 j k LEFT", true, "RPUSH k a"),
            new Waiting("BZPOPMIN k TIME", true, "ZADD k 1 a"),
            new Waiting("BZPOPMAX k TIME", true, "ZADD k 1 a"),
            new Waiting("BZMPOP TIME 1 k MIN", true, "ZADD k 1 a"),
            new Waiting("XREAD BLOCK TIME STREAMS k $", false, "XADD k 1-1 a b"),
            new Waiting("XREADGROUP GROUP g c BLOCK TIME STREAMS k >", false, "XADD k 1-1 a b"),
            new Waiting("WAIT 1 TIME", false, ""));

    enum End {
        DATA,
        TIMEOUT,
        UNBLOCKED_TIMEOUT,
        UNBLOCKED_ERROR,
        KILLED,
        DISCONNECTED,
        DEMOTED,
        WRONG_TYPE,
        DELETED,
        FLUSHED,
        SWAPPED,
        GROUP_GONE,
        CLIENT_PAUSED,
        NOT_SHUT_DOWN
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void areThoseOfRedis(End end) throws IOException {
        List<String> differences = new ArrayList<>();
        for (Waiting command : ALL) {
            Map<String, String> right = figures(arena.redis().port(), command, end);
            Map<String, String> ours = figures(arena.node().port(), command, end);
            TreeSet<String> names = new TreeSet<>(right.keySet());
            names.addAll(ours.keySet());
            for (String name : names) {
                if (!Objects.equals(right.get(name), ours.get(name))) {
                    differences.add(command.command + ": " + name + "\n    redis: " + right.get(name) + "\n    node:  "
                            + ours.get(name));
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private static Map<String, String> figures(int port, Waiting command, End end) throws IOException {
        try (Wire other = new Wire(port);
                Wire waits = new Wire(port)) {
            other.call("FLUSHALL");
            other.call("SET", "string", "x");
            if (command.command.startsWith("XREADGROUP")) {
                other.call("XGROUP", "CREATE", "k", "g", "$", "MKSTREAM");
            }
            if (command.command.startsWith("WAIT")) {
                waits.call("SET", "written", "1");
            }
            String id = waits.call("CLIENT", "ID").text();
            other.call("CONFIG", "SET", "slowlog-max-len", "1000", "slowlog-log-slower-than", "0");
            other.call("CONFIG", "RESETSTAT");
            other.call("SLOWLOG", "RESET");
            waits.send(command.words(end == End.TIMEOUT));
            if (end != End.TIMEOUT) {
                awaitBlocked(other, 1);
            }
            String heard = end(other, waits, id, command, end);
            Map<String, String> figures = figures(other);
            figures.put("heard", heard);
            // Redis has lost the arguments by then, and ours shows the id that $ stood for.
            figures.computeIfPresent("slow", (name, slow) -> slow.replace(
                            "*[]", command.words(false).stream().collect(Collectors.joining(" $", "*[$", "]")))
                    .replace("$$]", "$0-0]"));
            awaitFree(other, id);
            return figures;
        }
    }

    /** Ends it. @return what the client was told, as far as it was told anything */
    private static String end(Wire other, Wire waits, String id, Waiting command, End end) throws IOException {
        switch (end) {
            case DATA -> {
                if (command.data.isEmpty()) {
                    return acknowledged(other, waits);
                }
                other.call(Commands.parse(command.data));
                return waits.read().toString();
            }
            case TIMEOUT -> {
                return waits.read().toString();
            }
            case UNBLOCKED_TIMEOUT -> {
                other.call("CLIENT", "UNBLOCK", id);
                return waits.read().toString();
            }
            case UNBLOCKED_ERROR -> {
                other.call("CLIENT", "UNBLOCK", id, "ERROR");
                return waits.read().toString();
            }
            case KILLED -> {
                other.call("CLIENT", "KILL", "ID", id);
                awaitBlocked(other, 0);
            }
            case DISCONNECTED -> {
                waits.close();
                awaitBlocked(other, 0);
                return "nothing";
            }
            case DEMOTED -> {
                other.call("REPLICAOF", "127.0.0.1", "1");
                other.call("REPLICAOF", "NO", "ONE");
                return waits.read().toString();
            }
            case WRONG_TYPE -> other.call("SET", "k", "x");
            case DELETED -> other.call("DEL", "k");
            case FLUSHED -> other.call("FLUSHALL");
            case SWAPPED -> other.call("SWAPDB", "0", "1");
            case GROUP_GONE -> other.call("XGROUP", "DESTROY", "k", "g");
            case CLIENT_PAUSED -> {
                other.call("CLIENT", "PAUSE", "60000", "WRITE");
                other.call("CLIENT", "UNPAUSE");
            }
            case NOT_SHUT_DOWN -> {
                Path dump = Path.of(
                        other.call("CONFIG", "GET", "dir").items().get(1).text(), "dump.rdb");
                Files.deleteIfExists(dump);
                Files.createDirectories(dump.resolve("in-the-way")); // no dump can be written there
                other.call("SHUTDOWN", "SAVE");
                Files.delete(dump.resolve("in-the-way"));
                Files.delete(dump);
            }
        }
        other.call("PING");
        other.call("PING");
        return waits.pending();
    }

    /** A replica comes, and says that it has all. */
    private static String acknowledged(Wire other, Wire waits) throws IOException {
        try (Wire replica = new Wire(other.port())) {
            replica.send(List.of("SYNC"));
            String header = replica.readLine();
            while (!header.startsWith("$")) {
                header = replica.readLine().strip();
            }
            replica.skip(Integer.parseInt(header.substring(1)));
            replica.send(List.of("REPLCONF", "ACK", "1000000000"));
            return waits.read().toString();
        }
    }

    private static void awaitBlocked(Wire wire, int clients) {
        Awaitility.await()
                .until(() -> wire.call("INFO", "clients").text().contains("blocked_clients:" + clients + "\r\n"));
    }

    /** Ends it whatever it does. */
    private static void awaitFree(Wire wire, String id) throws IOException {
        wire.call("CLIENT", "KILL", "ID", id);
        awaitBlocked(wire, 0);
    }

    private static Map<String, String> figures(Wire wire) throws IOException {
        Map<String, String> figures = new TreeMap<>();
        for (String line : wire.call("INFO", "everything").text().split("\r\n", -1)) {
            if (line.matches("(blocked_clients|total_error_replies|errorstat_).*")) {
                figures.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
            } else if (line.startsWith("cmdstat_") && !line.startsWith("cmdstat_info")) {
                figures.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).replaceAll("usec[^,]*,", ""));
            }
        }
        List<Reply> histograms = wire.call("LATENCY", "HISTOGRAM").items();
        for (int i = 0; i < histograms.size(); i += 2) {
            if (!histograms.get(i).text().equals("info")) {
                figures.put(
                        "histogram of " + histograms.get(i).text(),
                        histograms.get(i + 1).items().get(1).text());
            }
        }
        List<String> slow = new ArrayList<>();
        for (Reply entry : wire.call("SLOWLOG", "GET", "-1").items()) {
            String words = entry.items().get(3).toString();
            if (!words.contains("$INFO")) {
                slow.add(words.replaceAll("\\$ID \\$\\d+", "ID").replaceAll("UNBLOCK \\$\\d+", "UNBLOCK"));
            }
        }
        figures.put("slow", slow.toString());
        return figures;
    }
}
