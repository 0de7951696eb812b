package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Repository;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.Tool;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** A test of the real operator and three real nodes with a client that writes. */
abstract class WholeSystem {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    Sandbox sandbox;
    Group group;
    Writer writer;

    @BeforeEach
    void start() throws IOException {
        Path root = Repository.root();
        Tool.needs(
                Files.exists(root.resolve("operator/target/quarkus-app/quarkus-run.jar"))
                        && Files.exists(root.resolve("node-image/target/node-image-0.1.0.jar")),
                "operator and node are not built; run the test command of the README, or package these modules first");
        sandbox = new Sandbox(Group.images(root), 0, Duration.ofMillis(200));
        sandbox.apply(Repository.crd());
        startOperators();
        group = Group.apply(sandbox, root.resolve("deploy/samples/orders.yaml"));
        await().atMost(PATIENCE).until(group::isReady);
        if (group.status("term").equals("1")) {
            assertThat(warnings()).doesNotContain("WaitingForMembers", "NoCandidate", "NobodyAnswers");
        }
        writer = new Writer(group.readWriteAddress(), Group.REDIS_PORT, group.password(), "k");
        await().atMost(PATIENCE)
                .until(() -> writer.ledger().snapshot().replicated().cardinality() > 100);
    }

    /** One, unless the test wants something else. */
    void startOperators() {
        Group.startOperator(sandbox);
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
    Map<String, String> info(String pod) {
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

    /** Reasons of the warnings so far. */
    private List<String> warnings() {
        return sandbox.api().list(sandbox.api().type("events"), Group.NAMESPACE, o -> true).stream()
                .filter(event -> Json.text(event, "type").equals("Warning"))
                .map(event -> Json.text(event, "reason"))
                .toList();
    }

    List<String> masters() {
        return group.pods().stream()
                .map(Json::name)
                .filter(p -> info(p).get("managed_role").equals("master"))
                .toList();
    }

    /** One master, and everybody else follows it in its history and term. */
    void awaitInStep(String master) {
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

    /** What the operator made, or null. */
    ObjectNode owned(String plural, String name) {
        return sandbox.api().find(sandbox.api().type(plural), Group.NAMESPACE, name);
    }

    /** The documented order of an upgrade: the replicas one by one, the master last. */
    void replaceAll() {
        List<String> replicasFirst =
                new ArrayList<>(group.pods().stream().map(Json::name).toList());
        replicasFirst.sort(Comparator.comparing(name -> name.equals(group.status("master"))));
        replicasFirst.forEach(this::replace);
    }

    private void replace(String pod) {
        String uid = Json.uid(owned("pods", pod));
        sandbox.api().delete(sandbox.api().type("pods"), Group.NAMESPACE, pod, Json.object(), false);
        await().atMost(PATIENCE)
                .until(() -> owned("pods", pod) != null
                        && !Json.uid(owned("pods", pod)).equals(uid));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            String now = info(pod).get("managed_role");
            return group.isReady() && (now.equals("replica") || now.equals("master"));
        });
    }

    String aReplica() {
        String master = group.status("master");
        return group.pods().stream()
                .map(Json::name)
                .filter(name -> !name.equals(master))
                .findFirst()
                .orElseThrow();
    }

    Jedis jedis(String pod) {
        return new Jedis(new HostAndPort(Json.text(owned("pods", pod), "status", "podIP"), Group.REDIS_PORT));
    }

    /** What the operator says of its own access to the members. */
    JsonNode passwordCondition() {
        for (JsonNode condition : group.resource().at("/status/conditions")) {
            if (condition.path("type").asText().equals("PasswordAccepted")) {
                return condition;
            }
        }
        return Json.object();
    }

    String passwordReason() {
        return passwordCondition().path("reason").asText();
    }

    /** Reasons of all events. */
    List<String> events() {
        return sandbox.api().list(sandbox.api().type("events"), Group.NAMESPACE, o -> true).stream()
                .map(event -> Json.text(event, "reason"))
                .toList();
    }
}
