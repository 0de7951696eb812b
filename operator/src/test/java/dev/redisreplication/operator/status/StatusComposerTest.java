package dev.redisreplication.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.api.v1alpha1.HistoryStatus;
import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.Phase;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusComposerTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00.5Z");
    private static final Finding HEALTHY = new Finding(Situation.Healthy, "", "", "", "");

    private static RedisReplicationGroupStatus before(String master) {
        return new RedisReplicationGroupStatus(
                null,
                master,
                null,
                null,
                null,
                null,
                4L,
                new HistoryStatus("r", "0", -1L),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static MemberView member(int ordinal, ManagedRole role, long offset, boolean up) {
        NodeFacts facts = role == null
                ? null
                : new NodeFacts(
                        role,
                        4,
                        new History("r", "0", -1),
                        offset,
                        "run" + ordinal,
                        1,
                        "",
                        up,
                        1,
                        false,
                        false,
                        2,
                        role == ManagedRole.MASTER ? 800 : 0,
                        false,
                        "",
                        1,
                        0);
        return new MemberView(
                "g-" + ordinal,
                ordinal,
                new PodView("u" + ordinal, 0, true, false, "10.0.0." + ordinal, RoleLabel.ABSENT, ""),
                role == null ? Link.REFUSED : Link.OK,
                facts,
                1,
                1);
    }

    private static GroupView view(MemberView... members) {
        return new GroupView(
                1000,
                0,
                true,
                new SpecView(3, 1000, false),
                new StatusView(4, "g-1", "", History.UNKNOWN, new LeaseGrant(1000, 2)),
                List.of(members),
                true,
                null,
                null,
                0,
                new LeaseView(0, LeaseView.Gone.NOBODY, null, 0),
                MovesView.NONE);
    }

    private static RedisReplicationGroupStatus compose(
            RedisReplicationGroupStatus before, Finding finding, MemberView... members) {
        return StatusComposer.compose(before, view(members), finding, "g", 6379, 7, NOW);
    }

    private static Condition condition(RedisReplicationGroupStatus status, String type) {
        return status.conditions().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static RedisReplicationGroupStatus healthy(long offset) {
        return compose(
                before("g-1"),
                HEALTHY,
                member(0, ManagedRole.REPLICA, offset - 5, true),
                member(1, ManagedRole.MASTER, offset, false),
                member(2, ManagedRole.REPLICA, offset + 1, true));
    }

    @Test
    void aHealthyGroupIsReady() {
        RedisReplicationGroupStatus status = healthy(100);
        assertThat(status.phase()).isEqualTo(Phase.Ready);
        assertThat(status.ready()).isEqualTo("3/3");
        assertThat(status.offset()).isEqualTo(100);
        assertThat(status.lag()).isEqualTo(5);
        assertThat(status.memberSummary()).isEqualTo("g-0:replica@95 g-1:master@100 g-2:replica@101");
        assertThat(status.selector()).isEqualTo("redis-replication.dev/group=g");
        assertThat(status.members().get(0))
                .isEqualTo(new MemberStatus("g-0", "replica", "10.0.0.0:6379", 95L, 5L, "up", "r"));
        assertThat(status.members().get(2).lag()).as("never ahead").isZero();
        assertThat(status.conditions()).allSatisfy(c -> {
            assertThat(c.getStatus()).isEqualTo("True");
            assertThat(c.getObservedGeneration()).isEqualTo(7);
            assertThat(c.getLastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
        });
    }

    private static MemberView full(MemberView member) {
        NodeFacts f = member.facts();
        NodeFacts facts = new NodeFacts(
                f.role(),
                f.term(),
                f.history(),
                f.offset(),
                f.runId(),
                f.startedAt(),
                f.masterHost(),
                f.linkUp(),
                f.masterSilentMs(),
                f.syncInProgress(),
                f.loading(),
                f.connectedReplicas(),
                f.leaseMs(),
                f.handingOver(),
                "No space left on device",
                f.clock(),
                0);
        return new MemberView(
                member.name(),
                member.ordinal(),
                member.pod(),
                member.link(),
                facts,
                member.askedAt(),
                member.answeredAt());
    }

    @Test
    void aMemberThatCannotKeepDataIsNamed() {
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                HEALTHY,
                full(member(0, ManagedRole.REPLICA, 95, true)),
                member(1, ManagedRole.MASTER, 100, false),
                member(2, ManagedRole.REPLICA, 95, true));
        assertThat(status.phase()).isEqualTo(Phase.Degraded);
        Condition kept = condition(status, "DataKept");
        assertThat(kept.getStatus()).isEqualTo("False");
        assertThat(kept.getReason()).isEqualTo("MembersCannotPersist");
        assertThat(kept.getMessage()).isEqualTo("g-0: No space left on device");
        assertThat(StorageCondition.problems(status)).isEqualTo("g-0: No space left on device");
        assertThat(condition(status, "Ready").getMessage()).contains("g-0: No space left on device");
        assertThat(condition(status, "Serving").getStatus()).isEqualTo("True");
        assertThat(StorageCondition.problems(healthy(1))).isEmpty();
    }

    @Test
    void aMasterThatCannotKeepDataDoesNotServe() {
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                new Finding(Situation.MasterCannotPersist, "g-1 takes no writes", "", "", ""),
                member(0, ManagedRole.REPLICA, 95, true),
                full(member(1, ManagedRole.MASTER, 100, false)),
                member(2, ManagedRole.REPLICA, 95, true));
        assertThat(status.phase()).isEqualTo(Phase.Degraded);
        assertThat(condition(status, "Serving").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Serving").getReason()).isEqualTo("MasterCannotPersist");
        assertThat(condition(status, "Ready").getReason()).isEqualTo("MasterCannotPersist");
    }

    @Test
    void aScaleDownThatWaitsForTheMasterIsSaid() {
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                new Finding(Situation.MasterBeyondSpec, "g-1 has to stay", "", "", ""),
                member(0, ManagedRole.REPLICA, 95, true),
                member(1, ManagedRole.MASTER, 100, false),
                member(2, ManagedRole.REPLICA, 95, true));
        Condition spec = condition(status, "SpecValid");
        assertThat(spec.getStatus()).isEqualTo("False");
        assertThat(spec.getReason()).isEqualTo("MasterBeyondSpec");
        assertThat(spec.getMessage()).isEqualTo("g-1 has to stay");
        assertThat(condition(status, "Certain").getStatus()).isEqualTo("True");
    }

    @Test
    void whatKeepsAMemberFromServingIsSaid() {
        MemberView failing = new MemberView(
                "g-2",
                2,
                new PodView("u2", 0, false, false, "", RoleLabel.ABSENT, "CrashLoopBackOff: unknown directive"),
                Link.REFUSED,
                null,
                1,
                1);
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                HEALTHY,
                member(0, ManagedRole.REPLICA, 95, true),
                member(1, ManagedRole.MASTER, 100, false),
                failing);
        assertThat(condition(status, "Ready").getMessage())
                .isEqualTo("2 of 3 members serve; g-2: CrashLoopBackOff: unknown directive");
    }

    private static MemberView denying(int ordinal, String denial) {
        MemberView away = member(ordinal, null, 0, false);
        return new MemberView(
                away.name(), ordinal, away.pod(), Link.DENIED, null, away.askedAt(), away.answeredAt(), denial);
    }

    @Test
    void whoDoesNotLetTheOperatorInIsNamedWithItsWords() {
        Finding finding = new Finding(Situation.PasswordMismatch, "why", "", "", "");
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                finding,
                denying(0, "WRONGPASS invalid username-password pair or user is disabled."),
                denying(1, "NOPERM no info"),
                member(2, ManagedRole.REPLICA, 95, true));
        Condition accepted = condition(status, "PasswordAccepted");
        assertThat(accepted.getStatus()).isEqualTo("False");
        assertThat(accepted.getReason()).isEqualTo("PasswordMismatch");
        assertThat(accepted.getMessage())
                .isEqualTo(
                        "g-0 (WRONGPASS invalid username-password pair or user is disabled.), g-1 (NOPERM no info): these"
                                + " take none of the passwords that are known, or the user default is off there");
        Condition forbidden = condition(
                compose(
                        before("g-1"),
                        new Finding(Situation.PermissionDenied, "why", "", "", ""),
                        member(0, ManagedRole.REPLICA, 95, true),
                        denying(1, "NOPERM no info"),
                        member(2, ManagedRole.REPLICA, 95, true)),
                "PasswordAccepted");
        assertThat(forbidden.getReason()).isEqualTo("PermissionDenied");
        assertThat(forbidden.getMessage())
                .isEqualTo(
                        "g-1 (NOPERM no info): these forbid the operator what it needs, by the rules of the user default");
        assertThat(condition(status, "Certain").getStatus()).isEqualTo("False");
    }

    @Test
    void aMissingReplicaDegrades() {
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                HEALTHY,
                member(0, ManagedRole.REPLICA, 95, true),
                member(1, ManagedRole.MASTER, 100, false),
                member(2, null, 0, false));
        assertThat(status.phase()).isEqualTo(Phase.Degraded);
        assertThat(status.ready()).isEqualTo("2/3");
        assertThat(status.members().get(2).role()).isEqualTo("unknown");
        assertThat(condition(status, "Ready").getMessage()).contains("2 of 3");
        assertThat(condition(status, "Serving").getStatus()).isEqualTo("True");
    }

    @Test
    void anUncertainViewSaysSo() {
        Finding finding = new Finding(Situation.MasterUnreachableByOperatorOnly, "replicas still hear it", "", "", "");
        RedisReplicationGroupStatus status = compose(
                before("g-1"),
                finding,
                member(0, ManagedRole.REPLICA, 95, true),
                member(1, null, 0, false),
                member(2, ManagedRole.REPLICA, 95, true));
        assertThat(status.phase()).isEqualTo(Phase.Waiting);
        assertThat(condition(status, "Certain"))
                .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
                .containsExactly("False", "MasterUnreachableByOperatorOnly", "replicas still hear it");
        assertThat(condition(status, "Serving").getStatus()).isEqualTo("Unknown");
    }

    @Test
    void withoutATermItIsPendingAndWithoutAMasterItFailsOver() {
        MemberView[] none = {member(0, null, 0, false), member(1, null, 0, false), member(2, null, 0, false)};
        assertThat(compose(RedisReplicationGroupStatus.empty(), HEALTHY, none).phase())
                .isEqualTo(Phase.Pending);
        RedisReplicationGroupStatus lost =
                StatusDraft.of(before("g-0")).master("g-0", "u0").noMaster().build();
        assertThat(compose(lost, HEALTHY, none).phase()).isEqualTo(Phase.FailingOver);
        // Terms in which nobody has led yet are a start.
        assertThat(compose(before(null), HEALTHY, none).phase()).isEqualTo(Phase.Pending);
    }

    @Test
    void conditionsKeepTheTimeOfTheirTransition() {
        RedisReplicationGroupStatus first = healthy(100);
        RedisReplicationGroupStatus later = StatusComposer.compose(
                first,
                view(
                        member(0, ManagedRole.REPLICA, 95, false),
                        member(1, ManagedRole.MASTER, 100, false),
                        member(2, ManagedRole.REPLICA, 100, true)),
                HEALTHY,
                "g",
                6379,
                8,
                NOW.plusSeconds(60));
        assertThat(condition(later, "Ready").getLastTransitionTime()).isEqualTo("2026-11-01T12:01:00Z");
        assertThat(condition(later, "Serving").getLastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
    }

    @Test
    void aSpecProblemIsACondition() {
        RedisReplicationGroupStatus status =
                compose(before("g-1"), new Finding(Situation.Healthy, "", "SecretMissing", "no Secret x", ""));
        assertThat(condition(status, "SpecValid"))
                .extracting(Condition::getStatus, Condition::getReason, Condition::getMessage)
                .containsExactly("False", "SecretMissing", "no Secret x");
    }

    @Test
    void figuresAloneAreNoFacts() {
        assertThat(StatusChange.between(healthy(100), healthy(100))).isEqualTo(StatusChange.NONE);
        assertThat(StatusChange.between(healthy(100), healthy(200))).isEqualTo(StatusChange.FIGURES);
        RedisReplicationGroupStatus degraded = compose(
                before("g-1"),
                HEALTHY,
                member(0, ManagedRole.REPLICA, 95, false),
                member(1, ManagedRole.MASTER, 100, false),
                member(2, ManagedRole.REPLICA, 101, true));
        assertThat(StatusChange.between(healthy(100), degraded)).isEqualTo(StatusChange.FACTS);
    }
}
