package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.exceptions.JedisDataException;

/** FAILOVER: a master hands its role over, beside real servers and together with them. */
class FailoverDifferentialTest {
    private static final String HOST = "127.0.0.1";

    @TempDir
    Path folder;

    private static String reply(ServerProcess server, String... words) {
        try {
            return String.valueOf(server.call(words));
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }

    private static String port(ServerProcess server) {
        return Integer.toString(server.port());
    }

    private ServerProcess start(String program, String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--repl-ping-replica-period", "3600"));
        return ServerProcess.of(program, folder.resolve(program + "-" + name), all.toArray(String[]::new));
    }

    private static void awaitHeard(ServerProcess replica, ServerProcess master) {
        replica.awaitCaughtUp(master);
        Awaitility.await("acknowledgement by " + replica).until(() -> ((String) master.call("INFO", "replication"))
                .lines()
                .anyMatch(line ->
                        line.contains("port=" + replica.port() + ",state=online,offset=" + master.offset() + ",")));
    }

    @Test
    void whatIsRefusedIsRefusedInTheSameWords() throws Exception {
        List<List<String>> said = new ArrayList<>();
        for (String program : List.of("redis", "node")) {
            List<String> replies = new ArrayList<>();
            said.add(replies);
            try (ServerProcess master = start(program, "master");
                    ServerProcess replica = start(program, "replica")) {
                replies.add(reply(master, "FAILOVER"));
                replica.call("REPLICAOF", HOST, port(master));
                awaitHeard(replica, master);
                for (String arguments : List.of(
                        "FORCE",
                        "FORCE FORCE",
                        "TIMEOUT",
                        "TIMEOUT 0",
                        "TIMEOUT -1",
                        "TIMEOUT x",
                        "TIMEOUT 1 TIMEOUT 2",
                        "TO 127.0.0.1",
                        "TO 127.0.0.1 x",
                        "TO 127.0.0.1 1",
                        "TO localhost " + port(replica),
                        "TO 127.0.0.1 1 TO 127.0.0.1 2",
                        "FORCE TO 127.0.0.1 " + port(replica),
                        "FORCE TIMEOUT 100",
                        "ABORT",
                        "ABORT x",
                        "TIMEOUT 1 ABORT",
                        "x")) {
                    replies.add(arguments.replace(port(replica), "<replica>") + ": "
                            + reply(master, ("FAILOVER " + arguments).split(" ", -1)));
                }
                replies.add(reply(replica, "FAILOVER"));
                replies.add(reply(replica, "FAILOVER", "ABORT"));
                replies.add(reply(master, "PSYNC", "x", "1", "FAILOVER"));
                replies.add(reply(replica, "PSYNC", "x", "1", "FAILOVER"));
                replies.add(master.info("role") + " " + replica.info("role"));
            }
        }
        assertThat(said.getLast()).isEqualTo(said.getFirst());
    }

    @ParameterizedTest
    @CsvSource({"redis, redis", "node, node", "node, redis", "redis, node"})
    void theRoleGoesToAReplicaAndBack(String first, String second) throws Exception {
        try (ServerProcess one = start(first, "one");
                ServerProcess two = start(second, "two");
                ServerProcess three = start(first, "three")) {
            one.call("SET", "a", "1");
            two.call("REPLICAOF", HOST, port(one));
            three.call("REPLICAOF", HOST, port(one));
            awaitHeard(two, one);
            awaitHeard(three, one);
            LogEvents ofOne = new LogEvents(one);
            LogEvents ofTwo = new LogEvents(two);
            ofOne.begin();
            ofTwo.begin();
            assertThat(one.call("FAILOVER", "TO", HOST, port(two), "TIMEOUT", "60000"))
                    .isEqualTo("OK");
            one.awaitInfo("role", "slave");
            one.awaitInfo("master_failover_state", "no-failover");
            two.awaitInfo("role", "master");
            awaitHeard(one, two);
            three.awaitCaughtUp(two); // in a chain
            two.call("SET", "b", "2");
            three.awaitCaughtUp(two);
            assertThat(three.call("GET", "b")).isEqualTo("2");
            assertThat(one.info("sync_full")).isEqualTo("2");
            assertThat(two.info("sync_full")).isEqualTo("0");
            assertThat(two.info("sync_partial_ok")).isEqualTo("1");
            assertThat(one.call("CONFIG", "GET", "replicaof").toString()).contains(HOST + " " + port(two));
            assertThat(ofOne.events())
                    .containsSubsequence(
                            "M * FAILOVER requested to #:#.",
                            "M * Failover target #:# is synced, failing over.",
                            "S * Connecting to MASTER #:#",
                            "S # Master replication ID changed to <id>",
                            "S * MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
            assertThat(ofTwo.events())
                    .containsSubsequence(
                            "S # Failover request received for replid <id>.",
                            "M # Connection with master lost.",
                            "M * MASTER MODE enabled (failover request from '<client>')",
                            "M * Replica #:# asks for synchronization");
            // and to any that has everything, which is the only one
            two.call("FAILOVER");
            one.awaitInfo("role", "master");
            awaitHeard(two, one);
            assertThat(two.call("GET", "b")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @CsvSource({"redis", "node"})
    void writesWaitForItAndGoOnWhenItIsAborted(String program) throws Exception {
        try (ServerProcess master = start(program, "master");
                ServerProcess replica = start(program, "replica", "--replicaof", HOST + " " + master.port())) {
            awaitHeard(replica, master);
            replica.pause();
            assertThat(master.call("SET", "a", "1")).isEqualTo("OK"); // which the replica lacks
            master.call("FAILOVER", "TO", HOST, port(replica));
            CompletableFuture<Object> write = master.later("SET", "a", "2");
            master.awaitInfo("blocked_clients", "1");
            assertThat(master.info("master_failover_state")).isEqualTo("waiting-for-sync");
            assertThat(master.call("GET", "a")).isEqualTo("1");
            master.refuses("ERR FAILOVER already in progress.", "FAILOVER");
            master.refuses("ERR REPLICAOF not allowed while failing over.", "REPLICAOF", HOST, "1");
            master.refuses("ERR REPLICAOF not allowed while failing over.", "REPLICAOF", "NO", "ONE");
            master.refuses("NOMASTERLINK Can't SYNC while failing over", "PSYNC", "?", "-1");
            assertThat(master.call("CLIENT", "UNPAUSE")).isEqualTo("OK"); // not of this pause
            assertThat(master.call("GET", "a")).isEqualTo("1");
            assertThat(master.call("FAILOVER", "ABORT")).isEqualTo("OK");
            assertThat(write.get(60, TimeUnit.SECONDS)).isEqualTo("OK");
            assertThat(master.info("master_failover_state")).isEqualTo("no-failover");
            assertThat(master.log())
                    .contains("FAILOVER to 127.0.0.1:" + port(replica) + " aborted: Failover manually aborted");
            // A time that is over does the same.
            master.call("FAILOVER", "TIMEOUT", "100");
            master.awaitInfo("master_failover_state", "no-failover");
            assertThat(master.log())
                    .contains("FAILOVER to any replica aborted: Replica never caught up before timeout");
            assertThat(master.info("role")).isEqualTo("master");
            replica.resume();
            awaitHeard(replica, master);
        }
    }

    @ParameterizedTest
    @CsvSource({"redis", "node"})
    void byForceAReplicaTakesOverThatLacksSomething(String program) throws Exception {
        try (ServerProcess master = start(program, "master");
                ServerProcess replica = start(program, "replica", "--replicaof", HOST + " " + master.port())) {
            awaitHeard(replica, master);
            replica.pause();
            master.call("SET", "a", "1");
            master.call("FAILOVER", "TO", HOST, port(replica), "FORCE", "TIMEOUT", "100");
            master.awaitInfo("master_failover_state", "failover-in-progress");
            assertThat(master.info("role")).isEqualTo("slave");
            master.refuses("READONLY", "SET", "a", "2");
            // Nobody answers: it becomes master again.
            assertThat(master.call("FAILOVER", "ABORT")).isEqualTo("OK");
            assertThat(master.info("role")).isEqualTo("master");
            assertThat(master.call("SET", "a", "2")).isEqualTo("OK");
            assertThat(master.log())
                    .contains(
                            "FAILOVER to 127.0.0.1:" + port(replica) + " time out exceeded, failing over.",
                            "FAILOVER to 127.0.0.1:" + port(replica) + " aborted: Failover manually aborted");
            replica.resume();
            awaitHeard(replica, master);
            replica.pause();
            master.call("SET", "a", "3");
            master.call("FAILOVER", "TO", HOST, port(replica), "FORCE", "TIMEOUT", "100");
            master.awaitInfo("master_failover_state", "failover-in-progress");
            replica.resume();
            replica.awaitInfo("role", "master");
            awaitHeard(master, replica);
            assertThat(master.info("master_failover_state")).isEqualTo("no-failover");
        }
    }

    @ParameterizedTest
    @CsvSource({"redis", "node"})
    void aReplicaThatRefusesLeavesTheMasterWhatItIs(String program) throws Exception {
        try (ServerProcess master = start(program, "master");
                ServerProcess replica = start("redis", "replica", "--replicaof", HOST + " " + master.port())) {
            awaitHeard(replica, master);
            replica.call("CONFIG", "SET", "requirepass", "secret"); // which the master does not know
            master.call("FAILOVER", "TO", HOST, port(replica));
            Awaitility.await("an end of it").until(() -> master.log().contains("aborted"));
            assertThat(master.log())
                    .contains("FAILOVER to 127.0.0.1:" + port(replica)
                            + " aborted: Failover target rejected psync request");
            assertThat(master.info("master_failover_state")).isEqualTo("no-failover");
            assertThat(master.info("role")).isEqualTo("master");
            assertThat(master.call("SET", "a", "1")).isEqualTo("OK");
        }
    }
}
