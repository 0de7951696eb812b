package dev.redisreplication.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupWatchTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final LeaseGrant GRANT = new LeaseGrant(1000, 1);

    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean leading = true;
    private final NodeLoop loop = new NodeLoop(Clock.MONOTONIC);
    private FakeNode zero;
    private FakeNode one;
    private GroupWatch watch;
    private volatile List<String> passwords = List.of("secret");

    @BeforeEach
    void start() throws IOException {
        zero = new FakeNode("127.0.0.1", 0);
        one = new FakeNode("127.0.0.2", zero.port());
        watch = new GroupWatch(
                "g",
                zero.port(),
                new SpecView(2, 1000, false),
                () -> passwords,
                Clock.MONOTONIC,
                new Leadership() {
                    @Override
                    public boolean leading() {
                        return leading;
                    }

                    @Override
                    public long since() {
                        return 0;
                    }
                },
                loop,
                Heartbeat::renew,
                changes::incrementAndGet);
        watch.pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u1", one)));
    }

    @AfterEach
    void stop() throws IOException {
        watch.close();
        loop.close();
        zero.close();
        one.close();
    }

    private static PodView pod(String uid, FakeNode node) {
        return new PodView(uid, 0, true, false, node.address(), RoleLabel.ABSENT, "");
    }

    private MemberView member(String name) {
        return watch.view().member(name).orElseThrow();
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
        assertThat(changes).hasPositiveValue();
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
        passwords = List.of("new", "other");
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.OK);
        assertThat(watch.lacking("new")).contains("g-0");
        zero.password("new");
        await().atMost(BOUND).until(() -> !watch.lacking("new").contains("g-0"));
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
        var _ = watch.probe("g-0").orElseThrow().order(zero.runId(), "LEASE", "FENCE", "1");
        await().atMost(BOUND).until(() -> member("g-0").forbids());
        assertThat(member("g-0").link()).isEqualTo(Link.OK);
        assertThat(member("g-1").denial()).isEmpty();
    }

    @Test
    void aDeadNodeIsKnownBeforeTheNextTick() throws IOException {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        zero.close();
        await().atMost(BOUND).until(() -> member("g-0").link() == Link.REFUSED);
        assertThat(watch.probe("g-0").orElseThrow().seen().troubleSince()).isPositive();
    }

    @Test
    void asksAtOnceAndOftenWhenTheMastersPodIsToGo() {
        watch.spec(new SpecView(2, 600_000, false));
        await().atMost(BOUND)
                .until(() -> member("g-0").facts() != null && member("g-1").facts() != null);
        watch.status(new StatusView(1, "g-0", "u0", History.UNKNOWN, GRANT));
        long before = member("g-1").askedAt();
        PodView leaves = new PodView("u0", 0, true, true, zero.address(), RoleLabel.MASTER, "");
        watch.pods(Map.of("g-0", leaves, "g-1", pod("u1", one)));
        await().atMost(BOUND)
                .until(() -> member("g-0").askedAt() > before && member("g-1").askedAt() > before);
    }

    @Test
    void renewsTheLeaseOfTheMasterThatStatusNames() {
        zero.replica("", false, 1);
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        makeMaster(1);
        watch.status(new StatusView(1, "g-0", "", History.UNKNOWN, GRANT));
        await().atMost(BOUND).until(() -> zero.leaseMs() > 0);
        assertThat(one.orders).isEmpty();
        await().atMost(BOUND).untilAsserted(() -> {
            GroupView view = watch.view();
            assertThat(view.lease().boundAt()).isGreaterThan(view.now());
        });
        await().atMost(BOUND).until(() -> GRANT.equals(watch.view().lease().confirmed()));
        assertThat(watch.view().master()).extracting(MasterProcess::runId).isEqualTo(zero.runId());
    }

    @Test
    void renewsNothingWhenItDoesNotLeadOrAChangeIsUnderWay() {
        makeMaster(1);
        leading = false;
        watch.status(new StatusView(1, "g-0", "", History.UNKNOWN, GRANT));
        long seen = member("g-0").answeredAt();
        await().atMost(BOUND).until(() -> member("g-0").answeredAt() > seen + 300);
        assertThat(zero.orders).noneMatch(order -> order.startsWith("LEASE RENEW"));
        leading = true;
        watch.status(new StatusView(2, "", "", History.UNKNOWN, GRANT));
        watch.transition(new TransitionView(2, "g-0", Suspects.MASTER, null, 0, Map.of(), null));
        long later = member("g-0").answeredAt();
        await().atMost(BOUND).until(() -> member("g-0").answeredAt() > later + 300);
        assertThat(zero.orders).noneMatch(order -> order.startsWith("LEASE RENEW"));
    }

    private void makeMaster(long term) {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        NodeLinkCalls.send(loop, zero, "REPLICAOF", "NO", "ONE", "TERM", Long.toString(term));
        await().atMost(BOUND).until(() -> member("g-0").facts().role() == ManagedRole.MASTER);
    }

    @Test
    void ordersGoOnlyToTheProcessMeant() {
        await().atMost(BOUND).until(() -> member("g-0").facts() != null);
        MemberProbe probe = watch.probe("g-0").orElseThrow();
        assertThat(probe.order("another process", "LEASE", "FENCE", "9")).isCompletedExceptionally();
        assertThat(zero.orders).isEmpty();
        assertThat(probe.order(zero.runId(), "LEASE", "FENCE", "9")).succeedsWithin(BOUND);
    }

    @Test
    void anotherPodOfTheSameNameStartsUnknown() {
        await().atMost(BOUND).until(() -> member("g-1").facts() != null);
        one.hang();
        watch.pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u1-new", one)));
        assertThat(member("g-1").facts()).isNull();
    }

    @Test
    void aReplicaDeletedByForceIsAGhostAndOneThatEndedIsNot() {
        watch.status(new StatusView(3, "g-0", "", History.UNKNOWN, GRANT));
        attachOne();
        PodView ended = new PodView("u1", Long.MAX_VALUE, false, true, one.address(), RoleLabel.ABSENT, "");
        watch.pods(Map.of("g-0", pod("u0", zero), "g-1", ended));
        watch.pods(Map.of("g-0", pod("u0", zero)));
        assertThat(watch.view().ghosts()).isZero();

        watch.pods(Map.of("g-0", pod("u0", zero), "g-1", pod("u2", one)));
        attachOne();
        watch.pods(Map.of("g-0", pod("u0", zero)));
        assertThat(watch.view().ghosts()).isEqualTo(1);
        watch.transition(new TransitionView(3, "", Suspects.NOBODY, null, 0, Map.of(), null));
        watch.adopted();
        assertThat(watch.view().ghosts()).isZero();
    }

    private void attachOne() {
        await().atMost(BOUND).until(() -> member("g-1").facts() != null);
        NodeLinkCalls.send(loop, one, "REPLICAOF", "127.0.0.1", "1", "TERM", "3");
        await().atMost(BOUND).until(() -> member("g-1").facts().role() == ManagedRole.REPLICA);
        // The answer shows before the group has taken it in, but never a second one.
        long shown = member("g-1").answeredAt();
        await().atMost(BOUND).until(() -> member("g-1").answeredAt() > shown);
    }
}
