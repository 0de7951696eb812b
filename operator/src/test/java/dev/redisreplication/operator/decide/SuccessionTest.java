package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.GROUP;
import static dev.redisreplication.operator.decide.Views.NOW;
import static dev.redisreplication.operator.decide.Views.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.Adopt;
import dev.redisreplication.operator.decide.Decision.Attach;
import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.ClearedBy;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Route;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
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

/** Who is promoted, who is waited for, and what follows the order. */
class SuccessionTest {
    /** A failover whose old one has ended, so that nothing is to be waited for but the choice. */
    private static Views masterEnded() {
        Views views = new Views().changing(Suspects.MASTER);
        views.m(0).unreachable(Link.REFUSED, NOW - 100).endedBefore = 60_000;
        return views;
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
                            v.status = new StatusView(6, "", "", v.m(2).history, Views.GRANT);
                            v.fenced(1, 2);
                        },
                        "a-2"));
    }

    @Test
    void aHistoryThatNoStatusNamesIsNamedBeforeAnotherBegins() {
        Views views = masterEnded();
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
        Views views = masterEnded();
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
                        "another takes no password: it runs, and may have more",
                        v -> {
                            v.m(2).unreachable(Link.DENIED, NOW - 5000);
                            v.fenced(1);
                        },
                        Situation.PasswordMismatch),
                row(
                        "another forbids the operator to ask: it runs, and may have more",
                        v -> {
                            v.m(2).forbidding(NOW - 5000);
                            v.fenced(1);
                        },
                        Situation.PermissionDenied),
                row(
                        "those that answer are empty, and another takes no password",
                        v -> {
                            v.m(1).none().history = new History("new", "", -1);
                            v.m(1).offset = 0;
                            v.m(2).unreachable(Link.DENIED, NOW - 5000);
                            v.fenced(1);
                        },
                        Situation.PasswordMismatch),
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
        Views views = masterEnded();
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
            assertThat(promote.loss()).isEqualTo(new Loss(-1, -1));
        });
    }

    /** Without persistence a killed master is back at once, with nothing: a replica that followed it would be emptied, too. */
    @Test
    void aMasterThatComesBackEmptyFollowsWhoHasTheData() {
        Views views = new Views().changing(Suspects.MASTER);
        Views.M empty = views.m(0).none();
        empty.runId = "new-0";
        empty.offset = 0;
        empty.history = new History("new-0", "", -1);
        views.fenced(0, 1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> assertThat(
                        promote.target().member())
                .isIn("a-1", "a-2"));
    }

    @Test
    void whatADeadMasterWroteAfterItsLastAnswerIsNotKnown() {
        Views views = masterEnded();
        views.m(1).offset = 900;
        views.m(2).offset = 800;
        views.fenced(1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.loss()).isEqualTo(new Loss(-1, 100));
            assertThat(promote.candidates())
                    .extracting(Decision.Candidate::offset)
                    .containsExactly(900L, 800L);
        });
    }

    @Test
    void whatIsLostIsExactWhenTheMasterItselfSteppedDown() {
        Views views = new Views();
        views.master = new MasterProcess("a-0", 5, "uid-0", 50_000, "run-0", GROUP, 1000, true, false);
        views.changing(Suspects.MASTER);
        views.m(0).offset = 1010;
        views.m(1).offset = 1003;
        views.m(2).offset = 900;
        views.fenced(0, 1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.target().member()).isEqualTo("a-1");
            assertThat(promote.clearedBy()).isEqualTo(ClearedBy.SteppedDown);
            assertThat(promote.loss()).isEqualTo(new Loss(7, 7));
        });
    }

    @Test
    void aMasterThatIsAboutToEndIsNoCandidate() {
        Views views = new Views();
        views.master = new MasterProcess("a-0", 5, "uid-0", 50_000, "run-0", GROUP, 1000, true, false);
        views.changing(Suspects.MASTER).fenced(0, 1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.target().member()).isEqualTo("a-1");
            assertThat(promote.loss()).isEqualTo(new Loss(0, 0));
            assertThat(promote.candidates().getFirst().note()).isEqualTo("is about to end");
        });
        // Its next process is one like any other.
        views.m(0).none().runId = "next";
        views.m(1).offset = 900;
        views.m(2).offset = 900;
        views.fenced(0, 1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> assertThat(
                        promote.target().member())
                .isEqualTo("a-0"));
    }

    @Test
    void whoCannotKeepDataLeadsOnlyIfNobodyElseHasAsMuch() {
        Views views = masterEnded();
        views.m(1).storageError = "full";
        views.fenced(1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.target().member()).isEqualTo("a-2");
            assertThat(promote.force()).isFalse();
        });
        views = masterEnded();
        views.m(1).storageError = "full";
        views.m(2).offset = 999;
        views.fenced(1, 2);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Promote.class, promote -> {
            assertThat(promote.target().member()).isEqualTo("a-1");
            assertThat(promote.force()).isTrue();
        });
    }

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
        assertThat(decisions.get(1)).isEqualTo(new Adopt(6, "a-1", "uid-1", later));
        assertThat(decisions.subList(2, 4))
                .allSatisfy(d -> assertThat(d).isInstanceOfSatisfying(Attach.class, attach -> assertThat(attach.host())
                        .isEqualTo("ip-1")));
    }
}
