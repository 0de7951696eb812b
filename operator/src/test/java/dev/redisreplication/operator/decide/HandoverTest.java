package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.LEASE;
import static dev.redisreplication.operator.decide.Views.NOW;
import static dev.redisreplication.operator.decide.Views.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a master that lives and answers gives its role away. */
class HandoverTest {
    @Test
    void aMasterThatEndsIsReplacedByOneThatHasAllItHas() {
        Views views = new Views();
        views.m(0).handingOver = true;
        views.m(1).offset = 990;
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.reason()).isEqualTo(Reason.MasterEnding);
            assertThat(begin.suspects()).isEqualTo(Suspects.MASTER);
            assertThat(begin.from()).isEqualTo("a-0");
            assertThat(begin.message()).isEqualTo("a-0 was told to end");
        });
    }

    @Test
    void aMasterThatCannotWriteIsReplacedByOneThatCan() {
        Views views = new Views();
        views.m(0).storageError = "No space left on device";
        views.m(1).storageError = "No space left on device";
        assertThat(views.decide()).singleElement().isInstanceOfSatisfying(BeginTerm.class, begin -> {
            assertThat(begin.reason()).isEqualTo(Reason.MasterCannotPersist);
            assertThat(begin.message()).contains("a-0", "No space left on device");
        });
    }

    @Test
    void aPodThatIsToGoIsNotReplacedBeforeItsNodeHoldsWritesBack() {
        Views views = new Views();
        views.m(0).deleting = true;
        assertThat(views.decide()).noneMatch(BeginTerm.class::isInstance);
    }

    static List<Arguments> notYet() {
        return List.of(
                row("both lag", v -> both(v, m -> m.offset = 999), null),
                row("both are to go", v -> both(v, m -> m.deleting = true), null),
                row("both are cut off", v -> both(v, Views.M::cutOff), null),
                row("both load", v -> both(v, m -> m.loading = true), null),
                row("both were of another term", v -> both(v, m -> m.term = 4), null),
                row("both were restarted", v -> both(v, Views.M::none), null),
                row("both have another history", v -> both(v, m -> m.history = new History("x", "y", 1)), null),
                row("both cannot keep data", v -> both(v, m -> m.storageError = "full"), null),
                row("what both said is old", v -> both(v, m -> m.unreachable(Link.OK, NOW - LEASE - 1)), null),
                row("both are beyond the spec", v -> v.replicas = 1, null));
    }

    private static void both(Views views, Consumer<Views.M> change) {
        change.accept(views.m(1));
        change.accept(views.m(2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notYet")
    void nobodyIsBetter(String what, Consumer<Views> change, Object ignored) {
        for (boolean ends : new boolean[] {true, false}) {
            Views views = new Views();
            change.accept(views);
            views.m(0).handingOver = ends;
            views.m(0).storageError = ends ? "" : "full";
            List<Decision> decisions = views.decide();
            assertThat(decisions).noneMatch(BeginTerm.class::isInstance);
            assertThat(decisions).last().isInstanceOfSatisfying(Nothing.class, nothing -> assertThat(
                            nothing.situation())
                    .isEqualTo(ends ? Situation.MasterEnding : Situation.MasterCannotPersist));
        }
    }

    @Test
    void aReplicaWithAFullDiskIsNoReasonForAnything() {
        Views views = new Views();
        views.m(1).storageError = "full";
        assertThat(views.m(1).role).isEqualTo(ManagedRole.REPLICA);
        assertThat(views.decide()).last().isInstanceOfSatisfying(Nothing.class, nothing -> assertThat(
                        nothing.situation())
                .isEqualTo(Situation.Healthy));
    }
}
