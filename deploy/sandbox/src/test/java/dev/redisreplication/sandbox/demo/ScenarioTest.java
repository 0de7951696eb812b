package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Repository;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.Tool;
import dev.redisreplication.sandbox.demo.Failover.Outcome;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** The real operator and three real nodes, their master killed, and paused. */
class ScenarioTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Sandbox sandbox;
    private Group group;
    private Writer writer;

    @BeforeEach
    void start() throws IOException {
        Path root = Repository.root();
        Tool.needs(
                Files.exists(root.resolve("operator/target/quarkus-app/quarkus-run.jar"))
                        && Files.exists(root.resolve("node-image/target/node-image-0.1.0.jar")),
                "operator and node are not built; run the test command of the README, or package these modules first");
        sandbox = new Sandbox(Group.images(root), 0, Duration.ofMillis(200));
        sandbox.apply(Repository.crd());
        Group.startOperator(sandbox);
        group = Group.apply(sandbox, root.resolve("deploy/samples/orders.yaml"));
        await().atMost(PATIENCE).until(group::isReady);
        writer = new Writer(group.readWriteAddress(), Group.REDIS_PORT, group.password(), "k");
        await().atMost(PATIENCE)
                .until(() -> writer.ledger().snapshot().replicated().cardinality() > 100);
    }

    @AfterEach
    void stop() {
        if (writer != null) {
            writer.close();
        }
        if (sandbox != null) {
            sandbox.close();
        }
    }

    /** What the member says of its replication. */
    private Map<String, String> info(String pod) {
        ObjectNode object = sandbox.api().get(sandbox.api().type("pods"), Group.NAMESPACE, pod);
        HostAndPort address = new HostAndPort(Json.text(object, "status", "podIP"), Group.REDIS_PORT);
        try (Jedis jedis = new Jedis(address, Writer.config(group.password(), 10_000))) {
            return jedis.info()
                    .lines()
                    .map(l -> l.split(":", 2))
                    .filter(s -> s.length == 2)
                    .collect(Collectors.toMap(s -> s[0], s -> s[1], (a, b) -> b));
        }
    }

    private List<String> masters() {
        return group.pods().stream()
                .map(Json::name)
                .filter(p -> info(p).get("managed_role").equals("master"))
                .toList();
    }

    /** One master, and everybody else follows it in its history and term. */
    private void awaitInStep(String master) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(group.isReady()).isTrue();
            assertThat(masters()).containsExactly(master);
            String history = info(master).get("master_replid");
            for (ObjectNode pod : group.pods()) {
                Map<String, String> info = info(Json.name(pod));
                assertThat(info).containsEntry("master_replid", history).containsEntry("term", group.status("term"));
                if (!Json.name(pod).equals(master)) {
                    assertThat(info).containsEntry("managed_role", "replica").containsEntry("master_link_status", "up");
                }
            }
        });
    }

    @Test
    void aKilledMasterIsReplacedAndComesBackAsReplica() throws IOException {
        int term = Integer.parseInt(group.status("term"));
        Outcome outcome = new Failover(group, writer).run("KILL");

        assertThat(outcome.replicatedMissing()).isZero();
        assertThat(outcome.to()).isNotEqualTo(outcome.from()).isEqualTo(group.status("master"));
        assertThat(Integer.parseInt(group.status("term"))).isGreaterThan(term);
        awaitInStep(outcome.to());
        // The old master had its log, so it needed only what it missed.
        Map<String, String> master = info(outcome.to());
        assertThat(master).containsEntry("sync_full", "0");
        assertThat(Integer.parseInt(master.get("sync_partial_ok"))).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aPausedMasterAcknowledgesNothingWhenItWakes() throws IOException {
        Outcome outcome = new Failover(group, writer).run("STOP");
        assertThat(outcome.to()).isNotEqualTo(outcome.from());
        group.signal(outcome.from(), "CONT");

        await().atMost(PATIENCE).ignoreExceptions().until(() -> masters().equals(List.of(outcome.to())));
        awaitInStep(outcome.to());
        // Whatever anybody acknowledged at any time is there.
        Ledger.Snapshot now = writer.ledger().snapshot();
        BitSet missing = writer.missing(now.acknowledged());
        missing.and(now.replicated());
        assertThat(missing.cardinality()).isZero();
    }
}
