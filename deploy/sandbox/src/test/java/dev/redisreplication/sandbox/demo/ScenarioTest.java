package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.demo.Failover.Outcome;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The real operator and three real nodes: their master killed and paused, the operator killed, users at work. */
class ScenarioTest extends WholeSystem {

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
    void aLeadingOperatorThatIsToldToEndDoes() {
        ProcessHandle operator = Group.operator(sandbox, Group.OPERATOR).orElseThrow();
        assertThat(operator.destroy()).isTrue();
        assertThat(operator.onExit()).succeedsWithin(PATIENCE);
    }

    @Test
    void aSetDeletedWithoutItsPodsComesBackAndTakesThem() throws IOException {
        // Neither the JVM nor a library warns of what is as it should be.
        assertThat(Files.readString(Group.operatorLog(sandbox))).doesNotContain("WARNING:", "VersionUsageUtils");
        String master = group.status("master");
        List<String> before = group.pods().stream().map(Json::uid).toList();
        String set = Json.uid(owned("statefulsets", group.name()));
        sandbox.api()
                .delete(
                        sandbox.api().type("statefulsets"),
                        Group.NAMESPACE,
                        group.name(),
                        Json.object().put("propagationPolicy", "Orphan"),
                        false);
        await().atMost(PATIENCE).untilAsserted(() -> {
            String now = Json.uid(owned("statefulsets", group.name()));
            assertThat(now).isNotEmpty().isNotEqualTo(set);
            assertThat(group.pods()).hasSize(3).allMatch(pod -> Json.text(pod.at("/metadata/ownerReferences/0"), "uid")
                    .equals(now));
            assertThat(group.isReady()).isTrue();
        });
        // Nobody was restarted, and nobody took over.
        assertThat(group.pods().stream().map(Json::uid).toList()).isEqualTo(before);
        assertThat(group.status("master")).isEqualTo(master);
    }

    @Test
    void whatUsersDoIsAnswered() {
        // Edits that land while the status is being written are not lost.
        for (int i = 1; i <= 30; i++) {
            String value = Integer.toString(100 + i);
            group.edit(object -> {
                Json.child(Json.child(object, "spec"), "config").put("maxclients", value);
                return object;
            });
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Json.write(owned("statefulsets", group.name()))).contains("maxclients", "\"130\"");
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
    void aGroupGetsSmallerToOneAndLargerAgain() throws IOException {
        String master = new Failover(group, writer).run("KILL").to();
        awaitInStep(master);
        replicas(1);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(group.status("master")).as("the master moves off first").isEqualTo("orders-0");
            assertThat(Json.text(owned("statefulsets", group.name()), "spec", "replicas"))
                    .isEqualTo("1");
            assertThat(group.status("ready")).isEqualTo("1/1");
        });
        replicas(3);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(group.status("ready")).isEqualTo("3/3");
            assertThat(group.status("phase")).isEqualTo("Ready");
        });
        assertThat(group.status("master")).isEqualTo("orders-0");
    }

    private void replicas(int count) {
        group.edit(object -> {
            Json.child(object, "spec").put("replicas", count);
            return object;
        });
    }

    private boolean isOurs(ObjectNode object) {
        return Json.text(object, "metadata", "labels", "redis-replication.dev/group")
                .equals(group.name());
    }
}
