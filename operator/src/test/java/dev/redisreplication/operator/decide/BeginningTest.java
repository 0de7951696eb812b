package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.GRANT;
import static dev.redisreplication.operator.decide.Views.GROUP;
import static dev.redisreplication.operator.decide.Views.LEASE;
import static dev.redisreplication.operator.decide.Views.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.Adopt;
import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import org.junit.jupiter.api.Test;

/** What is done while status names no master, or a wrong one: the first start, and what others left. */
class BeginningTest {
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
        views.status = new StatusView(0, "", "", History.UNKNOWN, null);
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
        views.status = new StatusView(5, "", "", GROUP, GRANT);
        assertThat(views.decide()).contains(new Adopt(5, "a-0", "uid-0", GROUP));
    }

    @Test
    void anInterruptedChangeBeginsANewTermOnceAllHadTimeToAnswer() {
        Views views = new Views();
        views.status = new StatusView(6, "", "", GROUP, GRANT);
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
        views.status = new StatusView(3, "a-1", "", History.UNKNOWN, GRANT);
        views.m(2).unreachable(Link.TIMEOUT, NOW - 5000);
        assertThat(views.decide()).singleElement().isInstanceOf(Wait.class);
        views.m(2).unreachable(Link.OK, NOW - 20);
        assertThat(views.decide()).containsExactly(new Adopt(5, "a-0", "uid-0", GROUP));
        assertThat(Heartbeat.renew(views.view())).isEmpty();
    }
}
