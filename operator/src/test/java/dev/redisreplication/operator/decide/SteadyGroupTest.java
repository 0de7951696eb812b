package dev.redisreplication.operator.decide;

import static dev.redisreplication.operator.decide.Views.GRANT;
import static dev.redisreplication.operator.decide.Views.GROUP;
import static dev.redisreplication.operator.decide.Views.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Decision.Attach;
import dev.redisreplication.operator.decide.Decision.Regrant;
import dev.redisreplication.operator.decide.Decision.Route;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done for a group that has its master: followers, labels, leases. */
class SteadyGroupTest {
    @Test
    void whoDoesNotFollowIsAttached() {
        Views views = new Views();
        views.m(1).none();
        views.m(2).masterHost = "elsewhere";
        assertThat(views.decide())
                .contains(
                        new Attach(5, new Decision.Target("a-1", "run-1"), "a-0", "ip-0"),
                        new Attach(5, new Decision.Target("a-2", "run-2"), "a-0", "ip-0"));
    }

    @Test
    void anOldMasterThatComesBackIsAttachedAndLosesItsLabel() {
        Views views = new Views();
        views.m(2).role(ManagedRole.MASTER, 4).label = RoleLabel.MASTER;
        assertThat(views.decide())
                .contains(
                        new Route(Map.of("a-2", RoleLabel.ABSENT)),
                        new Attach(5, new Decision.Target("a-2", "run-2"), "a-0", "ip-0"));
    }

    @Test
    void onlyTheMasterThatStatusNamesIsRenewed() {
        Views views = new Views();
        assertThat(Heartbeat.renew(views.view())).hasValueSatisfying(renew -> {
            assertThat(renew.term()).isEqualTo(5);
            assertThat(renew.clock()).isEqualTo(7);
            assertThat(renew.target().runId()).isEqualTo("run-0");
        });
        views.leader = false;
        assertThat(Heartbeat.renew(views.view())).isEmpty();
        assertThat(Heartbeat.renew(new Views().changing(Suspects.MASTER).view()))
                .isEmpty();
    }

    @Test
    void aLongerLeaseIsWrittenBeforeItIsGranted() {
        Views views = new Views();
        views.status = new StatusView(5, "a-0", "", GROUP, new LeaseGrant(500, 2));
        assertThat(Heartbeat.renew(views.view()).orElseThrow().grant()).isEqualTo(new LeaseGrant(500, 2));
        assertThat(views.decide()).contains(new Regrant(new LeaseGrant(1000, 2)));
    }

    @Test
    void aShorterLeaseIsWrittenWhenNoLongerOneIsLeft() {
        Views views = new Views();
        views.status = new StatusView(5, "a-0", "", GROUP, new LeaseGrant(5000, 2));
        assertThat(Heartbeat.renew(views.view()).orElseThrow().grant()).isEqualTo(GRANT);
        views.lease = new LeaseView(0, LeaseView.Gone.NOBODY, GRANT, NOW - 5000);
        assertThat(views.decide()).noneMatch(Regrant.class::isInstance);
        views.lease = new LeaseView(0, LeaseView.Gone.NOBODY, GRANT, NOW - 5100);
        assertThat(views.decide()).contains(new Regrant(GRANT));
    }
}
