package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Servers of one of the two programs, with what they said in each state of a plot. The same plot is played by real servers and
 * by nodes, and what was said is compared.
 */
final class Cast implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final Pattern ID =
            Pattern.compile("[1-9a-f][0-9a-f]{39}|0[0-9a-f]*[1-9a-f][0-9a-f]*(?<=[0-9a-f]{40})");

    @FunctionalInterface
    interface Plot {
        void play(Cast cast) throws Exception;
    }

    private final String program;
    private final Path folder;
    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<String>> said = new LinkedHashMap<>();

    private Cast(String program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** Has both programs play, at the same time, and say the same. */
    static void compare(Path folder, Plot plot) {
        try (Cast real = new Cast("redis", folder);
                Cast ours = new Cast("node", folder)) {
            CompletableFuture<Void> first = real.playing(plot);
            CompletableFuture<Void> second = ours.playing(plot);
            try {
                CompletableFuture.allOf(first, second).join();
            } catch (CompletionException e) {
                switch (e.getCause()) {
                    case Error error -> throw error;
                    case RuntimeException known -> throw known; // that the test is skipped among them
                    case null, default -> throw e;
                }
            }
            assertThat(ours.said.keySet()).isEqualTo(real.said.keySet());
            List<String> differences = new ArrayList<>();
            real.said.forEach((state, words) -> differ(differences, state, words, ours.said.get(state)));
            assertThat(differences).isEmpty();
        }
    }

    /** Notes where the two begin to differ. */
    private static void differ(List<String> differences, String state, List<String> right, List<String> found) {
        for (int i = 0; i < Math.max(right.size(), found.size()); i++) {
            String expected = i < right.size() ? right.get(i) : "nothing";
            String given = i < found.size() ? found.get(i) : "nothing";
            if (!expected.equals(given)) {
                differences.add(state + ":\n  redis: " + expected + "\n  node:  " + given);
                if (right.size() != found.size()) {
                    return; // what follows is beside something else
                }
            }
        }
    }

    private CompletableFuture<Void> playing(Plot plot) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        plot.play(this);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new CompletionException(program + ": " + e.getMessage(), e);
                    }
                },
                task -> Thread.ofPlatform().start(task));
    }

    /** Starts a server; no PING moves an offset unless the arguments say so. */
    ServerProcess start(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--repl-ping-replica-period")) {
            all.addAll(List.of("--repl-ping-replica-period", "3600"));
        }
        ServerProcess server =
                ServerProcess.of(program, folder.resolve(program + "-" + name), all.toArray(String[]::new));
        servers.put(name, server);
        called(server.port(), name);
        return server;
    }

    /** A port goes by this name in what is said. */
    void called(long port, String name) {
        names.put(Long.toString(port), "<" + name + ">");
    }

    /** Writes down what all servers say now of their replication. */
    void look(String state) {
        servers.forEach((name, server) -> {
            if (server.isAlive()) {
                said.put(state + ": " + name, fields(server));
            }
        });
    }

    private List<String> fields(ServerProcess server) {
        return ((String) server.call("INFO", "replication"))
                .lines()
                .map(this::normal)
                .toList();
    }

    /** Sends a command, and writes down what it is answered. */
    void ask(String state, ServerProcess server, String... command) {
        note(state, String.join(" ", command) + ": " + reply(server, command));
    }

    /** The reply to a command as text, an error with its words. */
    static String reply(ServerProcess server, String... command) {
        try {
            return String.valueOf(server.call(command));
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }

    /** Writes down what was found. */
    void note(String state, Object... found) {
        List<String> words =
                Arrays.stream(found).map(each -> normal(String.valueOf(each))).toList();
        said.merge(state, words, (before, more) -> {
            List<String> all = new ArrayList<>(before);
            all.addAll(more);
            return all;
        });
    }

    private String normal(String line) {
        String named = line;
        for (Map.Entry<String, String> each : names.entrySet()) {
            named = named.replaceAll("\\b" + each.getKey() + "\\b", each.getValue());
        }
        return ID.matcher(named)
                .replaceAll((MatchResult id) -> names.computeIfAbsent(id.group(), x -> "<id" + names.size() + ">"))
                .replaceAll("(seconds_ago|since_seconds):\\d+", "$1:#")
                .replaceAll("lag=\\d+", "lag=#");
    }

    static void follow(ServerProcess replica, ServerProcess master) {
        replica.call("REPLICAOF", HOST, Integer.toString(master.port()));
        awaitServed(replica, master);
    }

    /** Waits until the replica has everything, and the master knows it. */
    static void awaitServed(ServerProcess replica, ServerProcess master) {
        replica.awaitCaughtUp(master);
        Awaitility.await("acknowledgement by " + replica)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> ((String) master.call("INFO", "replication"))
                        .lines()
                        .anyMatch(line -> line.contains(
                                "port=" + replica.port() + ",state=online,offset=" + master.offset() + ",")));
    }

    /** Waits until the server has lived for so many seconds more: what is done once a second was done that often. */
    static void seconds(ServerProcess server, int count) {
        long from = Long.parseLong(server.info("uptime_in_seconds"));
        Awaitility.await(count + " seconds of " + server)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> Long.parseLong(server.info("uptime_in_seconds")) >= from + count);
    }

    static void awaitLog(ServerProcess server, String words) {
        Awaitility.await("'" + words + "' in the log of " + server)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> server.log().contains(words));
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
