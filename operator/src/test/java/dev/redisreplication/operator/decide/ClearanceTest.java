package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.NOW;
import static dev.redisreplication.operator.decide.Views.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.Fence;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Route;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fence, then clear: when the old master can do no harm any more, and where clients are led meanwhile. */
class ClearanceTest {
    @Test
    void allThatAnswerAreFencedFirst() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100);
        assertThat(views.decide()).first().isInstanceOfSatisfying(Fence.class, fence -> assertThat(fence.targets())
                .extracting(Decision.Target::member)
                .containsExactly("a-1", "a-2"));
    }

    static List<Arguments> cleared() {
        return List.of(
                row("it confirmed the fence", v -> v.fenced(0, 1, 2), Decision.ClearedBy.SteppedDown),
                row(
                        "its container ended",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
                            v.fenced(1, 2);
                        },
                        Decision.ClearedBy.ProcessEnded),
                row(
                        "another process answers in its pod",
                        v -> {
                            v.m(0).none().runId = "other";
                            v.fenced(0, 1, 2);
                        },
                        Decision.ClearedBy.ProcessEnded),
                row(
                        "its lease ran out",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 100);
                            v.fenced(1, 2).voted(1, NOW - 1200).voted(2, NOW - 1200);
                        },
                        Decision.ClearedBy.LeaseExpired),
                row(
                        "its replicas never voted, and its own pod, which does not vote, went a moment ago",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 100);
                            v.fenced(1, 2).voted(1, FenceView.NEVER).voted(2, FenceView.NEVER);
                            v.lease = Views.lease(NOW - 10, NOW - 500, "uid-0");
                        },
                        Decision.ClearedBy.LeaseExpired),
                row(
                        "it has been silent for a lease, and nobody waits for its answer once more",
                        v -> {
                            v.m(0).unreachable(Link.TIMEOUT, NOW - 1100);
                            v.fenced(1, 2).voted(1, NOW - 1100).voted(2, NOW - 1100);
                        },
                        Decision.ClearedBy.LeaseExpired),
                row(
                        "one fenced replica is half of two: no majority is left",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 100);
                            v.m(2).unreachable(Link.REFUSED, NOW - 100);
                            v.fenced(1).voted(1, NOW - 1200);
                        },
                        Decision.ClearedBy.LeaseExpired));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cleared")
    void theOldMasterIsCleared(String what, Consumer<Views> change, Decision.ClearedBy by) {
        Views views = new Views().changing(Suspects.MASTER);
        change.accept(views);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> assertThat(
                        promote.clearedBy())
                .isEqualTo(by));
    }

    static List<Arguments> notCleared() {
        return List.of(
                row(
                        "an operator's renewal may still run",
                        v -> v.lease = Views.lease(NOW, FenceView.NEVER, ""),
                        Situation.WaitingForLease),
                row(
                        "its replicas voted a moment ago",
                        v -> v.voted(1, NOW - 500).voted(2, NOW - 500),
                        Situation.WaitingForLease),
                row(
                        "a voter ended a moment ago",
                        v -> v.lease = Views.lease(0, NOW - 500, "uid-2"),
                        Situation.WaitingForLease),
                row(
                        "a pod went a moment ago, and whose process was master is not known",
                        v -> {
                            v.changing(Suspects.ANYBODY).fenced(1, 2);
                            v.voted(1, NOW - 1200).voted(2, NOW - 1200);
                            v.lease = Views.lease(0, NOW - 500, "uid-0");
                        },
                        Situation.WaitingForLease),
                row(
                        "another pod of its name proves nothing",
                        v -> {
                            v.m(0).uid = "new";
                            v.m(0).none().runId = "other";
                            v.m(0).unreachable(Link.OK, NOW - 20);
                            v.fenced(0);
                            v.lease = Views.lease(NOW, FenceView.NEVER, "");
                        },
                        Situation.WaitingForLease),
                row("two pods were deleted by force: they may vote", v -> v.ghosts = 2, Situation.WaitingForFence));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notCleared")
    void anOldMasterThatMayStillLeadIsWaitedFor(String what, Consumer<Views> change, Situation situation) {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100);
        views.fenced(1, 2).voted(1, NOW - 1200).voted(2, NOW - 1200);
        change.accept(views);
        assertThat(views.decide())
                .noneMatch(Promote.class::isInstance)
                .last()
                .isInstanceOfSatisfying(
                        Wait.class, wait -> assertThat(wait.situation()).isEqualTo(situation));
    }

    /** Of four, begun by an operator before this one: a-0 was the master, a-1 alone can be asked. */
    private static Views forgotten(String masterPodNow) {
        Views views = new Views().changing(Suspects.ANYBODY);
        views.members.add(new Views.M(3));
        views.replicas = 4;
        views.status = new StatusView(6, "", "uid-0", Views.GROUP, new LeaseGrant(Views.LEASE, 3));
        views.master = null;
        views.m(0).none().uid = masterPodNow;
        views.m(2).unreachable(Link.TIMEOUT, NOW - 3000);
        views.m(3).unreachable(Link.TIMEOUT, NOW - 3000);
        return views.fenced(0, 1).voted(0, NOW - 1200).voted(1, NOW - 1200);
    }

    @Test
    void aMasterThatOnlyAnotherOperatorSawMayStillHaveItsVoters() {
        assertThat(forgotten("new").decide())
                .noneMatch(Promote.class::isInstance)
                .last()
                .isInstanceOfSatisfying(
                        Wait.class, wait -> assertThat(wait.situation()).isEqualTo(Situation.WaitingForFence));
        assertThat(forgotten("uid-0").decide()).last().isInstanceOf(Promote.class);
    }

    @Test
    void clientsAreLedToTheWinnerWhileTheLeaseRunsOut() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100);
        views.m(2).offset = 1001;
        views.lease = Views.lease(NOW + 300, FenceView.NEVER, "");
        views.fenced(1, 2);
        assertThat(views.decide())
                .contains(new Route(Map.of("a-2", RoleLabel.MASTER, "a-0", RoleLabel.ABSENT)))
                .last()
                .isInstanceOfSatisfying(
                        Wait.class, wait -> assertThat(wait.situation()).isEqualTo(Situation.WaitingForLease));
        views.m(0).label = RoleLabel.ABSENT;
        views.m(2).label = RoleLabel.MASTER;
        assertThat(views.decide()).noneMatch(Route.class::isInstance);
    }

    @Test
    void nobodyIsLedAnywhereWhileThereIsNoEndOfTheWait() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.TIMEOUT, NOW - 1100);
        views.m(2).unreachable(Link.TIMEOUT, NOW - 1100);
        views.ghosts = 1;
        views.fenced(1);
        assertThat(views.decide()).noneMatch(Route.class::isInstance);
    }
}
