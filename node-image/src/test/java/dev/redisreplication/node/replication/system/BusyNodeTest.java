package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Nodes that a script keeps busy: who watches over them, and how they end. */
class BusyNodeTest {
    private static final String SECONDS_6 =
            "local t = redis.call('time')[1] + 6 repeat until redis.call('time')[1] - t > 0 ";

    @TempDir
    private Path folder;

    private static void lead(ServerProcess node, String ttl) {
        node.call("REPLICAOF", "NO", "ONE", "TERM", "1");
        node.call("LEASE", "RENEW", "1", ttl, "2", node.info("managed_clock"));
    }

    private static void renew(Jedis operator) {
        String clock = operator.info("replication").replaceAll("(?s).*managed_clock:(\\d+).*", "$1");
        ServerProcess.call(operator, "LEASE", "RENEW", "1", "3000", "2", clock);
    }

    private static void awaitBusy(ServerProcess node, String... words) {
        Awaitility.await("busy").atMost(ServerProcess.PATIENCE).until(() -> {
            try {
                node.call(words);
                return false;
            } catch (RuntimeException e) {
                return e.getMessage().startsWith("BUSY");
            }
        });
    }

    /** A lease of three seconds, a script of six: the operator's renewals are taken meanwhile, other clients wait. */
    @Test
    void aMasterThatRunsAScriptKeepsItsLease() {
        try (ServerProcess node = ServerProcess.node(folder, "--managed", "yes", "--busy-reply-threshold", "60000")) {
            lead(node, "3000");
            CompletableFuture<Object> outcome;
            CompletableFuture<Object> other;
            int renewals = 0;
            try (Jedis operator = node.connect()) { // whose connection stands
                renew(operator);
                outcome = node.later("EVAL", SECONDS_6 + "redis.call('set', 'k', 'v') return 'done'", "0");
                other = node.later("GET", "k");
                while (!outcome.isDone()) {
                    renew(operator);
                    renewals++;
                }
            }
            assertThat(outcome.join()).isEqualTo("done");
            assertThat(other.join()).isIn("v", "(nil)"); // it may have come before the script
            assertThat(renewals).isGreaterThan(10);
            assertThat(node.call("GET", "k")).isEqualTo("v");
        }
    }

    /** Somebody who may order it to do something else is not heard in the middle of a script. */
    @Test
    void anOrderWaitsForTheEndOfAScript() {
        try (ServerProcess node = ServerProcess.node(folder, "--managed", "yes", "--busy-reply-threshold", "60000")) {
            lead(node, "60000");
            CompletableFuture<Object> outcome =
                    node.later("EVAL", "redis.call('set', 'k', 'v') " + SECONDS_6 + "return 'done'", "0");
            Awaitility.await().until(() -> node.info("cmdstat_set").contains("calls=1"));
            assertThat(node.map("LEASE", "FENCE", "2")).containsEntry("role-before", "master");
            assertThat(outcome).isDone();
            assertThat(outcome.join()).isEqualTo("done");
            assertThat(node.info("managed_role")).isEqualTo("fenced");
        }
    }

    @Test
    void aScriptThatHasNotWrittenIsEndedBeforeItCostsTheRole() {
        try (ServerProcess node = ServerProcess.node(folder, "--managed", "yes", "--busy-reply-threshold", "100")) {
            lead(node, "60000");
            assertThatThrownBy(() -> node.call("EVAL", "while true do end", "0"))
                    .hasMessageContaining("Script killed by user with SCRIPT KILL");
            assertThat(node.call("SET", "k", "v")).isEqualTo("OK");
        }
    }

    @Test
    void oneThatHasWrittenCostsTheRoleInTheEnd() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder, "--managed", "yes", "--busy-reply-threshold", "100")) {
            lead(node, "60000");
            var _ = node.later("EVAL", "redis.call('set', 'k', 'v') while true do end", "0");
            awaitBusy(node, "GET", "k");
            awaitBusy(node, "LEASE", "RENEW", "1", "1000", "2", "0");
            awaitBusy(node, "INFO", "replication");
            var _ = node.later("SHUTDOWN", "NOSAVE");
            assertThat(node.awaitEnd()).isZero();
        }
    }

    @Test
    void shutdownNosaveEndsANodeInTheMiddleOfAScript() throws Exception {
        String[] flags = {"--busy-reply-threshold", "50", "--appendonly", "yes", "--appendfsync", "always"};
        try (ServerProcess node = ServerProcess.node(folder.resolve("master"), flags);
                ServerProcess replica =
                        ServerProcess.node(folder.resolve("replica"), "--replicaof", "127.0.0.1 " + node.port())) {
            node.call("SET", "before", "1");
            replica.awaitCaughtUp(node);
            replica.pause(); // it would be waited for
            var _ = node.later("EVAL", "redis.call('set', 'k', 'v') while true do end", "0");
            awaitBusy(node, "GET", "k");
            for (String words : new String[] {"SCRIPT KILL", "FUNCTION KILL"}) {
                assertThatThrownBy(() -> node.call(words.split(" "))).hasMessageStartingWith("UNKILLABLE");
            }
            for (String words : new String[] {"SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOW", "SHUTDOWN FORCE"}) {
                assertThatThrownBy(() -> node.call(words.split(" "))).hasMessageStartingWith("BUSY");
            }
            var _ = node.later("SHUTDOWN", "NOSAVE");
            assertThat(node.awaitEnd()).isZero();
            replica.resume();
            node.start();
            replica.awaitCaughtUp(node);
            for (ServerProcess each : new ServerProcess[] {node, replica}) {
                assertThat(each.call("EXISTS", "before")).isEqualTo(1L);
                assertThat(each.call("EXISTS", "k")).as("half a script").isEqualTo(0L);
            }
        }
    }
}
