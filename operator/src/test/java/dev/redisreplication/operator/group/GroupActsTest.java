package dev.redisreplication.operator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.ClearedBy;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.decide.Loss;
import dev.redisreplication.operator.observe.FakeNode;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupActsTest {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final LeaseGrant GRANT = Harness.GRANT;

    private Harness harness;
    private List<String> journal;
    private RecordedCluster cluster;
    private Map<String, FakeNode> nodes;

    @BeforeEach
    void start() throws IOException {
        harness = new Harness(3);
        journal = harness.journal;
        cluster = harness.cluster;
        nodes = harness.nodes;
        await().atMost(BOUND).until(harness::allAnswered);
    }

    @AfterEach
    void stop() throws IOException {
        harness.close();
    }

    private void act(Decision... decisions) throws Exception {
        harness.act(decisions);
    }

    private TransitionView transition() {
        return harness.group.shown().transition();
    }

    private Target target(String member) {
        return new Target(member, nodes.get(member).runId());
    }

    private static Decision.BeginTerm begin(long term) {
        return new Decision.BeginTerm(term, Reason.MasterDead, "g-0", Suspects.MASTER, GRANT, "");
    }

    @Test
    void statusIsWrittenBeforeAnyOrder() throws Exception {
        begun(1);
        act(new Decision.Fence(1, List.of(target("g-1"), target("g-2"))));
        awaitFences("g-1", "g-2");
        assertThat(journal.getFirst()).isEqualTo("status term 1 master null");
        assertThat(journal)
                .contains("127.0.0.2 LEASE FENCE 1", "127.0.0.3 LEASE FENCE 1")
                .hasSize(3);
        assertThat(cluster.status.lease().milliseconds()).isEqualTo(1000);
        assertThat(cluster.events).containsExactly("FailoverStarted");
    }

    private void begun(long term) throws Exception {
        act(begin(term));
        await().atMost(BOUND).until(() -> transition() != null && transition().term() == term);
    }

    private void awaitOutcome(Outcome outcome) {
        await().atMost(BOUND)
                .until(() ->
                        transition().promote() != null && transition().promote().outcome() == outcome);
    }

    /** Answers count when they come. */
    private void awaitFences(String... members) {
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(transition().fences()).containsOnlyKeys(members));
    }

    @Test
    void aConflictStopsEverything() throws Exception {
        cluster.conflict = true;
        act(begin(1), new Decision.Fence(1, List.of(target("g-1"))));
        await().atMost(BOUND).until(() -> !journal.isEmpty());
        harness.settle();
        assertThat(journal).containsExactly("conflict");
        assertThat(transition()).isNull();
    }

    @Test
    void aMemberThatHangsDoesNotHoldUpTheFenceOfOthers() throws Exception {
        nodes.get("g-0").hang();
        begun(1);
        act(new Decision.Fence(1, List.of(target("g-0"), target("g-1"), target("g-2"))));
        awaitFences("g-1", "g-2");
        // While its answer is awaited it is not asked again.
        int before = journal.size();
        act(new Decision.Fence(1, List.of(target("g-0"))));
        assertThat(journal).hasSize(before);
    }

    @Test
    void promotionRenewsTheLeaseAtOnceAndRoutesAfterwards() throws Exception {
        begun(1);
        act(new Decision.Fence(1, List.of(target("g-1"), target("g-2"))));
        awaitFences("g-1", "g-2");
        act(new Decision.Promote(
                1,
                target("g-1"),
                false,
                List.of(new Decision.Candidate("g-1", 10, "r", ""), new Decision.Candidate("g-2", 5, "r", "behind")),
                ClearedBy.ProcessEnded,
                new Loss(-1, 3)));
        await().atMost(BOUND)
                .until(() ->
                        transition().promote() != null && transition().promote().outcome() == Outcome.DONE);
        await().atMost(BOUND)
                .until(() -> harness.group
                                .shown()
                                .member("g-1")
                                .orElseThrow()
                                .facts()
                                .role()
                        == ManagedRole.MASTER);
        assertThat(nodes.get("g-1").leaseMs()).as("status does not name it yet").isZero();
        Map<String, RoleLabel> labels = new LinkedHashMap<>();
        labels.put("g-1", RoleLabel.MASTER);
        labels.put("g-2", RoleLabel.REPLICA);
        act(new Decision.Route(labels), new Decision.Adopt(1, "g-1", "uid-1", new History("new", "r", 11)));
        await().atMost(BOUND).until(() -> "g-1".equals(cluster.status.master()) && transition() == null);
        act(new Decision.Attach(1, target("g-2"), "g-1", nodes.get("g-1").address()));
        String attached = "127.0.0.3 REPLICAOF 127.0.0.2 " + nodes.get("g-1").port() + " TERM 1";
        await().atMost(BOUND)
                .until(() -> journal.contains(attached)
                        && harness.group.shown().lease().confirmed() != null);
        assertThat(journal.stream().filter(entry -> !entry.contains("RENEW")))
                .containsSubsequence("127.0.0.2 REPLICAOF NO ONE TERM 1", "status term 1 master g-1", attached)
                .contains("label g-1 master", "label g-2 replica");
        assertThat(journal.indexOf("status term 1 master g-1"))
                .as("no lease before status knows the history")
                .isLessThan(indexOf("127.0.0.2 LEASE RENEW"));
        assertThat(nodes.get("g-1").leaseMs()).isPositive();
        assertThat(transition()).isNull();
        harness.report();
        await().atMost(BOUND).until(() -> journal.contains("done"));
        var last = cluster.status.lastFailover();
        assertThat(last.to()).isEqualTo("g-1");
        assertThat(last.clearedBy()).isEqualTo("ProcessEnded");
        assertThat(last.possibleLossBytes()).as("nobody knows").isNull();
        assertThat(last.knownLossBytes()).isEqualTo(3);
        assertThat(last.candidates()).extracting(c -> c.note()).containsExactly("promoted", "behind");
        assertThat(List.of(
                        last.startedAt(),
                        last.detectedAt(),
                        last.termWrittenAt(),
                        last.fencedAt(),
                        last.clearedAt(),
                        last.promotedAt()))
                .isSorted();
        assertThat(last.routedAt()).isGreaterThanOrEqualTo(last.clearedAt());
        assertThat(last.milliseconds().total()).isNotNull();
        assertThat(cluster.status.history().replid2()).isEqualTo("r");
    }

    private int indexOf(String start) {
        return journal.indexOf(journal.stream()
                .filter(entry -> entry.startsWith(start))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void aMemberThatHangsIsToldOnceToFollow() throws Exception {
        begun(1);
        nodes.get("g-2").hang();
        Decision attach =
                new Decision.Attach(1, target("g-2"), "g-1", nodes.get("g-1").address());
        act(attach);
        act(
                attach,
                new Decision.Attach(1, target("g-0"), "g-1", nodes.get("g-1").address()));
        await().atMost(BOUND).until(() -> journal.stream().anyMatch(entry -> entry.startsWith("127.0.0.1 REPLICAOF")));
        assertThat(journal.stream().filter(entry -> entry.startsWith("127.0.0.3 REPLICAOF")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void labelsHoldNothingUp() throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        cluster.beforeLabel = answer;
        Decision route = new Decision.Route(Map.of("g-1", RoleLabel.MASTER));
        begun(1);
        act(route, new Decision.Fence(1, List.of(target("g-1"))));
        awaitFences("g-1");
        act(route);
        assertThat(journal).noneMatch(entry -> entry.startsWith("label"));
        answer.complete(null);
        await().atMost(BOUND).until(() -> journal.contains("label g-1 master"));
        harness.settle();
        assertThat(journal.stream().filter(entry -> entry.startsWith("label")))
                .as("what is under way is not asked for again")
                .containsExactly("label g-1 master");
    }

    @Test
    void aRefusedPromotionIsOfUnknownOutcome() throws Exception {
        begun(1);
        act(new Decision.Fence(1, List.of(target("g-1"))));
        harness.group
                .ask(members -> members.probe("g-1")
                        .orElseThrow()
                        .order(nodes.get("g-1").runId(), "LEASE", "FENCE", "5"))
                .join()
                .join();
        act(new Decision.Promote(1, target("g-1"), false, List.of(), ClearedBy.NoMaster, new Loss(-1, -1)));
        awaitOutcome(Outcome.UNKNOWN);
    }

    /** It was not executed, so neither is a new term wanted nor is the choice over. */
    @Test
    void aForbiddenPromotionLeavesTheTermOpen() throws Exception {
        begun(1);
        act(new Decision.Fence(1, List.of(target("g-1"))));
        awaitFences("g-1");
        nodes.get("g-1").forbid("REPLICAOF");
        Decision.Promote promote =
                new Decision.Promote(1, target("g-1"), false, List.of(), ClearedBy.ProcessEnded, new Loss(-1, 3));
        act(promote);
        await().atMost(BOUND).until(() -> harness.member("g-1").forbids());
        harness.settle();
        assertThat(transition().promote()).isNull();
        nodes.get("g-1").allowAll();
        act(promote);
        awaitOutcome(Outcome.DONE);
    }

    @Test
    void whoDoesNotLeadDoesNothing() throws Exception {
        harness.leading = false;
        act(begin(1));
        assertThat(journal).isEmpty();
    }
}
