package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** INFO replication, field by field in their order and with their values, in each state that a link can be in. */
class ReplicationInfoDifferentialTest {
    private static final String HOST = "127.0.0.1";
    private static final Pattern ID =
            Pattern.compile("[1-9a-f][0-9a-f]{39}|0[0-9a-f]*[1-9a-f][0-9a-f]*(?<=[0-9a-f]{40})");

    @TempDir
    Path folder;

    /** One of the two programs, with what its servers said in each state. */
    private final class Cast implements AutoCloseable {
        private final String program;
        private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, List<String>> said = new LinkedHashMap<>();

        Cast(String program) {
            this.program = program;
        }

        ServerProcess start(String name, String... arguments) {
            Path directory = folder.resolve(program + "-" + name);
            String[] all = new String[arguments.length + 2];
            System.arraycopy(arguments, 0, all, 0, arguments.length);
            all[arguments.length] = "--repl-ping-replica-period"; // no PING moves an offset
            all[arguments.length + 1] = "3600";
            ServerProcess server = ServerProcess.of(program, directory, all);
            servers.put(name, server);
            names.put(Integer.toString(server.port()), "<" + name + ">");
            return server;
        }

        /** Writes down what all servers say now. */
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

        @Override
        public void close() {
            servers.values().forEach(ServerProcess::close);
        }
    }

    @FunctionalInterface
    private interface Plot {
        void play(Cast cast) throws Exception;
    }

    private void compare(Plot plot) throws Exception {
        try (Cast real = new Cast("redis");
                Cast ours = new Cast("node")) {
            plot.play(real);
            plot.play(ours);
            assertThat(ours.said.keySet()).isEqualTo(real.said.keySet());
            real.said.forEach((state, fields) ->
                    assertThat(ours.said.get(state)).as(state).isEqualTo(fields));
        }
    }

    private static void follow(ServerProcess replica, ServerProcess master) {
        replica.call("REPLICAOF", HOST, Integer.toString(master.port()));
        awaitServed(replica, master);
    }

    /** Waits until the replica has everything, and the master knows it. */
    private static void awaitServed(ServerProcess replica, ServerProcess master) {
        replica.awaitCaughtUp(master);
        Awaitility.await("acknowledgement by " + replica)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> ((String) master.call("INFO", "replication"))
                        .lines()
                        .anyMatch(line -> line.contains(
                                "port=" + replica.port() + ",state=online,offset=" + master.offset() + ",")));
    }

    @Test
    void aMasterWithNoneOneAndTwoReplicas() throws Exception {
        compare(cast -> {
            ServerProcess master = cast.start("master", "--min-replicas-to-write", "0");
            master.call("SET", "a", "1");
            cast.look("a master that was never anything else");
            ServerProcess one = cast.start("one");
            follow(one, master);
            cast.look("one replica");
            master.call("SET", "a", "2");
            awaitServed(one, master);
            cast.look("one replica, after a write");
            ServerProcess two = cast.start("two", "--replicaof", HOST + " " + master.port());
            awaitServed(two, master);
            master.call("CONFIG", "SET", "min-replicas-to-write", "1");
            cast.look("two replicas");
            one.call("REPLICAOF", "NO", "ONE");
            master.awaitInfo("connected_slaves", "1");
            cast.look("one was promoted");
            two.call("REPLICAOF", HOST, Integer.toString(one.port()));
            awaitServed(two, one);
            cast.look("and has the other one");
            one.call("SET", "a", "3");
            awaitServed(two, one);
            follow(master, one);
            cast.look("and the former master");
        });
    }

    @Test
    void aChain() throws Exception {
        compare(cast -> {
            ServerProcess first = cast.start("first");
            ServerProcess middle = cast.start("middle");
            follow(middle, first);
            ServerProcess last = cast.start("last");
            follow(last, middle);
            first.call("SET", "a", "1");
            awaitServed(middle, first);
            awaitServed(last, middle);
            cast.look("a chain");
            first.kill();
            middle.awaitInfo("master_link_status", "down");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> middle.log()
                    .contains("refused"));
            cast.look("without its first");
            middle.call("REPLICAOF", "NO", "ONE");
            awaitServed(last, middle);
            cast.look("with the middle promoted");
        });
    }

    @Test
    void aLinkThatNeverWas() throws Exception {
        compare(cast -> {
            ServerProcess started = cast.start("started", "--replicaof", HOST + " 1");
            ServerProcess told = cast.start("told", "--replica-read-only", "no", "--replica-announced", "no");
            told.call("REPLICAOF", HOST, "1");
            for (ServerProcess each : List.of(started, told)) {
                Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> each.log()
                        .contains("refused"));
            }
            cast.look("nobody listens");
            told.call("SET", "a", "1");
            told.call("REPLICAOF", "NO", "ONE");
            cast.look("one is master again");
        });
    }

    @Test
    void aDumpIsWaitedFor() throws Exception {
        compare(cast -> {
            ServerProcess master = cast.start("master", "--repl-diskless-sync-delay", "3600");
            ServerProcess replica = cast.start("replica", "--replicaof", HOST + " " + master.port());
            master.awaitInfo("connected_slaves", "1");
            cast.look("the master waits for more replicas");
            replica.call("REPLICAOF", "NO", "ONE");
            master.awaitInfo("connected_slaves", "0");
            cast.look("nobody waits");
        });
    }

    /** The delay ends early when as many replicas wait as are expected. */
    @Test
    void asManyAsAreExpectedDoNotWaitForMore() throws Exception {
        compare(cast -> {
            ServerProcess master = cast.start(
                    "master", "--repl-diskless-sync-delay", "3600", "--repl-diskless-sync-max-replicas", "2");
            ServerProcess one = cast.start("one", "--replicaof", HOST + " " + master.port());
            master.awaitInfo("connected_slaves", "1");
            ServerProcess two = cast.start("two", "--replicaof", HOST + " " + master.port());
            awaitServed(one, master);
            awaitServed(two, master);
            assertThat(master.info("sync_full")).isEqualTo("2");
            // A replica by disk waits for nobody.
            master.call("CONFIG", "SET", "repl-diskless-sync", "no");
            ServerProcess three = cast.start("three", "--replicaof", HOST + " " + master.port());
            awaitServed(three, master);
            assertThat(three.log()).containsPattern("receiving \\d+ bytes from master to disk");
        });
    }
}
