package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The main sample on a real cluster, its master taken away in several ways while a client in the cluster writes through
 * the read-write Service. Each test begins with a whole group and leaves one.
 */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("On a real cluster, the group orders")
class FailoverTest {

    private static final long OBSERVED_LATE_MILLIS = 1000;

    private Cluster cluster;
    private Group group;
    private Group.Status before;
    private JsonNode reportBefore;

    @BeforeAll
    void applyTheSample(Cluster cluster) {
        this.cluster = cluster;
        long start = System.nanoTime();
        group = Group.apply(cluster, "failover", Repository.path("deploy/samples/orders.yaml"), "orders", 3);
        group.settled();
        Figures.say(
                "sample applied to Ready in %d s",
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
        group.startWriter("orders-auth");
    }

    @AfterAll
    void deleteIt() {
        if (group != null) {
            cluster.kubectl("delete namespace " + group.namespace() + " --wait=false");
        }
    }

    @BeforeEach
    void whole() {
        awaitWrites(50);
        before = group.settled();
        reportBefore = group.writer().report();
    }

    @Test
    @DisplayName("survives SIGKILL of its master's process; the old master returns by partial resync")
    void masterKilled() {
        String oldMaster = before.text("master");
        long process = cluster.processOf(group.pod(oldMaster));
        long uptime = cluster.signal(process, "KILL");
        Group.Status after = group.settled(before.number("term"));
        String newMaster = after.text("master");

        assertPromotedTheHighest(after, oldMaster);
        assertOneMaster(newMaster);
        Map<String, String> stats = group.info(newMaster, "stats");
        assertThat(stats).as("full resyncs served by %s", newMaster).containsEntry("sync_full", "0");
        assertThat(Integer.parseInt(stats.get("sync_partial_ok")))
                .as("partial resyncs served by %s: the other replica and the old master", newMaster)
                .isGreaterThanOrEqualTo(2);
        assertThat(group.info(oldMaster, "replication"))
                .containsEntry("managed_role", "replica")
                .containsEntry("master_link_status", "up");
        String table = cluster.kubectl("-n " + group.namespace() + " get rrg orders -o wide");
        assertThat(table.lines().skip(1).findFirst().orElseThrow())
                .contains("orders", "Ready", newMaster, "3/3", newMaster + ":master@", oldMaster + ":replica@");
        Figures.say("kubectl get rrg orders -o wide\n%s", table.trim());
        assertThat(cluster.operatorMetrics())
                .containsPattern("redis_replication_failovers_total\\{[^}]*\"failover\"[^}]*} ")
                .containsPattern("redis_replication_failover_seconds_sum\\{[^}]*\"failover\"[^}]*} ");
        reportFailover("container killed by SIGKILL", after, uptime);
        assertNothingLost();
    }

    @Test
    @DisplayName("survives its master's pod deleted by force")
    void masterPodDeletedByForce() {
        String oldMaster = before.text("master");
        String uid = group.pod(oldMaster).getMetadata().getUid();
        String uptime = cluster.sh("cat /proc/uptime && kubectl -n " + group.namespace() + " delete pod " + oldMaster
                + " --grace-period=0 --force 2>/dev/null");
        Group.Status after = group.settled(before.number("term"));

        assertThat(group.pod(oldMaster).getMetadata().getUid()).isNotEqualTo(uid);
        assertPromotedTheHighest(after, oldMaster);
        assertOneMaster(after.text("master"));
        reportFailover("pod deleted by force", after, uptimeMillis(uptime));
        assertNothingLost();
    }

    @Test
    @DisplayName("has one master only while the old one is paused and when it goes on")
    void masterPaused() {
        String oldMaster = before.text("master");
        long process = cluster.processOf(group.pod(oldMaster));
        long uptime = cluster.signal(process, "STOP");
        try {
            Awaitility.await("another member is promoted and takes writes")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> !List.of(oldMaster, "", "null")
                                    .contains(group.status().text("master"))
                            && group.writer().report().get("refusedSince").asLong() == 0);
            awaitWrites(50 + acknowledged());
        } finally {
            cluster.signal(process, "CONT");
        }
        Group.Status after = group.settled(before.number("term"));

        assertPromotedTheHighest(after, oldMaster);
        assertOneMaster(after.text("master"));
        reportFailover("process paused by SIGSTOP", after, uptime);
        assertNothingLost();
    }

    @Test
    @DisplayName("goes on unchanged when the operator's pod is deleted")
    void operatorDeleted() {
        Pod operator = cluster.operatorPod();
        int gaps = reportBefore.get("gaps").size();
        cluster.kubectl("-n " + Cluster.OPERATOR_NAMESPACE + " delete pod "
                + operator.getMetadata().getName() + " --grace-period=0 --force 2>/dev/null");
        Awaitility.await("another operator leads")
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .until(() -> !cluster.operatorPod()
                        .getMetadata()
                        .getUid()
                        .equals(operator.getMetadata().getUid()));
        awaitWrites(500 + acknowledged());
        long replicated = replicated();
        Awaitility.await("writes still reach a replica")
                .atMost(Duration.ofMinutes(2))
                .until(() -> replicated() >= replicated + 200);
        Group.Status after = group.settled();

        assertThat(after.number("term")).as("term").isEqualTo(before.number("term"));
        assertThat(after.text("master")).as("master").isEqualTo(before.text("master"));
        JsonNode report = group.writer().report();
        assertThat(report.get("gaps").size()).as("gaps: %s", report.get("gaps")).isEqualTo(gaps);
        assertNothingLost();
    }

    @Test
    @DisplayName("gives its role to the member that is asked for, and loses nothing")
    void switchover() {
        String oldMaster = before.text("master");
        String target = oldMaster.equals("orders-1") ? "orders-2" : "orders-1";
        long missing = group.writer().verify().get("missing").asLong();
        cluster.kubectl("-n " + group.namespace() + " annotate rrg orders redis-replication.dev/switchover=" + target);
        Group.Status after = group.settled(before.number("term"));

        assertThat(after.text("master")).isEqualTo(target);
        assertThat(after.text("lastFailover", "kind")).isEqualTo("Switchover");
        assertThat(after.text("lastFailover", "reason")).isEqualTo("Switchover");
        assertThat(after.number("lastFailover", "toOffset")).isEqualTo(after.number("lastFailover", "fromOffset"));
        assertPromotedTheHighest(after, oldMaster);
        assertOneMaster(target);
        awaitWrites(50 + acknowledged());
        Figures.say("switchover by annotation: pause %d ms", after.number("lastFailover", "pauseMilliseconds"));
        assertThat(group.writer().verify().get("missing").asLong())
                .as("acknowledged writes that are gone, those of the tests before included")
                .isEqualTo(missing);
    }

    /** The one promoted had the highest offset of all whose offsets were compared. */
    private void assertPromotedTheHighest(Group.Status after, String oldMaster) {
        String promoted = after.text("lastFailover", "to");
        assertThat(promoted).isEqualTo(after.text("master")).isNotEqualTo(oldMaster);
        assertThat(after.text("lastFailover", "from")).isEqualTo(oldMaster);
        List<Map<String, Object>> candidates = after.list("lastFailover", "candidates");
        assertThat(candidates).extracting(c -> c.get("name")).contains(promoted);
        long offset = candidates.stream()
                .filter(c -> promoted.equals(c.get("name")))
                .mapToLong(Group::offset)
                .findFirst()
                .orElseThrow();
        assertThat(candidates)
                .filteredOn(c -> !oldMaster.equals(c.get("name")))
                .allSatisfy(c -> assertThat(Group.offset(c)).isLessThanOrEqualTo(offset));
    }

    private void assertOneMaster(String master) {
        assertThat(group.podsWithRole("master"))
                .extracting(p -> p.getMetadata().getName())
                .containsExactly(master);
        // The name of a pod that was deleted by force leads to the old process until that has ended.
        Awaitility.await("only " + master + " says that it is the master")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Stream.of("orders-0", "orders-1", "orders-2"))
                        .filteredOn(m ->
                                "master".equals(group.info(m, "replication").get("managed_role")))
                        .containsExactly(master));

        JsonNode witnesses = group.writer().report().get("witnesses");
        long firstOfNew = runs(witnesses, master).getLast().get("firstReply").asLong();
        witnesses.fieldNames().forEachRemaining(host -> {
            if (!host.equals(group.host(master))) {
                assertThat(runs(witnesses, host.substring(0, host.indexOf('.'))))
                        .as("writes that %s accepted after %s had", host, master)
                        .allSatisfy(run -> {
                            assertThat(run.get("lastSent").asLong()).isLessThan(firstOfNew);
                            assertThat(run.get("lastReply").asLong()).isLessThan(firstOfNew + OBSERVED_LATE_MILLIS);
                        });
            }
        });
    }

    private List<JsonNode> runs(JsonNode witnesses, String member) {
        return witnesses.get(group.host(member)).valueStream().toList();
    }

    private void assertNothingLost() {
        JsonNode verified = group.writer().verify();
        Figures.say(
                "  acknowledged %d, of these by master and replica %d; missing %d, of these %d",
                verified.get("acknowledged").asLong(),
                verified.get("replicated").asLong(),
                verified.get("missing").asLong(),
                verified.get("missingReplicated").asLong());
        assertThat(verified.get("missingReplicated").asLong())
                .as("writes acknowledged by master and replica that are gone: %s", verified)
                .isZero();
    }

    private void reportFailover(String how, Group.Status after, long uptime) {
        JsonNode report = group.writer().report();
        long at = report.get("now").asLong() - (report.get("uptime").asLong() - uptime);
        JsonNode gap = report.get("gaps")
                .valueStream()
                .filter(g -> g.get("firstOk").asLong() > at)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the writer saw no gap after " + at + ": " + report));
        Figures.say(
                "%s: %d ms to the first accepted write through the Service (goal 2000); the client saw a gap of %d ms,"
                        + " first failure %s",
                how,
                gap.get("firstOk").asLong() - at,
                gap.get("firstOk").asLong() - gap.get("lastOk").asLong(),
                gap.get("failure").asText());
        Figures.say(
                "  after that the operator saw it at %d ms, wrote the term at %d, had fenced at %d, was clear (%s) at %d,"
                        + " promoted at %d, routed at %d; the first write was accepted at %d",
                stepAfter(after, "startedAt", at),
                stepAfter(after, "termWrittenAt", at),
                stepAfter(after, "fencedAt", at),
                after.text("lastFailover", "clearedBy"),
                stepAfter(after, "clearedAt", at),
                stepAfter(after, "promotedAt", at),
                stepAfter(after, "routedAt", at),
                gap.get("firstOk").asLong() - at);
        Figures.say("  status.lastFailover: %s", after.resource().<Object>get("status", "lastFailover"));
    }

    private static long stepAfter(Group.Status status, String step, long at) {
        return Instant.parse(status.text("lastFailover", step)).toEpochMilli() - at;
    }

    private long acknowledged() {
        return group.writer().report().get("acknowledged").asLong();
    }

    private long replicated() {
        return group.writer().report().get("replicated").asLong();
    }

    private void awaitWrites(long count) {
        Awaitility.await("the writer has " + count + " writes acknowledged")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> acknowledged() >= count);
    }

    private static long uptimeMillis(String output) {
        return (long) (Double.parseDouble(output.trim().split("\\s+")[0]) * 1000);
    }
}
