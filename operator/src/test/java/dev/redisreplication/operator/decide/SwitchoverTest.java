package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.NOW;
import static dev.redisreplication.operator.decide.Views.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.GiveUp;
import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Settle;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.decide.Decision.Yield;
import dev.redisreplication.operator.observe.Goal;
import dev.redisreplication.operator.observe.Goal.AskedBy;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.MovesView.Attempt;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Plan;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import dev.redisreplication.operator.observe.Wishes;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the role moves from a master that is well. */
class SwitchoverTest {
    private static final Goal ORDER = new Goal(AskedBy.Annotation, "a-1", false);
    private static final Target MASTER = new Target("a-0", "run-0");

    private static Views asked(String order) {
        Views views = new Views();
        views.wishes = new Wishes(order, false, "");
        return views;
    }

    /** The master confirmed the pause 100 ms ago, and has 1900 ms of it left. */
    private static Views paused(Goal goal) {
        Views views = asked(goal.order());
        views.moves = new MovesView(new Attempt(goal, 5, "a-1", 2000, NOW - 100), "", null, 0, 0);
        views.m(0).yieldsForMs = 1900;
        return views;
    }

    private static Decision last(Views views) {
        return views.decide().getLast();
    }

    @Test
    void theMasterIsMadeToStandStillFirst() {
        Views views = asked("a-1");
        views.m(1).offset = 990;
        assertThat(views.decide()).containsExactly(new Yield(5, MASTER, "a-1", 2000, ORDER, 10));
    }

    @Test
    void anyMeansTheOneThatHasMost() {
        Views views = asked("any");
        views.m(1).offset = 990;
        assertThat(last(views))
                .isEqualTo(new Yield(5, MASTER, "a-2", 2000, new Goal(AskedBy.Annotation, "", false), 0));
    }

    @Test
    void thePreferredOneBecomesMasterWheneverItIsInSync() {
        Views views = new Views();
        views.wishes = new Wishes("", false, "a-2");
        Goal goal = new Goal(AskedBy.PreferredMaster, "a-2", false);
        assertThat(last(views)).isEqualTo(new Yield(5, MASTER, "a-2", 2000, goal, 0));
        views.m(2).cutOff();
        assertThat(last(views))
                .isEqualTo(
                        new Nothing(Situation.SwitchoverWaits, "a-2 shall be master: a-2 does not follow the master"));
        views.wishes = new Wishes("", false, "a-0");
        assertThat(last(views)).isEqualTo(new Nothing(Situation.Healthy, ""));
    }

    @Test
    void aMasterBeyondTheSpecGivesItsRoleToOneWithin() {
        Views views = new Views();
        views.replicas = 2;
        views.status = new StatusView(5, "a-2", "", Views.GROUP, Views.GRANT);
        views.m(0).role(ManagedRole.REPLICA, 5).masterHost = "ip-2";
        views.m(1).masterHost = "ip-2";
        views.m(0).label = RoleLabel.REPLICA;
        views.m(2).role(ManagedRole.MASTER, 5).label = RoleLabel.MASTER;
        views.m(2).masterHost = "";
        Goal goal = new Goal(AskedBy.ScaleDown, "", false);
        assertThat(last(views)).isEqualTo(new Yield(5, new Target("a-2", "run-2"), "a-0", 2000, goal, 0));
        views.moves = new MovesView(null, "", goal, NOW + 1, 0);
        assertThat(last(views)).isInstanceOfSatisfying(Nothing.class, nothing -> assertThat(nothing.situation())
                .isEqualTo(Situation.MasterBeyondSpec));
        views.moves = new MovesView(null, "", goal, NOW, 0);
        assertThat(last(views)).isInstanceOf(Yield.class);
    }

    static List<Arguments> obstacles() {
        return List.of(
                row("unknown", v -> v.wishes = new Wishes("b-7", false, ""), "there is no member b-7"),
                row("beyond the spec", v -> v.replicas = 1, "a-1 is beyond spec.replicas"),
                row("no pod", v -> v.m(1).pod = false, "a-1 has no pod"),
                row("to go", v -> v.m(1).deleting = true, "a-1 is being deleted"),
                row("silent", v -> v.m(1).unreachable(Link.TIMEOUT, 0), "a-1 does not answer"),
                row("loading", v -> v.m(1).loading = true, "a-1 does not answer"),
                row("full", v -> v.m(1).storageError = "full", "a-1 cannot keep data: full"),
                row("cut off", v -> v.m(1).cutOff(), "a-1 does not follow the master"),
                row("restarted", v -> v.m(1).none(), "a-1 does not follow the master"),
                row("syncs", v -> v.m(1).syncing = true, "a-1 does not follow the master"),
                row("other term", v -> v.m(1).term = 4, "a-1 does not follow the master"),
                row("other history", v -> v.m(1).history = new History("x", "y", 1), "a-1 does not follow the master"),
                row("lags", v -> v.m(0).offset = 40L << 20, "a-1 lags by " + ((40L << 20) - 1000) + " bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("obstacles")
    void anOrderThatCannotBeCarriedOutIsRefused(String what, Consumer<Views> change, String why) {
        Views views = asked("a-1");
        change.accept(views);
        assertThat(last(views)).isInstanceOfSatisfying(Settle.class, settle -> {
            assertThat(settle.refused()).isTrue();
            assertThat(settle.message()).isEqualTo(why);
        });
    }

    @Test
    void whatMayPassByItselfIsNoReasonToRefuseAtOnce() {
        Views views = asked("a-1");
        views.m(1).cutOff();
        views.moves = new MovesView(null, "", null, 0, NOW - 1999);
        assertThat(last(views))
                .isEqualTo(
                        new Nothing(Situation.SwitchoverWaits, "a-1 shall be master: a-1 does not follow the master"));
        views.moves = new MovesView(null, "", null, 0, NOW - 2000);
        assertThat(last(views)).isInstanceOf(Settle.class);
    }

    @Test
    void anOrderForTheMasterIsOverAtOnceAndOneThatIsOverIsLeftAlone() {
        Views views = asked("a-0");
        assertThat(last(views))
                .isEqualTo(new Settle(new Goal(AskedBy.Annotation, "a-0", false), false, "a-0 is the master already"));
        views.moves = new MovesView(null, "a-0", null, 0, 0);
        assertThat(last(views)).isEqualTo(new Nothing(Situation.Healthy, ""));
    }

    @Test
    void forceMindsNoLag() {
        Views views = new Views();
        views.wishes = new Wishes("a-1", true, "");
        views.m(0).offset = 40L << 20;
        assertThat(last(views)).isInstanceOfSatisfying(Yield.class, order -> {
            assertThat(order.lag()).isEqualTo((40L << 20) - 1000);
            assertThat(order.goal().force()).isTrue();
        });
    }

    @Test
    void theTermBeginsWhenTheTargetHasAll() {
        Views views = paused(ORDER);
        assertThat(last(views)).isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.term()).isEqualTo(6);
            assertThat(begin.reason()).isEqualTo(Reason.Switchover);
            assertThat(begin.suspects()).isEqualTo(Suspects.MASTER);
            assertThat(begin.plan()).isEqualTo(new Plan("a-1", false));
        });
    }

    static List<Arguments> notYet() {
        return List.of(
                row("the target lags, though another has all", v -> v.m(1).offset = 999, null),
                row("the master has not confirmed", v -> v.moves = attempt(-1), null),
                row(
                        "what it said is older than that",
                        v -> {
                            v.m(0).yieldsForMs = 0;
                            v.moves = attempt(NOW);
                        },
                        null));
    }

    private static MovesView attempt(long pausedAt) {
        return new MovesView(new Attempt(ORDER, 5, "a-1", 2000, pausedAt), "", null, 0, 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notYet")
    void untilThenItIsWaited(String what, Consumer<Views> change, Object ignored) {
        Views views = paused(ORDER);
        change.accept(views);
        assertThat(last(views)).isInstanceOfSatisfying(Nothing.class, nothing -> assertThat(nothing.situation())
                .isEqualTo(Situation.SwitchingOver));
    }

    static List<Arguments> inVain() {
        return List.of(
                row("the pause is over", v -> v.m(0).yieldsForMs = 0, "a-1 did not have all of the data in time"),
                row(
                        "it is nearly over",
                        v -> {
                            v.m(0).yieldsForMs = 400;
                            v.m(1).offset = 900;
                        },
                        "a-1 lacks 100 bytes"),
                row(
                        "too late",
                        v -> v.m(0).yieldsForMs = 400,
                        "too little is left of the pause for the steps of a switchover"),
                row("cut off", v -> v.m(1).cutOff(), "a-1 does not follow the master"),
                row("to go", v -> v.m(1).deleting = true, "a-1 is being deleted"),
                row("gone", v -> v.members.remove(1), "a-1 is gone"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inVain")
    void ifItComesToNothingTheMasterGoesOn(String what, Consumer<Views> change, String expected) {
        Views views = paused(ORDER);
        change.accept(views);
        assertThat(last(views)).isInstanceOfSatisfying(GiveUp.class, give -> {
            assertThat(give.term()).isEqualTo(5);
            assertThat(give.from()).isEqualTo(MASTER);
            assertThat(give.message()).isEqualTo(expected);
        });
    }

    @Test
    void byForceTheTermBeginsInTheMiddleOfThePause() {
        Views views = paused(new Goal(AskedBy.Annotation, "a-1", true));
        views.m(1).offset = 900;
        assertThat(last(views)).isInstanceOf(Nothing.class);
        views.m(0).yieldsForMs = 900;
        assertThat(last(views)).isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.plan()).isEqualTo(new Plan("a-1", true));
            assertThat(begin.message()).contains("lacks 100 bytes");
        });
    }

    @Test
    void aMasterThatYieldedToAProcessBeforeIsLeftAloneUntilItGoesOn() {
        Views views = asked("a-1");
        views.m(0).yieldsForMs = 500;
        assertThat(last(views)).isInstanceOfSatisfying(Nothing.class, nothing -> assertThat(nothing.situation())
                .isEqualTo(Situation.SwitchingOver));
    }

    @Test
    void aMasterThatIsToldToEndMeanwhileHandsOverToWhoeverHasAll() {
        Views views = paused(ORDER);
        views.m(0).yieldsForMs = 0;
        views.m(0).handingOver = true;
        views.m(1).offset = 900;
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.reason()).isEqualTo(Reason.MasterEnding);
            assertThat(begin.plan()).isNull();
        });
    }

    // --- in its term

    private static Views inTerm(boolean force) {
        Views views = new Views();
        views.changing(Suspects.MASTER);
        views.transition = new TransitionView(
                6, "a-0", Suspects.MASTER, views.master, NOW - 10, Map.of(), null, new Plan("a-2", force));
        return views;
    }

    private static Promote promoted(Views views) {
        return views.decide().stream()
                .filter(Promote.class::isInstance)
                .map(Promote.class::cast)
                .findAny()
                .orElseThrow();
    }

    @Test
    void amongEqualsTheTargetWinsAndNobodyElseIsWaitedFor() {
        Views views = inTerm(false);
        views.m(1).unreachable(Link.DENIED, NOW);
        views.fenced(0, 2);
        Promote promote = promoted(views);
        assertThat(promote.target().member()).isEqualTo("a-2");
        assertThat(promote.loss()).isEqualTo(new Loss(0, 0));
    }

    @Test
    void aTargetThatLacksSomethingDoesNot() {
        Views views = inTerm(false);
        views.m(2).offset = 999;
        views.fenced(0, 1, 2);
        assertThat(promoted(views).target().member())
                .as("the lowest of the others")
                .isEqualTo("a-0");
        views = inTerm(false);
        views.m(1).offset = 998;
        views.m(2).offset = 999;
        views.replicas = 3;
        views.fenced(0, 1, 2);
        assertThat(promoted(views).target().member()).as("the old master stays").isEqualTo("a-0");
    }

    @Test
    void theOldMasterIsACandidateThoughItIsBeyondTheSpec() {
        Views views = new Views();
        views.replicas = 2;
        views.master = new MasterProcess("a-2", 5, "uid-2", 50_000, "run-2", Views.GROUP, 1000, false, false);
        views.changing(Suspects.MASTER);
        views.transition = new TransitionView(
                6, "a-2", Suspects.MASTER, views.master, NOW - 10, Map.of(), null, new Plan("a-0", false));
        views.m(2).role(ManagedRole.MASTER, 5);
        views.m(0).role(ManagedRole.REPLICA, 5);
        views.m(0).offset = 900;
        views.m(1).offset = 900;
        views.fenced(0, 1, 2);
        assertThat(promoted(views).target().member()).isEqualTo("a-2");
        // Its pod goes after all: better one that lacks something than none.
        views.m(2).deleting = true;
        assertThat(promoted(views).target().member()).isEqualTo("a-0");
    }

    @Test
    void theOldMastersOwnWordIsWaitedFor() {
        Views views = inTerm(false);
        views.fenced(1, 2);
        assertThat(views.decide()).noneMatch(Promote.class::isInstance).last().isInstanceOf(Wait.class);
    }

    @Test
    void byForceTheTargetTakesOverAndTheLossIsKnown() {
        Views views = inTerm(true);
        views.m(2).offset = 900;
        views.fenced(0, 1, 2);
        Promote promote = promoted(views);
        assertThat(promote.target().member()).isEqualTo("a-2");
        assertThat(promote.loss()).isEqualTo(new Loss(100, 100));
    }
}
