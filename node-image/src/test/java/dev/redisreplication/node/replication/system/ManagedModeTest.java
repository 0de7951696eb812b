package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** The orders of an operator to real processes. */
class ManagedModeTest {
    private static final String LONG = "60000";

    @TempDir
    Path folder;

    private final ServerProcess[] nodes = new ServerProcess[3];

    @BeforeEach
    void start() {
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = ServerProcess.node(folder.resolve("node" + i), "--managed", "yes", "--appendonly", "yes");
        }
    }

    @AfterEach
    void stop() {
        for (ServerProcess node : nodes) {
            if (node != null) {
                node.close();
            }
        }
    }

    private static void renew(ServerProcess node, int term, String ttl) {
        node.call("LEASE", "RENEW", Integer.toString(term), ttl, "2", node.info("managed_clock"));
    }

    private static void lead(ServerProcess node, int term) {
        assertThat(node.call("REPLICAOF", "NO", "ONE", "TERM", Integer.toString(term)))
                .isEqualTo("OK");
    }

    private static void follow(ServerProcess node, ServerProcess master, int term) {
        assertThat(node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()), "TERM", Integer.toString(term)))
                .isEqualTo("OK");
    }

    /** Node 0 is master of term 1 with a long lease, the others follow and have everything. */
    private void group() {
        lead(nodes[0], 1);
        renew(nodes[0], 1, LONG);
        follow(nodes[1], nodes[0], 1);
        follow(nodes[2], nodes[0], 1);
        nodes[0].call("SET", "before", "1");
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
    }

    @Test
    void withoutARoleItServesNothing() {
        nodes[0].refuses("MASTERDOWN", "SET", "a", "1");
        nodes[0].refuses("MASTERDOWN", "GET", "a");
        nodes[0].refuses("NOMASTERLINK", "PSYNC", "?", "-1");
        nodes[0].refuses("ERR this node is managed", "REPLICAOF", "NO", "ONE");
        nodes[0].refuses("NOTMASTER", "LEASE", "RENEW", "0", "1000", "2", "0");
        assertThat(nodes[0].info("role")).isEqualTo("slave");
        assertThat(nodes[0].info("managed_role")).isEqualTo("none");
        assertThat(nodes[0].info("master_replid")).hasSize(40).isNotEqualTo("0".repeat(40));
        // A node that asks one without a role for data gets none, and keeps its own.
        follow(nodes[1], nodes[0], 1);
        assertThat(nodes[1].info("master_link_status")).isEqualTo("down");
    }

    @Test
    void aMasterWritesOnlyWithALease() {
        lead(nodes[0], 1);
        nodes[0].refuses("READONLY no lease", "SET", "a", "1");
        nodes[0].refuses("STALETERM", "LEASE", "RENEW", "2", "1000", "2", "0");
        long future = Long.parseLong(nodes[0].info("managed_clock")) + 1_000_000;
        nodes[0].refuses("ERR", "LEASE", "RENEW", "1", "1000", "2", Long.toString(future));
        renew(nodes[0], 1, LONG);
        assertThat(nodes[0].call("SET", "a", "1")).isEqualTo("OK");
        lead(nodes[0], 2);
        nodes[0].refuses("READONLY no lease", "SET", "a", "2");
        assertThat(nodes[0].call("GET", "a")).isEqualTo("1");
    }

    @Test
    void oldTermsAreRefusedAlsoAfterARestart() throws Exception {
        lead(nodes[0], 5);
        nodes[0].refuses("STALETERM current is 5", "LEASE", "FENCE", "4");
        nodes[0].refuses("STALETERM", "LEASE", "FENCE", "5");
        nodes[0].refuses("STALETERM", "REPLICAOF", "127.0.0.1", "1", "TERM", "5");
        nodes[0].refuses("STALETERM", "REPLICAOF", "NO", "ONE", "TERM", "4");
        nodes[0].kill();
        nodes[0].start();
        assertThat(nodes[0].info("term")).isEqualTo("5");
        assertThat(nodes[0].info("managed_role")).isEqualTo("none");
        nodes[0].refuses("STALETERM", "LEASE", "FENCE", "4");
        Map<String, Object> fenced = nodes[0].map("LEASE", "FENCE", "6");
        assertThat(fenced)
                .containsEntry("role-before", "none")
                .containsEntry("term", 6L)
                .containsEntry("synced", 0L)
                .containsEntry("vote-age-ms", -1L);
    }

    /** By itself its replicas would become as empty as it is, see {@code PersistenceWalkthroughTest}. */
    @Test
    void aMasterThatRestartsEmptyTakesNothingFromItsReplicas() throws Exception {
        nodes[0].close();
        nodes[0] = ServerProcess.node(folder.resolve("memory"), "--managed", "yes");
        group();
        nodes[0].kill();
        nodes[0].start();
        nodes[0].refuses("MASTERDOWN", "GET", "before");
        for (ServerProcess replica : List.of(nodes[1], nodes[2])) {
            Awaitility.await("it asked the empty one in vain")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> replica.log().contains("NOMASTERLINK"));
            assertThat(replica.call("GET", "before")).isEqualTo("1");
        }
        lead(nodes[1], 2);
        renew(nodes[1], 2, LONG);
        for (ServerProcess other : List.of(nodes[0], nodes[2])) {
            follow(other, nodes[1], 2);
            other.awaitCaughtUp(nodes[1]);
            assertThat(other.call("GET", "before")).isEqualTo("1");
        }
    }

    @Test
    void aFailoverResumesWithoutCopyingAnything() throws Exception {
        group();
        try (Jedis jedis = nodes[0].connect()) {
            new Workload(1).run(jedis, 500);
            jedis.waitReplicas(2, 60_000);
        }
        Map<String, String> before;
        try (Jedis jedis = nodes[1].connect()) {
            before = Workload.contents(jedis);
        }
        nodes[0].kill();
        Map<String, Object> one = nodes[1].map("LEASE", "FENCE", "2");
        Map<String, Object> two = nodes[2].map("LEASE", "FENCE", "2");
        assertThat(one).containsEntry("role-before", "replica").containsEntry("synced", 1L);
        assertThat(nodes[1].map("LEASE", "FENCE", "2")).containsEntry("role-before", "replica");
        assertThat(one.get("offset")).isEqualTo(two.get("offset"));
        assertThat(one.get("replid")).isEqualTo(two.get("replid"));
        nodes[1].refuses("MASTERDOWN", "GET", "before");

        lead(nodes[1], 2);
        renew(nodes[1], 2, LONG);
        follow(nodes[2], nodes[1], 2);
        nodes[1].call("SET", "after", "2");
        nodes[2].awaitCaughtUp(nodes[1]);
        assertThat(nodes[1].info("sync_partial_ok")).isEqualTo("1");
        assertThat(nodes[1].info("sync_full")).isEqualTo("0");

        nodes[0].start();
        assertThat(nodes[0].info("managed_role")).isEqualTo("none");
        follow(nodes[0], nodes[1], 2);
        nodes[0].awaitCaughtUp(nodes[1]);
        assertThat(nodes[1].info("sync_partial_ok"))
                .as("also the killed master")
                .isEqualTo("2");
        before.put("0/after", "-1 2");
        for (ServerProcess node : nodes) {
            try (Jedis jedis = node.connect()) {
                assertThat(Workload.contents(jedis)).isEqualTo(before);
            }
        }
    }

    @Test
    void fencingAMasterEndsItsClientsAndItsWrites() {
        group();
        try (Jedis client = nodes[0].connect()) {
            client.set("a", "1");
            Map<String, Object> fenced = nodes[0].map("LEASE", "FENCE", "2");
            assertThat(fenced).containsEntry("role-before", "master");
            assertThatThrownBy(() -> client.set("a", "2")).isInstanceOf(JedisConnectionException.class);
        }
        nodes[0].refuses("MASTERDOWN", "SET", "a", "2");
        nodes[1].awaitInfo("master_link_status", "down");
        assertThat(nodes[1].offset()).isEqualTo(nodes[0].offset());
    }

    @Test
    void aReplicaOfAnotherTermIsRefused() {
        group();
        follow(nodes[2], nodes[0], 2);
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> nodes[2].log()
                .contains("STALETERM"));
        assertThat(nodes[2].info("master_link_status")).isEqualTo("down");
        assertThat(nodes[2].call("GET", "before")).as("it keeps what it has").isEqualTo("1");
    }

    @Test
    void replicasRenewTheLeaseWhileTheOperatorIsSilent() throws Exception {
        group();
        lead(nodes[0], 2);
        follow(nodes[1], nodes[0], 2);
        follow(nodes[2], nodes[0], 2);
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        nodes[0].refuses("READONLY no lease", "SET", "a", "1");
        renew(nodes[0], 2, "3000");
        long granted = Long.parseLong(nodes[0].info("managed_clock"));
        // Far longer than the one renewal lasts.
        Awaitility.await()
                .atMost(ServerProcess.PATIENCE)
                .until(() -> Long.parseLong(nodes[0].info("managed_clock")) > granted + 8_000);
        writes(nodes[0], "1");
        // With one of two replicas there is no majority (two of two).
        nodes[2].kill();
        nodes[0].awaitInfo("lease_ms", "0");
        nodes[0].refuses("READONLY no lease", "SET", "a", "2");
        nodes[2].start();
        follow(nodes[2], nodes[0], 2);
        // Whoever voted says when, also once its link is gone.
        long asked = Long.parseLong(nodes[1].info("managed_clock"));
        writes(nodes[0], "3");
        nodes[0].kill();
        nodes[1].awaitInfo("master_link_status", "down");
        long age = (long) nodes[1].map("LEASE", "FENCE", "3").get("vote-age-ms");
        assertThat(age).isNotNegative().isLessThan(Long.parseLong(nodes[1].info("managed_clock")) - asked + 3000);
    }

    @Test
    void replicasThatLostAllQuestionsVoteAgain() throws Exception {
        group();
        lead(nodes[0], 2);
        follow(nodes[1], nodes[0], 2);
        follow(nodes[2], nodes[0], 2);
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        renew(nodes[0], 2, "3000");
        // Both stand still while they are asked, then die with the questions.
        nodes[1].pause();
        nodes[2].pause();
        long before = clock(nodes[0]);
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> clock(nodes[0]) > before + 6_000);
        for (int i = 1; i < 3; i++) {
            nodes[i].kill();
            nodes[i].start();
            follow(nodes[i], nodes[0], 2);
            nodes[i].awaitCaughtUp(nodes[0]);
        }
        renew(nodes[0], 2, "3000");
        long granted = clock(nodes[0]);
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> clock(nodes[0]) > granted + 6_000);
        // Nobody has renewed for two leases: it holds by votes, as soon as they come.
        writes(nodes[0], "1");
    }

    /** As soon as votes allow it: on a busy machine they come late. */
    private static void writes(ServerProcess node, String value) {
        Awaitility.await("a write within the lease")
                .ignoreExceptionsInstanceOf(JedisDataException.class)
                .until(() -> node.call("SET", "a", value).equals("OK"));
    }

    private static long clock(ServerProcess node) {
        return Long.parseLong(node.info("managed_clock"));
    }

    @Test
    void aPausedMasterWakesUpWithoutItsLease() throws Exception {
        lead(nodes[0], 1);
        // On a busy machine the first command may take longer than the lease lasts.
        Awaitility.await("a write within the lease")
                .atMost(ServerProcess.PATIENCE)
                .ignoreExceptionsInstanceOf(JedisDataException.class)
                .until(() -> {
                    renew(nodes[0], 1, "2000");
                    return nodes[0].call("SET", "a", "1").equals("OK");
                });
        String reading = nodes[0].info("managed_clock");
        try (Socket operator = new Socket("127.0.0.1", nodes[0].port());
                Socket client = new Socket("127.0.0.1", nodes[0].port())) {
            assertThat(ask(operator, "PING")).isEqualTo("+PONG");
            assertThat(ask(client, "PING")).isEqualTo("+PONG");
            nodes[0].pause();
            // A renewal and a write lie in the sockets of a process that stands still until its lease is over.
            send(operator, "LEASE RENEW 1 2000 2 " + reading);
            send(client, "SET a 2");
            Thread.sleep(Duration.ofMillis(2500));
            nodes[0].resume();
            assertThat(line(operator)).as("nothing is left of it").isEqualTo(":0");
            assertThat(line(client))
                    .satisfiesAnyOf(
                            refusal -> assertThat(refusal).startsWith("-READONLY no lease"),
                            closed -> assertThat(closed).isNull());
        }
        assertThat(nodes[0].call("GET", "a")).isEqualTo("1");
        assertThat(nodes[0].info("lease_ms")).isEqualTo("0");
    }

    private static void send(Socket socket, String inline) throws IOException {
        socket.getOutputStream().write((inline + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private static String ask(Socket socket, String inline) throws IOException {
        send(socket, inline);
        return line(socket);
    }

    @Test
    void acknowledgementsThatComeTogetherAllCount() throws Exception {
        group();
        try (Socket replica = new Socket("127.0.0.1", nodes[0].port())) {
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(replica.getInputStream(), StandardCharsets.ISO_8859_1));
            replica.getOutputStream().write("PSYNC ? -1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(answers.readLine()).startsWith("+FULLRESYNC");
            replica.getOutputStream()
                    .write("REPLCONF ACK 1\r\nREPLCONF ACK 2\r\nREPLCONF ACK 3\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> nodes[0].info("slave2")
                    .contains("offset=3,"));
        }
    }

    @Test
    void aMasterThatEndsHandsItsRoleOver() throws Exception {
        group();
        assertThat(nodes[0].info("handing_over")).isEqualTo("0");
        nodes[0].call("SET", "volatile", "1", "PX", "300");
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        nodes[0].signal("TERM");
        nodes[0].awaitInfo("handing_over", "1");
        CompletableFuture<Object> write = nodes[0].later("SET", "late", "1");
        nodes[0].awaitInfo("blocked_clients", "1");
        long stands = nodes[0].offset();
        // It is master still, answers reads, and nothing moves the offset: neither time, nor a question for votes.
        Awaitility.await("the time of the key is over")
                .until(() -> nodes[0].call("GET", "volatile").equals("(nil)"));
        renew(nodes[0], 1, LONG);
        assertThat(nodes[0].info("managed_role")).isEqualTo("master");
        assertThat(nodes[0].offset()).isEqualTo(stands);
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);

        // Replicas first, then the master, as the operator does it.
        nodes[1].call("LEASE", "FENCE", "2");
        nodes[2].call("LEASE", "FENCE", "2");
        nodes[0].awaitInfo("connected_slaves", "0");
        assertThat(nodes[0].info("handing_over")).isEqualTo("1");
        Map<String, Object> fenced = nodes[0].map("LEASE", "FENCE", "2");
        assertThat(fenced).containsEntry("role-before", "master").containsEntry("offset", stands);
        assertThat(nodes[0].awaitEnd()).isZero();
        assertThatThrownBy(write::join).hasCauseInstanceOf(JedisConnectionException.class);

        lead(nodes[1], 2);
        renew(nodes[1], 2, LONG);
        follow(nodes[2], nodes[1], 2);
        assertThat(nodes[1].call("GET", "late")).isEqualTo("(nil)");
        nodes[0].start();
        follow(nodes[0], nodes[1], 2);
        nodes[0].awaitCaughtUp(nodes[1]);
        assertThat(nodes[1].info("sync_full")).isEqualTo("0");
        assertThat(nodes[0].call("GET", "late")).isEqualTo("(nil)");
    }

    @Test
    void aMasterWhoseRoleNobodyTakesEndsWhenTheTimeIsOver() throws Exception {
        group();
        nodes[0].call("CONFIG", "SET", "shutdown-timeout", "1");
        CompletableFuture<Object> shutdown = nodes[0].later("SHUTDOWN");
        assertThat(nodes[0].awaitEnd()).isZero();
        assertThatThrownBy(shutdown::join).hasCauseInstanceOf(JedisConnectionException.class);
        assertThat(nodes[0].log()).contains("2 of 2 replicas are in sync when shutting down.");
    }

    @Test
    void aMasterThatNoOrderReachesEndsWithItsLease() throws Exception {
        lead(nodes[0], 1);
        nodes[0].call("CONFIG", "SET", "shutdown-timeout", "600");
        renew(nodes[0], 1, LONG);
        follow(nodes[1], nodes[0], 1);
        nodes[1].awaitCaughtUp(nodes[0]);
        lead(nodes[0], 2); // a lease that is over soon
        follow(nodes[1], nodes[0], 2);
        nodes[1].awaitCaughtUp(nodes[0]);
        renew(nodes[0], 2, "1500");
        nodes[0].signal("TERM");
        Awaitility.await("it hands its role over, or has done so")
                .until(() ->
                        !nodes[0].isAlive() || nodes[0].log().contains("Waiting for replicas before shutting down."));
        // The next term begins, and its order finds the replica only.
        nodes[1].call("LEASE", "FENCE", "3");
        assertThat(nodes[0].awaitEnd()).isZero();
    }

    @Test
    void aSecondProcessWaitsUntilTheFirstHasLeftTheData() throws Exception {
        group();
        nodes[0].signal("STOP"); // deleted by force, and not gone yet
        CompletableFuture<ServerProcess> next = CompletableFuture.supplyAsync(
                () -> ServerProcess.node(folder.resolve("node0"), "--managed", "yes", "--appendonly", "yes"),
                task -> Thread.ofPlatform().start(task));
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> nodes[0].log()
                .contains("Another process uses"));
        assertThat(next).isNotDone();
        nodes[0].kill();
        try (ServerProcess second = next.join()) {
            lead(nodes[1], 2);
            follow(second, nodes[1], 2);
            second.awaitCaughtUp(nodes[1]);
        }
    }

    @Test
    void anAbortedHandOverLeavesAMaster() throws Exception {
        group();
        nodes[0].call("CONFIG", "SET", "shutdown-timeout", "600");
        nodes[0].signal("TERM");
        nodes[0].awaitInfo("handing_over", "1");
        assertThat(nodes[0].call("SHUTDOWN", "ABORT")).isEqualTo("OK");
        assertThat(nodes[0].info("handing_over")).isEqualTo("0");
        assertThat(nodes[0].call("SET", "a", "1")).isEqualTo("OK");
        nodes[1].awaitCaughtUp(nodes[0]);
    }

    @Test
    void aReplicaAndAMasterThatIsAloneEndAtOnce() throws Exception {
        group();
        for (int i = 2; i >= 0; i--) {
            nodes[i].call("CONFIG", "SET", "shutdown-timeout", "600");
            nodes[i].signal("TERM");
            assertThat(nodes[i].awaitEnd()).isZero();
            int left = i;
            if (i > 0) {
                nodes[0].awaitInfo("connected_slaves", Integer.toString(left - 1));
            }
            assertThat(nodes[i].log()).doesNotContain("Waiting for replicas");
        }
    }
}
