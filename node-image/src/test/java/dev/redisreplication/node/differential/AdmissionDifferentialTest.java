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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why a command is refused, when there are several reasons: each pair of reasons is made true on a real server and on a node,
 * and commands of each class are sent to both, outside of a transaction and inside, and the EXEC after them.
 */
class AdmissionDifferentialTest {
    private enum Reason {
        NOAUTH,
        NOPERM,
        OOM,
        MISCONF,
        NOREPLICAS,
        REPLICA,
        STALE,
        LOADING
    }

    private static final List<List<String>> COMMANDS = List.of(
            List.of("SET", "a", "1"),
            List.of("DEL", "a"),
            List.of("GET", "a"),
            List.of("PING"),
            List.of("ECHO", "1"),
            List.of("SELECT", "0"),
            List.of("INFO", "nothing"),
            List.of("CONFIG", "GET", "nothing"),
            List.of("PUBLISH", "c", "1"),
            List.of("SUBSCRIBE", "c"),
            List.of("SSUBSCRIBE", "c"),
            List.of("UNSUBSCRIBE"),
            List.of("AUTH", "x", "y"),
            List.of("HELLO", "9"),
            List.of("MULTI"),
            List.of("WATCH", "a"),
            List.of("UNWATCH"),
            List.of("EXEC"),
            List.of("DISCARD"),
            List.of("RESET"),
            List.of("QUIT"),
            List.of("SAVE"),
            List.of("LASTSAVE", "1"),
            List.of("NOTHING"));

    /** What a connection has said before the reasons come true. */
    private static final List<List<List<String>>> BEFORE = List.of(
            List.of(),
            List.of(List.of("SUBSCRIBE", "s")),
            List.of(List.of("HELLO", "3"), List.of("SUBSCRIBE", "s")),
            List.of(List.of("MULTI")),
            List.of(List.of("MULTI"), List.of("GET", "a"), List.of("ECHO", "1")),
            List.of(List.of("MULTI"), List.of("ECHO", "1"), List.of("SET", "a", "1"), List.of("GET", "a")),
            List.of(List.of("MULTI"), List.of("DEL", "a"), List.of("INFO", "nothing")),
            List.of(List.of("MULTI"), List.of("NOTHING")));

    @TempDir
    Path folder;

    @Test
    void theSameReasonIsGiven() throws Exception {
        RealRedis.assumeInstalled();
        Path theirs = Files.createDirectory(folder.resolve("redis"));
        Path ours = Files.createDirectory(folder.resolve("node"));
        try (RealRedis redis = RealRedis.start("--dir", theirs.toString());
                Server node = Server.start("--port", "0", "--bind", "127.0.0.1", "--dir", ours.toString());
                Side right = new Side(redis.port(), theirs, null);
                Side left = new Side(node.port(), ours, node)) {
            right.prepare();
            left.prepare();
            int cases = 0;
            for (Set<Reason> reasons : sets()) {
                List<List<String>> expected = right.answers(reasons);
                List<List<String>> given = left.answers(reasons);
                cases += expected.size();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(given.get(i)).as("%s: %s", reasons, given.get(i)).isEqualTo(expected.get(i));
                }
            }
            assertThat(cases).isGreaterThan(5000);
        }
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

    /** One of the two servers, and how each reason is made true there. */
    private static final class Side implements AutoCloseable {
        private final Wire control;
        private final int port;
        private final Path folder;
        private final Server node; // null: a real server
        private Wire loader;

        Side(int port, Path folder, Server node) throws IOException {
            this.port = port;
            this.control = new Wire(port);
            this.folder = folder;
            this.node = node;
        }

        /** A dump that takes long to load, and a dump that failed. */
        void prepare() throws IOException {
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

        private void must(String... command) throws IOException {
            assertThat(control.call(command).isError())
                    .as(String.join(" ", command))
                    .isFalse();
        }

        List<List<String>> answers(Set<Reason> reasons) throws IOException {
            if (reasons.contains(Reason.NOAUTH)) {
                must("CONFIG", "SET", "requirepass", "secret");
            }
            must("ACL", "SETUSER", "somebody", "reset", "on", "nopass", "+@all", "~*", "&*");
            List<List<String>> answers = new ArrayList<>();
            List<Wire> wires = new ArrayList<>();
            for (List<List<String>> before : BEFORE) {
                for (int i = 0; i < COMMANDS.size(); i++) {
                    Wire wire = new Wire(port);
                    List<String> said = new ArrayList<>();
                    if (reasons.contains(Reason.NOPERM) && !reasons.contains(Reason.NOAUTH)) {
                        assertThat(wire.call("AUTH", "somebody", "x").text()).isEqualTo("OK");
                    }
                    for (List<String> command : before) {
                        said.add(ask(wire, command));
                    }
                    wires.add(wire);
                    answers.add(said);
                }
            }
            begin(reasons);
            for (int i = 0; i < wires.size(); i++) {
                List<String> command = COMMANDS.get(i % COMMANDS.size());
                try (Wire wire = wires.get(i)) {
                    answers.get(i).add(ask(wire, command));
                    if (!command.equals(List.of("QUIT"))) {
                        answers.get(i).add(ask(wire, List.of("EXEC")));
                        answers.get(i).add(ask(wire, List.of("PING")));
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
    }
}
