package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.LEASE;
import static dev.redisreplication.operator.decide.Views.NOW;
import static dev.redisreplication.operator.decide.Views.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When the master counts as lost, and when it is only not seen. */
class MasterHealthTest {
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
                        "the master takes no password, whatever its replicas say",
                        v -> {
                            v.m(0).unreachable(Link.DENIED, NOW - 10 * LEASE);
                            v.m(1).cutOff();
                            v.m(2).cutOff();
                        },
                        Situation.PasswordMismatch),
                row(
                        "the master is away, and its replicas take no password",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 10 * LEASE);
                            v.m(1).unreachable(Link.DENIED, NOW - 10 * LEASE);
                            v.m(2).unreachable(Link.DENIED, NOW - 10 * LEASE);
                        },
                        Situation.PasswordMismatch),
                row(
                        "the master forbids the operator to ask, whatever its replicas say",
                        v -> {
                            v.m(0).forbidding(NOW - 10 * LEASE);
                            v.m(1).cutOff();
                            v.m(2).cutOff();
                        },
                        Situation.PermissionDenied),
                row(
                        "all forbid it",
                        v -> v.members.forEach(m -> m.forbidding(NOW - 10 * LEASE)),
                        Situation.PermissionDenied),
                row(
                        "the master is away, its replicas do not let the operator in, for different reasons",
                        v -> {
                            v.m(0).unreachable(Link.REFUSED, NOW - 10 * LEASE);
                            v.m(1).unreachable(Link.DENIED, NOW - 10 * LEASE).denial = "WRONGPASS x";
                            v.m(2).forbidding(NOW - 10 * LEASE);
                        },
                        Situation.PasswordMismatch),
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
}
