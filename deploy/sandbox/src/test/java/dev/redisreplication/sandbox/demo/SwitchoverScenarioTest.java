package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Masters that are well give their role to another one, as somebody asked for it, while a client writes. More rounds by {@code
 * -Dswitchover.rounds=N}; each prints the longest time without an acknowledged write.
 */
class SwitchoverScenarioTest extends WholeSystem {
    private static final int ROUNDS = Integer.getInteger("switchover.rounds", 4);
    private static final String ORDER = "redis-replication.dev/switchover";

    @Test
    void aSwitchoverByAnnotationLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            String master = group.status("master");
            String target = aReplica();
            Ledger ledger = writer.ledger();
            ledger.watch();
            JsonNode last = move(master, round % 2 == 0 ? target : "any");
            assertThat(Json.text(last, "kind")).isEqualTo("Switchover");
            assertThat(Json.text(last, "clearedBy")).isEqualTo("SteppedDown");
            assertThat(Json.text(last, "possibleLossBytes")).isEqualTo("0");
            assertThat(Json.text(last, "fromOffset")).isNotEmpty().isEqualTo(Json.text(last, "toOffset"));
            assertThat(Json.text(last, "pauseMilliseconds")).isNotEmpty();
            if (round % 2 == 0) {
                assertThat(Json.text(last, "to")).isEqualTo(target);
            }
            await().atMost(PATIENCE).until(() -> ledger.firstNewAck() != 0);
            assertThat(writer.missing(ledger.snapshot().acknowledged()).cardinality())
                    .isZero();
            System.out.printf(
                    "switchover %s -> %s: pause %s ms, longest time without an acknowledged write %d ms%n",
                    master,
                    Json.text(last, "to"),
                    Json.text(last, "pauseMilliseconds"),
                    TimeUnit.NANOSECONDS.toMillis(ledger.longestGap()));
            awaitInStep(group.status("master"));
            await().atMost(PATIENCE).until(() -> ordered().isEmpty());
        }
        assertThat(events()).contains("SwitchoverStarted", "SwitchedOver");
    }

    @Test
    void anOrderThatCannotBeCarriedOutIsRefusedWithItsReason() {
        String master = group.status("master");
        order("orders-9");
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode switchover = Json.at(group.resource(), "status", "switchover");
            assertThat(Json.text(switchover, "outcome")).isEqualTo("Refused");
            assertThat(Json.text(switchover, "message")).isEqualTo("there is no member orders-9");
            assertThat(ordered()).isEmpty();
            assertThat(events()).contains("SwitchoverRefused");
        });
        order(master);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Json.text(group.resource(), "status", "switchover", "outcome"))
                    .isEqualTo("NotNeeded");
            assertThat(ordered()).isEmpty();
        });
        assertThat(group.status("master")).isEqualTo(master);
        assertThat(group.status("term")).isEqualTo("1");
    }

    @Test
    void thePreferredMemberIsMasterAndTheMasterMovesBeforeItsPodGoes() {
        spec(spec -> spec.put("preferredMaster", "orders-2"));
        awaitMaster("orders-2");
        spec(spec -> spec.remove("preferredMaster"));
        spec(spec -> spec.put("replicas", 2));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(group.status("master")).isNotEmpty().isNotEqualTo("orders-2");
            assertThat(owned("pods", "orders-2")).isNull();
        });
        JsonNode last = Json.at(group.resource(), "status", "lastFailover");
        assertThat(Json.text(last, "reason")).isEqualTo("Switchover");
        awaitInStep(group.status("master"));
        spec(spec -> spec.put("replicas", 3));
        await().atMost(PATIENCE).until(() -> owned("pods", "orders-2") != null);
        awaitInStep(group.status("master"));
        assertThat(writer.missing(writer.ledger().snapshot().acknowledged()).cardinality())
                .isZero();
    }

    private void awaitMaster(String name) {
        await().atMost(PATIENCE).until(() -> group.status("master").equals(name));
        awaitInStep(name);
    }

    private void order(String target) {
        group.edit(resource -> {
            ((ObjectNode) resource.get("metadata"))
                    .withObjectProperty("annotations")
                    .put(ORDER, target);
            return resource;
        });
    }

    private String ordered() {
        return Json.text(group.resource(), "metadata", "annotations", ORDER);
    }

    private void spec(Consumer<ObjectNode> change) {
        group.edit(resource -> {
            change.accept((ObjectNode) resource.get("spec"));
            return resource;
        });
    }

    /**
     * Asks for it, once more where a busy machine took longer than the pause lasts: the account of the switchover, once the status names
     * another one than that master.
     */
    private JsonNode move(String before, String target) {
        order(target);
        await().atMost(PATIENCE).untilAsserted(() -> {
            String outcome = Json.text(group.resource(), "status", "switchover", "outcome");
            if (group.status("master").equals(before)
                    && outcome.equals("Failed")
                    && ordered().isEmpty()) {
                order(target);
            }
            assertThat(group.status("master"))
                    .as(() -> "status %s, events %s"
                            .formatted(Json.at(group.resource(), "status", "switchover"), events()))
                    .isNotEmpty()
                    .isNotEqualTo(before);
            JsonNode last = Json.at(group.resource(), "status", "lastFailover");
            assertThat(Json.text(last, "from")).isEqualTo(before);
            assertThat(Json.text(last, "reason")).isEqualTo("Switchover");
            assertThat(Json.text(last, "promotedAt")).isNotEmpty();
        });
        return Json.at(group.resource(), "status", "lastFailover");
    }
}
