package dev.redisreplication.node.differential;

import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A Sentinel, ours or a real one, with a real master and a real replica of its own: replies, log and file, comparable. */
final class SentinelSide implements AutoCloseable {
    /** Values that are times, or differ otherwise from run to run. */
    private static final Set<String> MOVING = Set.of(
            "runid",
            "last-ping-sent",
            "last-ok-ping-reply",
            "last-ping-reply",
            "info-refresh",
            "role-reported-time",
            "slave-repl-offset",
            "link-pending-commands",
            "last-hello-message",
            "s-down-time",
            "o-down-time",
            "run-time",
            "run-delay",
            "pid",
            "id",
            "version");

    private static final Pattern UNORDERED =
            Pattern.compile("SENTINEL MASTERS|ACL CAT (?!nothing).*|COMMAND LIST FILTERBY PATTERN .*");

    /** What the real one writes once it was set, and ours does not. */
    private static final Set<String> DEFAULTS =
            Set.of("sentinel announce-hostnames no", "sentinel resolve-hostnames no", "sentinel announce-ip");

    /** In categories: commands of later versions of Redis, which ours has; and one that stands for its subcommands. */
    private static final Set<String> LATER = Set.of("client|setinfo", "client|no-touch", "sentinel");

    final ServerProcess master;
    final ServerProcess replica;
    final ServerProcess sentinel;
    private final Wire[] wires = new Wire[4]; // by protocol
    private final int logBefore;

    /**
     * @param program of the Sentinel, as {@link ServerProcess#configured} takes it
     * @param password what its clients need, or null
     * @param lines of its file, beside what every such Sentinel has
     */
    SentinelSide(Path folder, String program, String password, String... lines) throws IOException {
        Path own = Files.createDirectories(folder.resolve(program));
        master = ServerProcess.redis(own.resolve("master"));
        replica = ServerProcess.redis(own.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port());
        replica.awaitCaughtUp(master);
        int port = FreePort.next();
        Path file = Files.createDirectories(own.resolve("sentinel")).resolve("sentinel.conf");
        List<String> all = new ArrayList<>(List.of(
                "port " + port,
                "bind 127.0.0.1",
                "dir " + file.getParent(),
                "# one that stays",
                "sentinel monitor mymaster 127.0.0.1 " + master.port() + " 1",
                "sentinel down-after-milliseconds mymaster 30000",
                "sentinel failover-timeout mymaster 5000"));
        all.addAll(List.of(lines));
        Files.write(file, all);
        sentinel = ServerProcess.configured(List.of(), program, file, port, password);
        awaitReplica();
        logBefore = text("server.log").length();
    }

    /** Waits until the replica is known, and that all is well with it. */
    void awaitReplica() {
        Awaitility.await("the replica is known").atMost(ServerProcess.PATIENCE).until(() -> {
            List<?> replicas = (List<?>) sentinel.call("SENTINEL", "REPLICAS", "mymaster");
            return replicas.size() == 1 && ((List<?>) replicas.getFirst()).contains("ok");
        });
    }

    /** The connection that speaks this protocol; always the same one. */
    Wire wire(int protocol) throws IOException {
        if (wires[protocol] == null) {
            wires[protocol] = new Wire(sentinel.port());
            if (protocol == 3) {
                wires[protocol].call("HELLO", "3");
            }
        }
        return wires[protocol];
    }

    /**
     * The reply to a line, with names for what differs between any two Sentinels.
     *
     * @param line as {@link Commands#parse} reads it; {@code <master>} and {@code <replica>} stand for ports
     */
    String ask(int protocol, String line) throws IOException {
        List<String> words =
                Commands.parse(line.replace("<master>", "" + master.port()).replace("<replica>", "" + replica.port()));
        Reply reply = inOrder(line, same(wire(protocol).call(words)));
        return plain(reply.toString());
    }

    /** Masters and commands lie in hashes: the real one's have no order. */
    private static Reply inOrder(String line, Reply reply) {
        if (UNORDERED.matcher(line).matches()) {
            return new Reply(
                            reply.type(),
                            reply.text(),
                            reply.items().stream()
                                    .filter(item -> !LATER.contains("" + item.text()))
                                    .toList())
                    .sorted(1);
        }
        if (line.equals("ROLE") && reply.isAggregate()) {
            return new Reply(
                    reply.type(),
                    null,
                    List.of(reply.items().getFirst(), reply.items().getLast().sorted(1)));
        }
        if (line.startsWith("INFO sentinel")) {
            String sorted = reply.text()
                    .lines()
                    .map(field -> field.replaceFirst("^master\\d+", "master"))
                    .sorted()
                    .collect(Collectors.joining("\n"));
            return new Reply(reply.type(), sorted, null);
        }
        return reply;
    }

    private static Reply same(Reply reply) {
        if (!reply.isAggregate()) {
            return reply;
        }
        List<Reply> all = new ArrayList<>();
        for (Reply each : reply.items()) {
            Reply item = each;
            boolean moving = !all.isEmpty()
                    && MOVING.contains(String.valueOf(all.getLast().text()));
            boolean info = item.text() != null && item.text().startsWith("# Server");
            if (info) { // with its age before it
                all.set(all.size() - 1, new Reply(all.getLast().type(), "age", null));
            }
            boolean flags = !all.isEmpty() && "flags".equals(all.getLast().text());
            if (flags && item.text() != null) { // who is connected anew, is so sooner or later
                item = new Reply(item.type(), item.text().replace(",disconnected", ""), null);
            }
            all.add(moving || info ? new Reply(item.type(), "moving", null) : same(item));
        }
        return new Reply(reply.type(), reply.text(), all);
    }

    /** A text with names for the ports, the folder and the ids that only this side has. */
    String plain(String text) {
        return text.replaceAll("\\b" + master.port() + "\\b", "<master>")
                .replaceAll("\\b" + replica.port() + "\\b", "<replica>")
                .replaceAll("\\b" + sentinel.port() + "\\b", "<sentinel>")
                .replace(sentinel.directory().toString(), "<folder>")
                .replaceAll("\\b(?!1111|2222)[0-9a-f]{40}\\b", "<id>");
    }

    /** A file of its folder, a character a byte. */
    private String text(String name) throws IOException {
        return Files.readString(sentinel.directory().resolve(name), StandardCharsets.ISO_8859_1);
    }

    /** Level and text of each line since it was asked first. */
    List<String> log() throws IOException {
        return text("server.log")
                .substring(logBefore)
                .lines()
                .map(line -> line.replaceAll("[^ -~]", "?"))
                .map(line -> plain(line.replaceFirst("^\\d+:X \\S+ \\S+ \\d+ [\\d:.]+ ", "")))
                .filter(line -> !line.contains("role-change") && !line.contains("Failed to resolve hostname"))
                .toList();
    }

    /** Lines of the file, but those that one of the two does not need. */
    List<String> file() throws IOException {
        return text("sentinel.conf")
                .lines()
                .map(line -> plain(line.replace("\"", "")))
                .filter(line -> !line.isEmpty() && !line.startsWith("user default"))
                .filter(line -> !line.startsWith("latency-tracking-info-percentiles"))
                .filter(line -> !DEFAULTS.contains(line.strip()))
                .sorted(Comparator.comparing((String line) -> line.toLowerCase(Locale.ROOT)))
                .toList();
    }

    @Override
    public void close() {
        for (Wire wire : wires) {
            if (wire != null) {
                try {
                    wire.close();
                } catch (IOException e) {
                    // It is of no use any more.
                }
            }
        }
        sentinel.close();
        replica.close();
        master.close();
    }
}
