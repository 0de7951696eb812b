package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A server, real or a node, on which reasons to refuse a command are made true, and what it says to many connections then. */
final class Refusals implements AutoCloseable {
    /** Why a command may be refused. */
    enum Reason {
        NOAUTH,
        NOPERM,
        OOM,
        MISCONF,
        NOREPLICAS,
        REPLICA,
        STALE,
        LOADING
    }

    /** What one connection says: before the reasons are true, and then. */
    record Conversation(List<List<String>> before, List<List<String>> after) {}

    private final Wire control;
    private final int port;
    private final Path folder;
    private final Server node; // null: a real server
    private Wire loader;

    Refusals(int port, Path folder, Server node) throws IOException {
        this.port = port;
        this.control = new Wire(port);
        this.folder = folder;
        this.node = node;
    }

    /** What connections are to say, once a server has what they need for it. */
    @FunctionalInterface
    interface Talk {
        List<Conversation> on(Refusals side) throws IOException;
    }

    /**
     * Has a real server and a node, in folders of their own below {@code folder}, answer all conversations under each set of
     * reasons, which is to be the same; skipped where there is no {@code redis-server}.
     *
     * @return how many conversations that were
     */
    static int compare(Path folder, Talk talk) throws Exception {
        RealRedis.assumeInstalled();
        Path theirs = Files.createDirectory(folder.resolve("redis"));
        Path ours = Files.createDirectory(folder.resolve("node"));
        try (RealRedis redis = RealRedis.start("--dir", theirs.toString());
                Server node = Server.start("--port", "0", "--bind", "127.0.0.1", "--dir", ours.toString());
                Refusals right = new Refusals(redis.port(), theirs, null);
                Refusals left = new Refusals(node.port(), ours, node)) {
            List<Conversation> conversations = talk.on(right);
            assertThat(talk.on(left)).isEqualTo(conversations);
            right.prepare();
            left.prepare();
            int cases = 0;
            List<String> differences = new ArrayList<>();
            for (Set<Reason> reasons : sets()) {
                List<List<String>> expected = right.answers(reasons, conversations);
                List<List<String>> given = left.answers(reasons, conversations);
                cases += expected.size();
                for (int i = 0; i < expected.size(); i++) {
                    if (!given.get(i).equals(expected.get(i))) {
                        differences.add(reasons + ": " + given.get(i) + " and not " + expected.get(i));
                    }
                }
            }
            assertThat(differences).isEmpty();
            return cases;
        }
    }

    /** A dump that takes long to load, and a dump that failed. */
    private void prepare() throws IOException {
        must("CONFIG", "SET", "rdbcompression", "no");
        for (int i = 0; i < 400; i++) {
            List<String> many = new ArrayList<>(List.of("MSET"));
            for (int k = 0; k < 100; k++) {
                many.addAll(List.of("k" + i + "-" + k, "x".repeat(1100)));
            }
            must(many.toArray(String[]::new));
        }
        must("SAVE");
        Path dump = folder.resolve("dump.rdb");
        Path aside = folder.resolve("aside");
        Files.move(dump, aside);
        Files.createDirectories(dump.resolve("in-the-way"));
        must("CONFIG", "SET", "save", "3600 100000", "stop-writes-on-bgsave-error", "no");
        control.call("BGSAVE");
        Awaitility.await("a dump fails")
                .until(() -> control.call("INFO", "persistence").text().contains("rdb_last_bgsave_status:err"));
        Files.delete(dump.resolve("in-the-way"));
        Files.delete(dump);
        Files.move(aside, dump);
    }

    void must(String... command) throws IOException {
        assertThat(control.call(command).isError())
                .as(String.join(" ", command))
                .isFalse();
    }

    String ask(String... command) throws IOException {
        return control.call(command).text();
    }

    /**
     * What each conversation is answered: connections say what comes before, then the reasons come true, then all say the rest.
     */
    private List<List<String>> answers(Set<Reason> reasons, List<Conversation> conversations) throws IOException {
        if (reasons.contains(Reason.NOAUTH)) {
            must("CONFIG", "SET", "requirepass", "secret");
        }
        must("ACL", "SETUSER", "somebody", "reset", "on", "nopass", "+@all", "~*", "&*");
        List<List<String>> answers = new ArrayList<>();
        List<Wire> wires = new ArrayList<>();
        for (Conversation conversation : conversations) {
            Wire wire = new Wire(port);
            List<String> said = new ArrayList<>();
            if (reasons.contains(Reason.NOPERM) && !reasons.contains(Reason.NOAUTH)) {
                assertThat(wire.call("AUTH", "somebody", "x").text()).isEqualTo("OK");
            }
            for (List<String> command : conversation.before()) {
                said.add(ask(wire, command));
            }
            wires.add(wire);
            answers.add(said);
        }
        begin(reasons);
        for (int i = 0; i < wires.size(); i++) {
            try (Wire wire = wires.get(i)) {
                for (List<String> command : conversations.get(i).after()) {
                    answers.get(i).add(ask(wire, command));
                }
            }
        }
        end(reasons);
        return answers;
    }

    private static String ask(Wire wire, List<String> command) throws IOException {
        String answer = wire.call(command).toString().replaceAll("(\\$id) :\\d+", "$1 :0");
        return String.join(" ", command) + " -> " + (command.equals(List.of("SAVE")) ? answer.charAt(0) : answer);
    }

    private void begin(Set<Reason> reasons) throws IOException {
        if (reasons.contains(Reason.NOPERM)) {
            must("ACL", "SETUSER", "somebody", "-set", "-get", "-ping", "-exec", "-select", "-discard");
            must("ACL", "SETUSER", "somebody", "-evalsha", "-fcall");
            must("ACL", "SETUSER", "somebody", "-config|get", "-multi", "resetkeys");
        }
        if (reasons.contains(Reason.OOM)) {
            must("CONFIG", "SET", "maxmemory", "1");
        }
        if (reasons.contains(Reason.MISCONF)) {
            must("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
        }
        if (reasons.contains(Reason.NOREPLICAS)) {
            must("CONFIG", "SET", "min-replicas-to-write", "1");
        }
        if (reasons.contains(Reason.REPLICA)) {
            must("REPLICAOF", "127.0.0.1", "1");
        }
        if (reasons.contains(Reason.STALE)) {
            must("CONFIG", "SET", "replica-serve-stale-data", "no");
        }
        if (reasons.contains(Reason.LOADING)) {
            loading(true);
        }
    }

    private void loading(boolean on) throws IOException {
        if (node != null) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            node.node().loop().execute(() -> {
                node.node().loading(on);
                done.complete(null);
            });
            done.join();
            return;
        }
        must("CONFIG", "SET", "key-load-delay", on ? "1000" : "0", "loading-process-events-interval-bytes", "1024");
        if (on) {
            loader = new Wire(port);
            loader.call("AUTH", "secret");
            loader.send(List.of("DEBUG", "RELOAD", "NOSAVE"));
        } else {
            assertThat(loader.read().text()).isEqualTo("OK");
            loader.close();
        }
        Awaitility.await("loading")
                .until(() -> control.call("INFO", "persistence").text().contains("\nloading:" + (on ? "1" : "0")));
    }

    private void end(Set<Reason> reasons) throws IOException {
        if (reasons.contains(Reason.LOADING)) {
            loading(false);
        }
        must("CONFIG", "SET", "maxmemory", "0");
        must("CONFIG", "SET", "stop-writes-on-bgsave-error", "no", "min-replicas-to-write", "0");
        must("CONFIG", "SET", "replica-serve-stale-data", "yes", "requirepass", "");
        must("REPLICAOF", "NO", "ONE");
    }

    @Override
    public void close() throws IOException {
        control.close();
    }

    /** Each reason alone, each pair of them, and all at once. */
    private static List<Set<Reason>> sets() {
        List<Set<Reason>> sets = new ArrayList<>();
        Reason[] all = Reason.values();
        for (int bits = 0; bits < 1 << all.length; bits++) {
            Set<Reason> set = EnumSet.noneOf(Reason.class);
            for (Reason reason : all) {
                if ((bits >> reason.ordinal() & 1) != 0) {
                    set.add(reason);
                }
            }
            if (set.contains(Reason.STALE) && !set.contains(Reason.REPLICA)) {
                continue; // only a replica has old data
            }
            int count = set.size() - (set.contains(Reason.STALE) ? 1 : 0);
            if (count <= 2 || count == all.length - 1) {
                sets.add(set);
            }
        }
        return sets;
    }
}
