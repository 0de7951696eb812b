package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.GRANT;
import static dev.redisreplication.operator.decide.Views.GROUP;
import static dev.redisreplication.operator.decide.Views.LEASE;
import static dev.redisreplication.operator.decide.Views.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.Adopt;
import dev.redisreplication.operator.decide.Decision.Attach;
import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.Fence;
import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Route;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.PromoteView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which decision which view leads to. */
class DeciderTest {
    private static Arguments row(String what, Consumer<Views> change, Object expected) {
        return Arguments.of(what, change, expected);
    }

    // --- is the master lost?

    static List<Arguments> lost() {
        return List.of(
                row("restarted", v -> v.m(0).none().runId = "other", Reason.MasterRestarted),
                row(
                        "its container ended",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 20);
                            v.m(0).endedBefore = 60_000;
                        },
                        Reason.MasterDead),
                row(
                        "its pod is gone",
                        v -> {
                            v.m(0).pod = false;
                            v.m(0).answered = false;
                            v.m(0).link = Link.NONE;
                        },
                        Reason.MasterGone),
                row(
                        "another pod has its name",
                        v -> {
                            v.m(0).uid = "new";
                            v.m(0).answered = false;
                            v.m(0).link = Link.TIMEOUT;
                        },
                        Reason.MasterGone),
                row(
                        "refuses, and the replicas lost it",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 20);
                            v.m(1).cutOff();
                            v.m(2).cutOff();
                        },
                        Reason.MasterUnreachable),
                row(
                        "refuses, one replica lost it, the other does not answer",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 20);
                            v.m(1).cutOff();
                            v.m(2).unreachable(Link.TIMEOUT, NOW - 5000);
                        },
                        Reason.MasterUnreachable),
                row(
                        "silent for a lease, to the replicas too",
                        v -> {
                            v.m(0).unreachable(Link.OK, NOW - LEASE - 1);
                            v.m(1).silentMs = LEASE;
                            v.m(2).silentMs = LEASE + 50;
                        },
                        Reason.MasterUnreachable),
                row("was made a replica", v -> v.m(0).role(ManagedRole.REPLICA, 5), Reason.MasterLostRole));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lost")
    void aLostMasterBeginsATerm(String what, Consumer<Views> change, Reason reason) {
        Views views = new Views();
        change.accept(views);
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.reason()).isEqualTo(reason);
            assertThat(begin.term()).isEqualTo(6);
            assertThat(begin.from()).isEqualTo("a-0");
        });
    }

    static List<Arguments> nothing() {
        return List.of(
                row("all is well", v -> {}, Situation.Healthy),
                row("not the leader", v -> v.leader = false, Situation.NotLeader),
                row("pods not listed yet", v -> v.podsKnown = false, Situation.PodsUnknown),
                row(
                        "silent, and the only replicas are loading what they got",
                        v -> {
                            v.m(0).unreachable(Link.TIMEOUT, NOW - 5 * LEASE);
                            v.m(1).cutOff().syncing = true;
                            v.m(1).silentMs = 3 * LEASE;
                            v.m(2).unreachable(Link.TIMEOUT, NOW - 5 * LEASE);
                        },
                        Situation.NobodyAnswers),
                row(
                        "refused, but a replica hears it",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 20);
                            v.m(1).cutOff();
                        },
                        Situation.MasterUnreachableByOperatorOnly),
                row(
                        "silent, but a replica syncs from it",
                        v -> {
                            v.m(0).unreachable(Link.TIMEOUT, NOW - 2 * LEASE);
                            v.m(1).cutOff().syncing = true;
                            v.m(2).cutOff();
                        },
                        Situation.MasterUnreachableByOperatorOnly),
                row(
                        "silent for less than a lease",
                        v -> {
                            v.m(0).unreachable(Link.OK, NOW - LEASE + 1);
                            v.m(0).link = Link.TIMEOUT;
                        },
                        Situation.MasterSilent),
                row(
                        "silent only since this process was paused",
                        v -> {
                            v.m(0).unreachable(Link.OK, NOW - 10 * LEASE);
                            v.m(1).cutOff();
                            v.m(2).cutOff();
                            v.steadySince = NOW - 100;
                        },
                        Situation.MasterSilent),
                row(
                        "nobody answers",
                        v -> {
                            for (int i = 0; i < 3; i++) {
                                v.m(i).unreachable(Link.TIMEOUT, NOW - 10 * LEASE);
                            }
                        },
                        Situation.NobodyAnswers),
                row(
                        "what the replicas said is old",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 20);
                            v.m(1).cutOff().answeredAt = NOW - LEASE - 1;
                            v.m(2).cutOff().answeredAt = NOW - LEASE - 1;
                        },
                        Situation.NobodyAnswers),
                row(
                        "only restarted members could tell",
                        v -> {
                            v.m(0).unreachable(Link.TIMEOUT, NOW - 5 * LEASE);
                            v.m(0).pod = true;
                            v.m(0).ip = "";
                            v.m(1).none();
                            v.m(2).none();
                        },
                        Situation.NobodyAnswers),
                row("the master is beyond the spec", v -> v.replicas = 0, Situation.MasterBeyondSpec));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nothing")
    void inDoubtNothingIsDone(String what, Consumer<Views> change, Situation situation) {
        Views views = new Views();
        change.accept(views);
        List<Decision> decisions = views.decide();
        assertThat(decisions).noneMatch(BeginTerm.class::isInstance).noneMatch(Promote.class::isInstance);
        assertThat(decisions).last().isInstanceOfSatisfying(Nothing.class, n -> assertThat(n.situation())
                .isEqualTo(situation));
    }

    @Test
    void aLostMasterIsNotReplacedWhenNobodyCouldLead() {
        Views views = new Views();
        views.m(0).pod = false;
        views.m(0).answered = false;
        views.m(1).unreachable(Link.TIMEOUT, NOW - 5000);
        views.m(2).loading = true;
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(Wait.class, w -> assertThat(w.situation())
                .isEqualTo(Situation.NobodyAnswers));
    }

    // --- the first start, and what was left by others

    @Test
    void theFirstStartWaitsForAll() {
        Views views = fresh();
        views.m(2).answered = false;
        assertThat(views.decide()).singleElement().isInstanceOf(Wait.class);
    }

    @Test
    void theFirstStartBeginsTermOne() {
        assertThat(fresh().decide())
                .containsExactly(new BeginTerm(1, Reason.FirstStart, "", Suspects.NOBODY, GRANT, "first start"));
    }

    private static Views fresh() {
        Views views = new Views();
        views.status = new StatusView(0, "", History.UNKNOWN, null);
        views.master = null;
        for (Views.M m : views.members) {
            m.none().term = 0;
            m.offset = 0;
            m.history = new History("own-" + m.ordinal, "", -1);
            m.label = RoleLabel.ABSENT;
        }
        return views;
    }

    @Test
    void aMasterOfTheTermThatStatusDoesNotNameIsAdopted() {
        Views views = new Views();
        views.status = new StatusView(5, "", GROUP, GRANT);
        assertThat(views.decide()).contains(new Adopt(5, "a-0", GROUP));
    }

    @Test
    void anInterruptedChangeBeginsANewTermOnceAllHadTimeToAnswer() {
        Views views = new Views();
        views.status = new StatusView(6, "", GROUP, GRANT);
        views.m(0).unreachable(Link.TIMEOUT, 0).answered = false;
        views.steadySince = NOW - LEASE + 1;
        assertThat(views.decide()).singleElement().isInstanceOf(Wait.class);
        views.steadySince = NOW - LEASE;
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.term()).isEqualTo(7);
            assertThat(begin.suspects()).isEqualTo(Suspects.ANYBODY);
        });
    }

    @Test
    void aStatusFromTheBackupIsMendedOnlyWhenAllAnswer() {
        Views views = new Views();
        views.status = new StatusView(3, "a-1", History.UNKNOWN, GRANT);
        views.m(2).unreachable(Link.TIMEOUT, NOW - 5000);
        assertThat(views.decide()).singleElement().isInstanceOf(Wait.class);
        views.m(2).unreachable(Link.OK, NOW - 20);
        assertThat(views.decide()).containsExactly(new Adopt(5, "a-0", GROUP));
        assertThat(Heartbeat.renew(views.view())).isEmpty();
    }

    // --- fence, clear, choose

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

    static List<Arguments> chosen() {
        return List.of(
                row("equal offsets: the lowest ordinal", v -> v.fenced(1, 2), "a-1"),
                row(
                        "the highest offset",
                        v -> {
                            v.m(2).offset = 1001;
                            v.fenced(1, 2);
                        },
                        "a-2"),
                row(
                        "not a foreign history, however long",
                        v -> {
                            v.m(2).offset = 9_000_000;
                            v.m(2).history = new History("foreign", "", -1);
                            v.fenced(1, 2);
                        },
                        "a-1"),
                row(
                        "the history before, up to where it was left",
                        v -> {
                            v.m(1).history = new History("before", "", -1);
                            v.m(1).offset = 499;
                            v.m(2).offset = 498;
                            v.fenced(1, 2);
                        },
                        "a-1"),
                row(
                        "not the history before, beyond where it was left",
                        v -> {
                            v.m(1).history = new History("before", "", -1);
                            v.m(1).offset = 2000;
                            v.fenced(1, 2);
                        },
                        "a-2"),
                row(
                        "equal offsets: rather one that did not restart",
                        v -> {
                            v.m(1).none();
                            v.fenced(1, 2);
                        },
                        "a-2"),
                row(
                        "no pod that is being deleted",
                        v -> {
                            v.m(1).deleting = true;
                            v.fenced(1, 2);
                        },
                        "a-2"),
                row(
                        "no pod beyond the spec",
                        v -> {
                            v.replicas = 2;
                            v.m(2).offset = 5000;
                            v.fenced(1, 2);
                        },
                        "a-1"),
                row(
                        "promoted in a term that nobody finished, without a write since",
                        v -> {
                            v.m(2).offset = 1002;
                            v.m(2).history = new History("later", "now", 1003);
                            v.status = new StatusView(6, "", v.m(2).history, Views.GRANT);
                            v.fenced(1, 2);
                        },
                        "a-2"));
    }

    @Test
    void aHistoryThatNoStatusNamesIsNamedBeforeAnotherBegins() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
        views.m(2).offset = 1002;
        views.m(2).history = new History("later", "now", 1003);
        views.fenced(1, 2);
        assertThat(views.decide())
                .noneMatch(Promote.class::isInstance)
                .last()
                .isEqualTo(new Decision.Inherit(views.m(2).history));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chosen")
    void theBestOneIsPromoted(String what, Consumer<Views> change, String name) {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
        change.accept(views);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> assertThat(
                        promote.target().member())
                .isEqualTo(name));
    }

    static List<Arguments> tooFew() {
        return List.of(
                row(
                        "only restarted ones answer",
                        v -> {
                            v.m(1).none();
                            v.m(2).none();
                            v.fenced(1, 2);
                        },
                        Situation.NoCandidate),
                row(
                        "none has the group's history",
                        v -> {
                            v.m(1).history = new History("x", "", -1);
                            v.m(2).history = new History("y", "", -1);
                            v.fenced(1, 2);
                        },
                        Situation.NoCandidate),
                row(
                        "another may answer any moment",
                        v -> {
                            v.m(2).unreachable(Link.TIMEOUT, NOW - 500);
                            v.fenced(1);
                        },
                        Situation.WaitingForMembers),
                row(
                        "it was the operator that was away, so another may answer any moment",
                        v -> {
                            v.m(2).unreachable(Link.TIMEOUT, NOW - 5000);
                            v.steadySince = NOW - 500;
                            v.fenced(1);
                        },
                        Situation.WaitingForMembers),
                row(
                        "another has just come",
                        v -> {
                            v.m(2).answered = false;
                            v.m(2).unreachable(Link.TIMEOUT, 0);
                            v.fenced(1);
                        },
                        Situation.WaitingForMembers));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooFew")
    void tooFewAnswersAreWaitedFor(String what, Consumer<Views> change, Situation situation) {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
        change.accept(views);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.situation())
                .isEqualTo(situation));
    }

    @Test
    void whenAllWereEmptiedTheGroupStartsAnew() {
        Views views = new Views().changing(Suspects.MASTER);
        for (Views.M m : views.members) {
            m.none().runId = "new-" + m.ordinal;
            m.offset = 0;
            m.history = new History("new-" + m.ordinal, "", -1);
        }
        views.fenced(0, 1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.target().member()).isEqualTo("a-0");
            assertThat(promote.possibleLossBytes()).isEqualTo(-1);
        });
    }

    @Test
    void aPromotionStatesWhatItMayLose() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(1).offset = 900;
        views.m(2).offset = 800;
        views.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
        views.fenced(1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.possibleLossBytes()).isEqualTo(100);
            assertThat(promote.candidates())
                    .extracting(Decision.Candidate::offset)
                    .containsExactly(900L, 800L);
        });
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

    // --- after the order

    @Test
    void aPromotionIsOrderedOnceATerm() {
        Views views = new Views().changing(Suspects.MASTER).fenced(0, 1, 2);
        views.transition = views.transition.promoting(new PromoteView("a-1", "run-1", Outcome.SENT));
        assertThat(views.decide()).singleElement().isInstanceOf(Wait.class);
        views.transition = views.transition.promoting(new PromoteView("a-1", "run-1", Outcome.UNKNOWN));
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.term()).isEqualTo(7);
            assertThat(begin.suspects()).isEqualTo(Suspects.ANYBODY);
        });
    }

    @Test
    void whoWasPromotedIsRoutedAdoptedAndFollowed() {
        Views views = new Views().changing(Suspects.MASTER).fenced(0, 1, 2);
        views.transition = views.transition.promoting(new PromoteView("a-1", "run-1", Outcome.DONE));
        History later = new History("later", "now", 1001);
        views.m(1).role(ManagedRole.MASTER, 6).history = later;
        List<Decision> decisions = views.decide();
        assertThat(decisions.get(0)).isInstanceOfSatisfying(Route.class, route -> assertThat(route.labels())
                .containsExactly(Map.entry("a-1", RoleLabel.MASTER), Map.entry("a-0", RoleLabel.ABSENT)));
        assertThat(decisions.get(1)).isEqualTo(new Adopt(6, "a-1", later));
        assertThat(decisions.subList(2, 4))
                .allSatisfy(d -> assertThat(d).isInstanceOfSatisfying(Attach.class, attach -> assertThat(attach.host())
                        .isEqualTo("ip-1")));
    }
}
