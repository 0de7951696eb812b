package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Repository;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.Tool;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.WriteOptions;
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

/** The real operator and three real nodes: their master killed and paused, the operator killed, users at work. */
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

    @Test
    void anOperatorThatDiesWithTheMasterFinishesWhatItFindsWhenItIsBack() throws IOException {
        Group.killOperator(sandbox);
        Outcome outcome = new Failover(group, writer).run("KILL");
        assertThat(outcome.replicatedMissing()).isZero();
        awaitInStep(group.status("master"));
    }

    @Test
    void whatUsersDoIsAnswered() {
        // Edits that land while the status is being written are not lost.
        for (int i = 1; i <= 30; i++) {
            String value = Integer.toString(100 + i);
            group.edit(object -> {
                Json.child(Json.child(object, "spec"), "config").put("slowlog-max-len", value);
                return object;
            });
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Json.write(owned("statefulsets", group.name()))).contains("slowlog-max-len", "\"130\"");
            assertThat(group.status("observedGeneration"))
                    .isEqualTo(Json.text(group.resource(), "metadata", "generation"));
        });

        // What a stranger takes away or changes comes back.
        Api api = sandbox.api();
        api.delete(api.type("services"), Group.NAMESPACE, group.readWriteService(), Json.object(), false);
        api.edit(api.type("statefulsets"), Group.NAMESPACE, group.name(), "", WriteOptions.of("stranger"), set -> {
            Json.child(set, "spec").put("replicas", 4);
            return set;
        });
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(owned("services", group.readWriteService())).isNotNull();
            assertThat(Json.text(owned("statefulsets", group.name()), "spec", "replicas"))
                    .isEqualTo("3");
        });

        // With the group goes all that was made for it.
        api.delete(
                api.types()
                        .find("redis-replication.dev", "v1alpha1", "redisreplicationgroups")
                        .orElseThrow(),
                Group.NAMESPACE,
                group.name(),
                Json.object(),
                false);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(group.pods()).isEmpty();
            for (String plural : List.of("statefulsets", "services", "secrets", "poddisruptionbudgets")) {
                assertThat(api.list(api.type(plural), Group.NAMESPACE, this::isOurs))
                        .isEmpty();
            }
        });
    }

    @Test
    void aScaleDownThatWouldTakeTheMasterWaitsAndSaysSo() throws IOException {
        String master = new Failover(group, writer).run("KILL").to();
        awaitInStep(master);
        group.edit(object -> {
            Json.child(object, "spec").put("replicas", 1);
            return object;
        });
        int stay = Integer.parseInt(master.substring(master.lastIndexOf('-') + 1)) + 1;
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Json.write(group.resource().path("status").path("conditions")))
                    .contains("\"MasterBeyondSpec\"");
            assertThat(Json.text(owned("statefulsets", group.name()), "spec", "replicas"))
                    .isEqualTo(Integer.toString(stay));
            assertThat(sandbox.api().list(sandbox.api().type("events"), Group.NAMESPACE, o -> true))
                    .anyMatch(event -> Json.text(event, "reason").equals("MasterBeyondSpec"));
        });
        assertThat(group.status("master")).isEqualTo(master);
    }

    private ObjectNode owned(String plural, String name) {
        return sandbox.api().find(sandbox.api().type(plural), Group.NAMESPACE, name);
    }

    private boolean isOurs(ObjectNode object) {
        return Json.text(object, "metadata", "labels", "redis-replication.dev/group")
                .equals(group.name());
    }
}
