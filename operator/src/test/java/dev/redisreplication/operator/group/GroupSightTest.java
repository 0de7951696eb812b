package dev.redisreplication.operator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.observe.FakeNode;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.Members;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.NodeLinkCalls;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupSightTest {

    private static final Duration BOUND = Duration.ofSeconds(90);

    private Harness harness;
    private FakeNode zero;
    private FakeNode one;

    @BeforeEach
    void start() throws IOException {
        harness = new Harness(2);
        zero = harness.nodes.get("g-0");
        one = harness.nodes.get("g-1");
    }

    @AfterEach
    void stop() throws IOException {
        harness.close();
    }

    private MemberView member(String name) {
        return harness.member(name);
    }

    private GroupView view() {
        return harness.group.shown();
    }

    private void pods(Map<String, PodView> now) throws Exception {
        harness.pods.clear();
        harness.pods.putAll(now);
        harness.settle();
    }

    private static PodView pod(String uid, FakeNode node) {
        return Harness.pod(uid, node);
    }

    private <T> T ask(Function<Members, T> question) {
        return harness.group.ask(question).join();
    }

    private List<String> lacking(String password) {
        return ask(members -> members.lacking(password));
    }

    private CompletableFuture<Object> order(String process, String what, String term) {
        return ask(members -> members.probe("g-0").orElseThrow().order(process, "LEASE", what, term));
    }

    @Test
    void seesWhatNodesSay() {
        one.replica("127.0.0.1", true, 42);
        await().atMost(BOUND).untilAsserted(() -> {
            assertThat(member("g-0").facts())
                    .isNotNull()
                    .extracting(NodeFacts::role)
                    .isEqualTo(ManagedRole.NONE);
            assertThat(member("g-1").facts())
                    .isNotNull()
                    .extracting(NodeFacts::role, NodeFacts::offset, NodeFacts::linkUp, NodeFacts::runId)
                    .containsExactly(ManagedRole.REPLICA, 42L, true, one.runId());
        });
        await().atMost(BOUND).until(() -> harness.changes.get() > 0);
    }

    @Test
    void aNodeThatHangsHoldsUpNobody() {
        await().atMost(BOUND)
                .until(() -> member("g-0").facts() != null && member("g-1").facts() != null);
        zero.hang();
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.TIMEOUT);
        long answered = member("g-1").answeredAt();
        await().atMost(BOUND)
                .until(() -> member("g-1").link() == Link.OK && member("g-1").answeredAt() > answered);
        assertThat(member("g-0").facts()).as("the last facts stay").isNotNull();
    }

    @Test
    void aNodeThatTakesNoPasswordIsThereAndTriedAgain() {
        zero.password("other");
        await().atMost(BOUND).until(() -> member("g-1").facts() != null);
        zero.cutConnections();
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.DENIED);
        assertThat(member("g-0").denial()).isEqualTo("WRONGPASS no");
        assertThat(member("g-0").forbids()).isFalse();
        harness.passwords = List.of("new", "other");
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.OK);
        assertThat(lacking("new")).contains("g-0");
        zero.password("new");
        await().atMost(BOUND).until(() -> !lacking("new").contains("g-0"));
        assertThat(member("g-0").link()).as("on the same connection").isEqualTo(Link.OK);
    }

    /** On the connection that it had, and on the next ones: it lives, whatever it says. */
    @Test
    void aNodeThatForbidsToAskIsThereAndTriedAgain() {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        zero.forbid("INFO");
        await().atMost(BOUND).until(() -> member("g-0").link() != Link.OK);
        int before = zero.refusals.get();
        Set<Link> seen = new HashSet<>();
        await().pollInterval(Duration.ofMillis(1)).atMost(BOUND).until(() -> {
            seen.add(member("g-0").link());
            return zero.refusals.get() > before + 3;
        });
        assertThat(seen).containsExactly(Link.DENIED);
        assertThat(member("g-0").denial()).isEqualTo("NOPERM this user has no permissions to run the 'INFO' command");
        assertThat(member("g-0").forbids()).isTrue();
        zero.allowAll();
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.OK);
        assertThat(member("g-0").denial()).isEmpty();
    }

    @Test
    void anOrderThatIsForbiddenIsRemembered() {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        zero.forbid("LEASE");
        var _ = order(zero.runId(), "FENCE", "1");
        await().atMost(BOUND).until(() -> member("g-0").forbids());
        assertThat(member("g-0").link()).isEqualTo(Link.OK);
        assertThat(member("g-1").denial()).isEmpty();
    }

    @Test
    void aDeadNodeIsKnownBeforeTheNextTick() throws IOException {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        zero.close();
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.REFUSED);
        long trouble = ask(members -> members.probe("g-0").orElseThrow().seen().troubleSince());
        assertThat(trouble).isPositive();
    }

    @Test
    void asksAtOnceAndOftenWhenTheMastersPodIsToGo() throws Exception {
        harness.show(2, 600_000);
        await().atMost(BOUND)
                .until(() -> member("g-0").facts() != null && member("g-1").facts() != null);
        harness.status(1, "g-0");
        long before = member("g-1").askedAt();
        PodView leaves = new PodView("u0", 0, true, true, zero.address(), RoleLabel.MASTER, "");
        pods(Map.of("g-0", leaves, "g-1", pod("u1", one)));
        await().atMost(BOUND)
                .until(() -> member("g-0").askedAt() > before && member("g-1").askedAt() > before);
    }

    @Test
    void renewsTheLeaseOfTheMasterThatStatusNames() {
        zero.replica("", false, 1);
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        makeMaster(1);
        harness.status(1, "g-0");
        await().atMost(BOUND).until(() -> zero.leaseMs() > 0);
        assertThat(one.orders).isEmpty();
        await().atMost(BOUND).untilAsserted(() -> {
            GroupView view = view();
            assertThat(view.lease().boundAt()).isGreaterThan(view.now());
        });
        await().atMost(BOUND).until(() -> Harness.GRANT.equals(view().lease().confirmed()));
        assertThat(view().master()).extracting(MasterProcess::runId).isEqualTo(zero.runId());
    }

    @Test
    void renewsNothingWhenItDoesNotLeadOrAChangeIsUnderWay() throws Exception {
        makeMaster(1);
        harness.leading = false;
        harness.status(1, "g-0");
        long seen = member("g-0").answeredAt();
        await().atMost(BOUND).until(() -> member("g-0").answeredAt() > seen + 300);
        assertThat(zero.orders).noneMatch(order -> order.startsWith("LEASE RENEW"));
        harness.leading = true;
        harness.status(2, "");
        harness.act(new Decision.BeginTerm(3, Reason.MasterDead, "g-0", Suspects.MASTER, Harness.GRANT, ""));
        await().atMost(BOUND).until(() -> view().transition() != null);
        long later = member("g-0").answeredAt();
        await().atMost(BOUND).until(() -> member("g-0").answeredAt() > later + 300);
        assertThat(zero.orders).noneMatch(order -> order.startsWith("LEASE RENEW"));
    }

    private void makeMaster(long term) {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        NodeLinkCalls.send(harness.loop, zero, "REPLICAOF", "NO", "ONE", "TERM", Long.toString(term));
        await().atMost(BOUND).until(() -> member("g-0").facts().role() == ManagedRole.MASTER);
    }

    @Test
    void ordersGoOnlyToTheProcessMeant() {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        assertThat(order("another process", "FENCE", "9")).isCompletedExceptionally();
        assertThat(zero.orders).isEmpty();
        assertThat(order(zero.runId(), "FENCE", "9")).succeedsWithin(BOUND);
    }

    @Test
    void anotherPodOfTheSameNameStartsUnknown() throws Exception {
        await().atMost(BOUND).until(() -> member("g-1").facts() != null);
        one.hang();
        pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u1-new", one)));
        assertThat(member("g-1").facts()).isNull();
    }

    @Test
    void aReplicaDeletedByForceIsAGhostAndOneThatEndedIsNot() throws Exception {
        harness.status(3, "g-0");
        attachOne();
        PodView ended = new PodView("u1", Long.MAX_VALUE, false, true, one.address(), RoleLabel.ABSENT, "");
        pods(Map.of("g-0", pod("u0", zero), "g-1", ended));
        pods(Map.of("g-0", pod("u0", zero)));
        assertThat(view().ghosts()).isZero();

        pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u2", one)));
        attachOne();
        // Its end was noted in the second in which it began.
        pods(Map.of(
                "g-0",
                pod("u0", zero),
                "g-1",
                new PodView("u2", 0, false, true, one.address(), RoleLabel.ABSENT, "", true)));
        pods(Map.of("g-0", pod("u0", zero)));
        assertThat(view().ghosts()).isZero();

        pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u3", one)));
        attachOne();
        pods(Map.of("g-0", pod("u0", zero)));
        assertThat(view().ghosts()).isEqualTo(1);
        harness.act(new Decision.BeginTerm(4, Reason.MasterDead, "g-0", Suspects.MASTER, Harness.GRANT, ""));
        await().atMost(BOUND).until(() -> view().transition() != null);
        assertThat(view().ghosts()).isEqualTo(1);
        harness.act(new Decision.Adopt(4, "g-0", "u0", new History("r", "", -1)));
        await().atMost(BOUND).until(() -> view().ghosts() == 0);
    }

    private void attachOne() {
        await().atMost(BOUND).until(() -> member("g-1").facts() != null);
        NodeLinkCalls.send(harness.loop, one, "REPLICAOF", "127.0.0.1", "1", "TERM", "3");
        await().atMost(BOUND).until(() -> member("g-1").facts().role() == ManagedRole.REPLICA);
        // The answer shows before the group has taken it in, but never a second one.
        long shown = member("g-1").answeredAt();
        await().atMost(BOUND).until(() -> member("g-1").answeredAt() > shown);
    }
}
