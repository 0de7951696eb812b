package dev.redisreplication.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import dev.redisreplication.operator.status.StatusDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private static final long LEASE = 1000;

    private final List<String> said = new ArrayList<>();
    private final Announcer announcer = new Announcer("shop/g", new Cluster() {
        @Override
        public CompletableFuture<Written> write(Stored from, RedisReplicationGroupStatus next) {
            throw new AssertionError("an announcer writes no status");
        }

        @Override
        public CompletableFuture<Boolean> label(String pod, String uid, RoleLabel role) {
            throw new AssertionError("an announcer labels nobody");
        }

        @Override
        public CompletableFuture<Boolean> forgetOrder(String order) {
            throw new AssertionError("an announcer takes no orders");
        }

        @Override
        public void announce(boolean warning, String reason, String message) {
            said.add((warning ? "Warning " : "Normal ") + reason);
        }
    });

    private long now;
    private long term;
    private boolean led;
    private long steadySince;
    private String denial = "";

    /** That situation for so many milliseconds, looked at as often as a loop turns. */
    private void pass(Situation situation, long millis) {
        for (long end = now + millis; now < end; now += 100) {
            MemberView member = new MemberView("g-0", 0, null, Link.OK, null, now, now, denial);
            GroupView view = new GroupView(
                    now,
                    steadySince,
                    true,
                    new SpecView(1, LEASE, false),
                    new StatusView(term, "", "", new History("", "", 0), null),
                    List.of(member),
                    true,
                    null,
                    null,
                    0,
                    null,
                    MovesView.NONE);
            RedisReplicationGroupStatus status = StatusDraft.of(RedisReplicationGroupStatus.empty())
                    .term(term)
                    .master(led ? "g-0" : null, led ? "uid" : null)
                    .build();
            announcer.look(view, new Finding(situation, "why", "", "", ""), status, "g-auth");
        }
    }

    @Test
    void whatAFailoverPassesThroughIsNoEvent() {
        term = 1;
        led = true;
        pass(Situation.MasterSilent, 900);
        pass(Situation.WaitingForFence, 500);
        pass(Situation.NoCandidate, 300);
        pass(Situation.WaitingForLease, 1000);
        pass(Situation.MasterSilent, 100);
        pass(Situation.Healthy, 10_000);
        assertThat(said).isEmpty();
    }

    @Test
    void whatLastsIsAWarningOnce() {
        term = 1;
        led = true;
        pass(Situation.NoCandidate, 60_000);
        assertThat(said).containsExactly("Warning NoCandidate");
        pass(Situation.Healthy, 100);
        pass(Situation.NoCandidate, 60_000);
        assertThat(said).containsExactly("Warning NoCandidate", "Warning NoCandidate");
    }

    @Test
    void aStartIsToldOfAndIsNoWarningUnlessItTakesVeryLong() {
        pass(Situation.WaitingForMembers, 2_000);
        assertThat(said).isEmpty();
        pass(Situation.WaitingForMembers, 30_000);
        assertThat(said).containsExactly("Normal WaitingForMembers");
        pass(Situation.WaitingForMembers, 60_000);
        assertThat(said).containsExactly("Normal WaitingForMembers", "Warning WaitingForMembers");
        // The first term may not be the last one before somebody leads.
        term = 2;
        pass(Situation.NoCandidate, 30_000);
        assertThat(said).endsWith("Normal NoCandidate");
    }

    @Test
    void timeInWhichNobodyLookedDoesNotCount() {
        term = 1;
        led = true;
        pass(Situation.NobodyAnswers, 100);
        now += 60_000;
        steadySince = now;
        pass(Situation.NobodyAnswers, 2_000);
        assertThat(said).isEmpty();
        pass(Situation.NobodyAnswers, 2_000);
        assertThat(said).containsExactly("Warning NobodyAnswers");
    }

    @Test
    void membersThatRefuseForAMomentAreNoEvent() {
        denial = "NOAUTH Authentication required.";
        pass(Situation.PasswordMismatch, 1_000);
        denial = "";
        pass(Situation.Healthy, 10_000);
        assertThat(said).isEmpty();
        denial = "NOAUTH Authentication required.";
        pass(Situation.PasswordMismatch, 10_000);
        assertThat(said).containsExactly("Warning PasswordMismatch");
    }
}
