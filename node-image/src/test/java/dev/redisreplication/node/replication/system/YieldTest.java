package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A planned switchover as the nodes see it: LEASE YIELD, LEASE RESUME, and who waits for how long. */
class YieldTest {
    private static final String LONG = "60000";

    @TempDir
    Path folder;

    private final ServerProcess[] nodes = new ServerProcess[3];

    /** Node 0 is master of term 1 with a long lease, the others follow and have everything. */
    @BeforeEach
    void start() {
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = ServerProcess.node(folder.resolve("node" + i), "--managed", "yes");
        }
        lead(nodes[0], 1);
        renew(nodes[0], 1, LONG);
        follow(nodes[1], nodes[0], 1);
        follow(nodes[2], nodes[0], 1);
        nodes[0].call("SET", "before", "1");
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
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

    private CompletableFuture<Object> heldWrite() {
        CompletableFuture<Object> write = nodes[0].later("SET", "held", "1");
        nodes[0].awaitInfo("blocked_clients", "1");
        return write;
    }

    private static Object await(CompletableFuture<Object> reply) throws Exception {
        return reply.get(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aMasterThatYieldsStandsStillUntilItIsToldToGoOn() throws Exception {
        nodes[0].call("SET", "volatile", "1", "PX", "200");
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        assertThat(nodes[0].info("yields_for_ms")).isEqualTo("0");
        assertThat(nodes[0].call("LEASE", "YIELD", "1", LONG)).isEqualTo(60_000L);
        assertThat(nodes[0].info("handing_over")).isEqualTo("1");
        assertThat(Long.parseLong(nodes[0].info("yields_for_ms"))).isBetween(1L, 60_000L);
        long stands = nodes[0].offset();
        CompletableFuture<Object> write = heldWrite();
        // It is master still, answers reads, and nothing moves the offset: neither time, nor a question for votes.
        Awaitility.await("the time of the key is over")
                .atMost(ServerProcess.PATIENCE)
                .until(() -> nodes[0].call("GET", "volatile").equals("(nil)"));
        assertThat(nodes[0].info("managed_role")).isEqualTo("master");
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        assertThat(nodes[0].offset()).isEqualTo(stands);
        assertThat(write).isNotDone();

        assertThat(nodes[0].call("LEASE", "RESUME", "1")).isEqualTo(1L);
        assertThat(await(write)).isEqualTo("OK");
        assertThat(nodes[0].info("handing_over")).isEqualTo("0");
        assertThat(nodes[0].call("LEASE", "RESUME", "1"))
                .as("once more: there is nothing to end")
                .isEqualTo(0L);
        nodes[1].awaitCaughtUp(nodes[0]);
        assertThat(nodes[1].call("GET", "held")).isEqualTo("1");
    }

    @Test
    void thePauseEndsByItself() throws Exception {
        assertThat(nodes[0].call("LEASE", "YIELD", "1", "1000")).isEqualTo(1000L);
        // It may be over already when this comes: the write is executed either way.
        assertThat(await(nodes[0].later("SET", "held", "1"))).isEqualTo("OK");
        nodes[0].awaitInfo("handing_over", "0");
        assertThat(nodes[0].log()).contains("nobody took the role within 1000 ms");
        nodes[1].awaitCaughtUp(nodes[0]);
        assertThat(nodes[1].call("GET", "held")).isEqualTo("1");
    }

    @Test
    void askingTwiceProlongsNothing() {
        nodes[0].call("LEASE", "YIELD", "1", "50000");
        assertThat((long) nodes[0].call("LEASE", "YIELD", "1", LONG)).isBetween(1L, 50_000L);
        assertThat(Long.parseLong(nodes[0].info("yields_for_ms"))).isBetween(1L, 50_000L);
    }

    @Test
    void whoDoesNotLeadThisTermDoesNotYield() {
        nodes[0].refuses("STALETERM current is 1", "LEASE", "YIELD", "2", LONG);
        nodes[0].refuses("STALETERM current is 1", "LEASE", "RESUME", "0");
        nodes[1].refuses("NOTMASTER", "LEASE", "YIELD", "1", LONG);
        nodes[1].refuses("NOTMASTER", "LEASE", "RESUME", "1");
        nodes[0].refuses("ERR writes are held back for 1 to 60000 ms", "LEASE", "YIELD", "1", "0");
        nodes[0].refuses("ERR writes are held back for 1 to 60000 ms", "LEASE", "YIELD", "1", "60001");
        assertThat(nodes[0].info("handing_over")).isEqualTo("0");
        assertThat(nodes[0].call("SET", "a", "1")).isEqualTo("OK");
    }

    @Test
    void clientsWaitUntilThereIsANewMasterAndAreSentToIt() throws Exception {
        nodes[0].call("LEASE", "YIELD", "1", LONG);
        CompletableFuture<Object> write = heldWrite();
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        nodes[1].call("LEASE", "FENCE", "2");
        nodes[2].call("LEASE", "FENCE", "2");
        Map<String, Object> fenced = nodes[0].map("LEASE", "FENCE", "2");
        assertThat(fenced).containsEntry("role-before", "master").containsEntry("offset", nodes[1].offset());
        // Reads wait, too, now that it cannot answer them, and who watches the node is answered.
        CompletableFuture<Object> read = nodes[0].later("GET", "before");
        nodes[0].awaitInfo("blocked_clients", "2");
        assertThat(nodes[0].info("managed_role")).isEqualTo("fenced");
        assertThat(nodes[0].call("PING")).isEqualTo("PONG");
        lead(nodes[1], 2);
        renew(nodes[1], 2, LONG);
        assertThat(write).isNotDone();
        assertThat(read).isNotDone();
        follow(nodes[0], nodes[1], 2);
        follow(nodes[2], nodes[1], 2);
        assertThatThrownBy(() -> await(write)).hasCauseInstanceOf(JedisConnectionException.class);
        assertThatThrownBy(() -> await(read)).hasCauseInstanceOf(JedisConnectionException.class);
        nodes[0].awaitCaughtUp(nodes[1]);
        assertThat(nodes[1].info("sync_full")).isEqualTo("0");
        assertThat(nodes[1].call("GET", "held")).as("never executed").isEqualTo("(nil)");
        assertThat(nodes[0].call("GET", "before")).as("it serves as a replica").isEqualTo("1");
        nodes[0].refuses("READONLY", "SET", "a", "1");
    }

    @Test
    void aMasterThatIsPromotedAgainExecutesWhatItHeldBack() throws Exception {
        nodes[0].call("LEASE", "YIELD", "1", LONG);
        CompletableFuture<Object> write = heldWrite();
        nodes[0].map("LEASE", "FENCE", "2");
        CompletableFuture<Object> read = nodes[0].later("GET", "before");
        nodes[0].awaitInfo("blocked_clients", "2");
        lead(nodes[0], 2);
        // Without a lease nothing could be acknowledged: what was held waits on, and so does what comes now.
        CompletableFuture<Object> another = nodes[0].later("SET", "more", "2");
        nodes[0].awaitInfo("blocked_clients", "3");
        renew(nodes[0], 2, LONG);
        assertThat(await(write)).isEqualTo("OK");
        assertThat(await(read)).isEqualTo("1");
        assertThat(await(another)).isEqualTo("OK");
        assertThat(nodes[0].call("GET", "held")).isEqualTo("1");
        assertThat(nodes[0].info("handing_over")).isEqualTo("0");
    }

    @Test
    void whoIsFencedAndForgottenLetsItsClientsGo() {
        nodes[0].call("LEASE", "YIELD", "1", "10000");
        nodes[0].map("LEASE", "FENCE", "2");
        CompletableFuture<Object> read = nodes[0].later("GET", "before");
        nodes[0].awaitInfo("blocked_clients", "1");
        assertThatThrownBy(() -> await(read)).hasCauseInstanceOf(JedisConnectionException.class);
        nodes[0].refuses("MASTERDOWN", "GET", "before");
    }

    @Test
    void aMasterWhoseOperatorFallsSilentGoesOn() throws Exception {
        lead(nodes[0], 2);
        follow(nodes[1], nodes[0], 2);
        follow(nodes[2], nodes[0], 2);
        nodes[1].awaitCaughtUp(nodes[0]);
        nodes[2].awaitCaughtUp(nodes[0]);
        renew(nodes[0], 2, "4000");
        nodes[0].call("LEASE", "YIELD", "2", LONG);
        nodes[0].awaitInfo("handing_over", "0");
        assertThat(nodes[0].log()).contains("the operator is silent");
        // The votes of the replicas prolong the lease from here on.
        Awaitility.await().atMost(ServerProcess.PATIENCE).ignoreExceptions().until(() -> nodes[0].call(
                        "SET", "held", "1")
                .equals("OK"));
    }

    @Test
    void aMasterThatYieldsAndIsToldToEndHandsOverAsOneThatEnds() throws Exception {
        nodes[0].call("LEASE", "YIELD", "1", LONG);
        nodes[0].call("CONFIG", "SET", "shutdown-timeout", "600");
        nodes[0].signal("TERM");
        nodes[0].awaitInfo("yields_for_ms", "0");
        assertThat(nodes[0].info("handing_over")).isEqualTo("1");
        nodes[0].refuses("ERR this node is about to end", "LEASE", "YIELD", "1", LONG);
        nodes[0].map("LEASE", "FENCE", "2");
        assertThat(nodes[0].awaitEnd()).isZero();
    }
}
