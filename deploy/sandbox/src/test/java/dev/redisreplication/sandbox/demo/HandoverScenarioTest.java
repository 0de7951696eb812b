package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Masters that live and have to give their role away: their pod is deleted, or their disk is full. */
class HandoverScenarioTest extends WholeSystem {

    @Test
    void aMasterWhosePodIsDeletedHandsOverAndNothingIsLost() {
        for (int round = 0; round < 3; round++) {
            String master = group.status("master");
            Ledger ledger = writer.ledger();
            ledger.watch();
            sandbox.api().delete(sandbox.api().type("pods"), Group.NAMESPACE, master, Json.object(), false);
            JsonNode last = awaitSuccessor(master, "MasterEnding");
            assertThat(Json.text(last, "clearedBy")).isEqualTo("SteppedDown");
            assertThat(Json.text(last, "possibleLossBytes")).isEqualTo("0");
            await().atMost(PATIENCE).until(() -> ledger.firstNewAck() != 0);
            awaitInStep(group.status("master"));
            assertThat(writer.missing(ledger.snapshot().acknowledged()).cardinality())
                    .isZero();
        }
    }

    @Test
    void aMasterWhoseDiskIsFullGivesItsRoleToOneThatCanWrite() throws IOException, InterruptedException {
        String master = group.status("master");
        Ledger ledger = writer.ledger();
        ledger.watch();
        limitFiles(master, "64");
        JsonNode last = awaitSuccessor(master, "MasterCannotPersist");
        assertThat(Json.text(last, "clearedBy")).isEqualTo("SteppedDown");
        assertThat(Json.text(last, "possibleLossBytes")).isEqualTo("0");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ledger.firstNewAck()).isNotZero();
            assertThat(condition("DataKept", "message")).isEqualTo(master + ": File too large");
            assertThat(condition("DataKept", "status")).isEqualTo("False");
            assertThat(sandbox.api().list(sandbox.api().type("events"), Group.NAMESPACE, o -> true))
                    .anyMatch(event -> Json.text(event, "reason").equals("MembersCannotPersist")
                            && Json.text(event, "message").contains(master));
        });
        limitFiles(master, "unlimited");
        awaitInStep(group.status("master"));
        assertThat(condition("DataKept", "status")).isEqualTo("True");
        assertThat(writer.missing(ledger.snapshot().acknowledged()).cardinality())
                .isZero();
    }

    /** The account of the change to another master, once the status names that one. */
    private JsonNode awaitSuccessor(String before, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(group.status("master")).isNotEmpty().isNotEqualTo(before);
            JsonNode last = Json.at(group.resource(), "status", "lastFailover");
            assertThat(Json.text(last, "from")).isEqualTo(before);
            assertThat(Json.text(last, "reason")).isEqualTo(reason);
            assertThat(Json.text(last, "promotedAt")).isNotEmpty();
        });
        return Json.at(group.resource(), "status", "lastFailover");
    }

    private String condition(String type, String field) {
        for (JsonNode condition : Json.at(group.resource(), "status", "conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                return Json.text(condition, field);
            }
        }
        return "";
    }

    /** No file of the member's process may grow beyond so many bytes, as on a full disk. */
    private void limitFiles(String member, String bytes) throws IOException, InterruptedException {
        Process limit = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(group.pid(member)), "--fsize=" + bytes + ":")
                .redirectErrorStream(true)
                .start();
        String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limit.waitFor()).as("prlimit: %s", said).isZero();
    }
}
