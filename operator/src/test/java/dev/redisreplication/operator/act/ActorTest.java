package dev.redisreplication.operator.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.ClearedBy;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.decide.Loss;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.FakeNode;
import dev.redisreplication.operator.observe.GroupWatch;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActorTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final LeaseGrant GRANT = new LeaseGrant(1000, 2);

    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final RecordedCluster cluster = new RecordedCluster(journal::add);
    private final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    private volatile boolean leading = true;
    private final NodeLoop loop = new NodeLoop(Clock.MONOTONIC);
    private GroupWatch watch;
    private Actor actor;

    @BeforeEach
    void start() throws IOException {
        int port = 0;
        Map<String, PodView> pods = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            FakeNode node = new FakeNode("127.0.0." + (i + 1), port, journal::add);
            port = node.port();
            nodes.put("g-" + i, node);
            pods.put("g-" + i, new PodView("u" + i, 0, true, false, node.address(), RoleLabel.ABSENT, ""));
        }
        Leadership leadership = new Leadership() {
            @Override
            public boolean leading() {
                return leading;
            }

            @Override
            public long since() {
                return 0;
            }
        };
        watch = new GroupWatch(
                "g",
                port,
                new SpecView(3, 1000, false),
                () -> List.of("secret"),
                Clock.MONOTONIC,
                leadership,
                loop,
                Heartbeat::renew,
                () -> {});
        actor = new Actor(
                "g",
                port,
                watch,
                cluster,
                Clock.MONOTONIC,
                leadership,
                () -> {},
                (reason, millis) -> journal.add("done"));
        watch.pods(pods);
        await().atMost(BOUND).until(() -> watch.view().members().stream().allMatch(member -> member.facts() != null));
    }

    @AfterEach
    void stop() throws IOException {
        watch.close();
        loop.close();
        for (FakeNode node : nodes.values()) {
            node.close();
        }
    }

    private boolean act(Decision... decisions) {
        return actor.carryOut(watch.view(), List.of(decisions));
    }

    private Target target(String member) {
        return new Target(member, nodes.get(member).runId());
    }

    private static Decision.BeginTerm begin(long term) {
        return new Decision.BeginTerm(term, Reason.MasterDead, "g-0", Suspects.MASTER, GRANT, "");
    }

    @Test
    void statusIsWrittenBeforeAnyOrder() {
        assertThat(act(begin(1), new Decision.Fence(1, List.of(target("g-1"), target("g-2")))))
                .isTrue();
        awaitFences("g-1", "g-2");
        assertThat(journal.getFirst()).isEqualTo("status term 1 master null");
        assertThat(journal)
                .contains("127.0.0.2 LEASE FENCE 1", "127.0.0.3 LEASE FENCE 1")
                .hasSize(3);
        assertThat(cluster.status.lease().milliseconds()).isEqualTo(1000);
        assertThat(cluster.events).containsExactly("FailoverStarted");
    }

    /** The actor goes on without answers that are late; they count when they come. */
    private void awaitFences(String... members) {
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(watch.transition().fences()).containsOnlyKeys(members));
    }

    @Test
    void aConflictStopsEverything() {
        cluster.conflict = true;
        assertThat(act(begin(1), new Decision.Fence(1, List.of(target("g-1"))))).isFalse();
        assertThat(journal).containsExactly("conflict");
        assertThat(watch.transition()).isNull();
    }

    @Test
    void aMemberThatHangsDoesNotHoldUpTheFenceOfOthers() {
        nodes.get("g-0").hang();
        act(begin(1), new Decision.Fence(1, List.of(target("g-0"), target("g-1"), target("g-2"))));
        awaitFences("g-1", "g-2");
        // While its answer is awaited it is not asked again.
        int before = journal.size();
        act(new Decision.Fence(1, List.of(target("g-0"))));
        assertThat(journal).hasSize(before);
    }

    @Test
    void promotionRenewsTheLeaseAtOnceAndRoutesAfterwards() {
        act(begin(1), new Decision.Fence(1, List.of(target("g-1"), target("g-2"))));
        awaitFences("g-1", "g-2");
        act(new Decision.Promote(
                1,
                target("g-1"),
                false,
                List.of(new Decision.Candidate("g-1", 10, "r", ""), new Decision.Candidate("g-2", 5, "r", "behind")),
                ClearedBy.ProcessEnded,
                new Loss(-1, 3)));
        assertThat(watch.transition().promote().outcome()).isEqualTo(Outcome.DONE);
        await().atMost(BOUND)
                .until(() -> watch.view().member("g-1").orElseThrow().facts().role() == ManagedRole.MASTER);
        assertThat(nodes.get("g-1").leaseMs()).as("status does not name it yet").isZero();
        Map<String, RoleLabel> labels = new LinkedHashMap<>();
        labels.put("g-1", RoleLabel.MASTER);
        labels.put("g-2", RoleLabel.REPLICA);
        act(
                new Decision.Route(labels),
                new Decision.Adopt(1, "g-1", "uid-1", new History("new", "r", 11)),
                new Decision.Attach(1, target("g-2"), "g-1", nodes.get("g-1").address()));
        String attached = "127.0.0.3 REPLICAOF 127.0.0.2 " + nodes.get("g-1").port() + " TERM 1";
        await().atMost(BOUND)
                .until(() -> journal.contains(attached)
                        && !actor.isRouting()
                        && watch.view().lease().confirmed() != null);
        assertThat(journal.stream().filter(entry -> !entry.contains("RENEW")))
                .containsSubsequence("127.0.0.2 REPLICAOF NO ONE TERM 1", "status term 1 master g-1", attached)
                .contains("label g-1 master", "label g-2 replica");
        assertThat(journal.indexOf("status term 1 master g-1"))
                .as("no lease before status knows the history")
                .isLessThan(indexOf("127.0.0.2 LEASE RENEW"));
        assertThat(nodes.get("g-1").leaseMs()).isPositive();
        assertThat(watch.transition()).isNull();
        var last = actor.finished().orElseThrow();
        assertThat(actor.finished()).as("until it was reported").contains(last);
        actor.reported();
        assertThat(journal.getLast()).isEqualTo("done");
        assertThat(actor.finished()).isEmpty();
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
    void aMemberThatHangsIsToldOnceToFollow() {
        act(begin(1));
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
    void labelsHoldNothingUp() throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        cluster.beforeLabel = () -> awaitQuietly(answer);
        Decision route = new Decision.Route(Map.of("g-1", RoleLabel.MASTER));
        act(begin(1), route, new Decision.Fence(1, List.of(target("g-1"))));
        awaitFences("g-1");
        act(route);
        assertThat(actor.isRouting()).isTrue();
        answer.countDown();
        await().atMost(BOUND).until(() -> !actor.isRouting());
        assertThat(journal.stream().filter(entry -> entry.startsWith("label")))
                .as("what is under way is not asked for again")
                .containsExactly("label g-1 master");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRefusedPromotionIsOfUnknownOutcome() {
        act(begin(1), new Decision.Fence(1, List.of(target("g-1"))));
        watch.probe("g-1")
                .orElseThrow()
                .order(nodes.get("g-1").runId(), "LEASE", "FENCE", "5")
                .join();
        act(new Decision.Promote(1, target("g-1"), false, List.of(), ClearedBy.NoMaster, new Loss(-1, -1)));
        assertThat(watch.transition().promote().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    /** It was not executed, so neither is a new term wanted nor is the choice over. */
    @Test
    void aForbiddenPromotionLeavesTheTermOpen() {
        act(begin(1), new Decision.Fence(1, List.of(target("g-1"))));
        awaitFences("g-1");
        nodes.get("g-1").forbid("REPLICAOF");
        Decision.Promote promote =
                new Decision.Promote(1, target("g-1"), false, List.of(), ClearedBy.ProcessEnded, new Loss(-1, 3));
        assertThat(act(promote)).as("worth to decide again at once").isFalse();
        assertThat(watch.transition().promote()).isNull();
        assertThat(watch.view().member("g-1").orElseThrow().forbids()).isTrue();
        nodes.get("g-1").allowAll();
        assertThat(act(promote)).isTrue();
        assertThat(watch.transition().promote().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void whoDoesNotLeadDoesNothing() {
        leading = false;
        assertThat(act(begin(1))).isFalse();
        assertThat(journal).isEmpty();
    }
}
