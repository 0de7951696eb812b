package dev.redisreplication.operator.status;

import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.Phase;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together a group's status from what is seen. Pure. */
public final class StatusComposer {

    /**
     * What the operator makes of the group now.
     *
     * @param situation of the last decision
     * @param message of the last decision, "" for none
     * @param specProblem why the spec cannot be carried out, "" if it can
     * @param specReason the same in one word
     * @param rotation what is to be said of a password that is being replaced, "" when none is
     */
    public record Finding(
            Situation situation, String message, String specReason, String specProblem, String rotation) {}

    private static final Set<Situation> UNCERTAIN = Set.of(
            Situation.PodsUnknown,
            Situation.NobodyAnswers,
            Situation.MasterUnreachableByOperatorOnly,
            Situation.MasterSilent,
            Situation.NoCandidate,
            Situation.PasswordMismatch,
            Situation.PermissionDenied);

    private static final String MISMATCH =
            ": these take none of the passwords that are known, or the user default is off there";
    private static final String FORBIDDEN =
            ": these forbid the operator what it needs, by the rules of the user default";

    private StatusComposer() {}

    /**
     * The status that says what is seen.
     *
     * @param before the status as it stands; what decisions own (term, master, history, lease, lastFailover) is kept
     * @param name of the group
     * @param generation of the spec acted on
     */
    public static RedisReplicationGroupStatus compose(
            RedisReplicationGroupStatus before,
            GroupView view,
            Finding finding,
            String name,
            int port,
            long generation,
            Instant now) {
        MemberView master = view.member(before.master() == null ? "" : before.master())
                .filter(member -> serves(member, ManagedRole.MASTER))
                .filter(member -> Objects.equals(member.facts().term(), before.term()))
                .orElse(null);
        Long offset =
                master == null ? before.offset() : Long.valueOf(master.facts().offset());
        List<MemberStatus> members = view.members().stream()
                .map(member -> member(member, master, port))
                .toList();
        int serving = 0;
        long lag = 0;
        for (MemberStatus member : members) {
            boolean follows = "up".equals(member.link());
            if (follows || (master != null && member.name().equals(master.name()))) {
                serving++;
            }
            if (follows && member.lag() != null) {
                lag = Math.max(lag, member.lag());
            }
        }
        int wanted = view.spec().replicas();
        String storage = StorageCondition.problems(view);
        boolean complete = master != null && serving >= wanted && storage.isEmpty();
        Phase phase = phase(before, view, finding, complete);
        return StatusDraft.of(before)
                .phase(phase)
                .figures(offset, serving + "/" + wanted, before.term() == null ? null : Long.valueOf(lag))
                .members(members, summary(members))
                .scale(
                        (int) view.members().stream()
                                .filter(member -> member.pod() != null)
                                .count(),
                        Labels.selectorText(name))
                .conditions(
                        conditions(
                                before,
                                view,
                                finding,
                                phase,
                                master,
                                complete,
                                serving,
                                wanted,
                                storage,
                                generation,
                                now),
                        generation)
                .build();
    }

    private static boolean serves(MemberView member, ManagedRole role) {
        return member.link() == Link.OK
                && member.facts() != null
                && member.facts().role() == role;
    }

    private static Phase phase(RedisReplicationGroupStatus before, GroupView view, Finding finding, boolean complete) {
        if (before.term() == null || before.term() == 0 || StatusViews.isBeginning(before)) {
            return Phase.Pending;
        }
        if (UNCERTAIN.contains(finding.situation())) {
            return Phase.Waiting;
        }
        if (before.master() == null || view.transition() != null) {
            return finding.situation() == Situation.WaitingForMembers ? Phase.Waiting : Phase.FailingOver;
        }
        return complete ? Phase.Ready : Phase.Degraded;
    }

    private static MemberStatus member(MemberView member, MemberView master, int port) {
        NodeFacts facts = member.facts();
        String address = member.pod() == null || member.pod().ip().isEmpty()
                ? null
                : member.pod().ip() + ":" + port;
        if (facts == null || member.link() != Link.OK) {
            return new MemberStatus(
                    member.name(),
                    "unknown",
                    address,
                    facts == null ? null : facts.offset(),
                    null,
                    null,
                    facts == null ? null : facts.history().replid());
        }
        boolean replica = facts.role() == ManagedRole.REPLICA;
        String link = !replica ? null : facts.linkUp() ? "up" : facts.syncInProgress() ? "sync" : "down";
        // Both offsets are of slightly different moments; a replica cannot be ahead.
        Long lag = replica && master != null ? Math.max(0, master.facts().offset() - facts.offset()) : null;
        return new MemberStatus(
                member.name(),
                facts.role().name().toLowerCase(Locale.ROOT),
                address,
                facts.offset(),
                lag,
                link,
                facts.history().replid());
    }

    private static String summary(List<MemberStatus> members) {
        return String.join(
                " ",
                members.stream()
                        .map(member -> member.name() + ":" + member.role()
                                + (member.offset() == null ? "" : "@" + member.offset()))
                        .toList());
    }

    private static List<Condition> conditions(
            RedisReplicationGroupStatus before,
            GroupView view,
            Finding finding,
            Phase phase,
            MemberView master,
            boolean complete,
            int serving,
            int wanted,
            String storage,
            long generation,
            Instant now) {
        boolean certain = !UNCERTAIN.contains(finding.situation());
        boolean writable = master == null || master.facts().keepsData();
        boolean leased = master != null && master.facts().leaseMs() > 0 && writable;
        String situation = finding.situation().name();
        String why = finding.message();
        String troubles = troubles(view);
        Condition ready = condition(
                before,
                "Ready",
                complete && phase == Phase.Ready ? "True" : "False",
                complete && phase == Phase.Ready
                        ? "AllMembersServe"
                        : finding.situation() == Situation.Healthy ? phase.name() : situation,
                complete
                        ? ""
                        : serving + " of " + wanted + " members serve" + (why.isEmpty() ? "" : "; " + why)
                                + (storage.isEmpty() || why.contains(storage) ? "" : "; " + storage) + troubles,
                generation,
                now);
        Condition serves = condition(
                before,
                "Serving",
                master == null && !certain ? "Unknown" : leased ? "True" : "False",
                leased
                        ? "MasterHasLease"
                        : master == null ? situation : writable ? "NoLease" : Situation.MasterCannotPersist.name(),
                leased ? master.name() + " accepts writes" : why.isEmpty() ? storage : why,
                generation,
                now);
        Condition sure = condition(
                before, "Certain", certain ? "True" : "False", situation, certain ? "" : why, generation, now);
        // A smaller group has to wait while its master is one of those that would go.
        boolean heldBack = finding.specProblem().isEmpty() && finding.situation() == Situation.MasterBeyondSpec;
        String specProblem = heldBack ? why : finding.specProblem();
        String specReason = heldBack ? situation : finding.specReason();
        Condition spec = condition(
                before,
                "SpecValid",
                specProblem.isEmpty() ? "True" : "False",
                specProblem.isEmpty() ? "Valid" : specReason,
                specProblem,
                generation,
                now);
        Condition kept = condition(
                before,
                StorageCondition.TYPE,
                storage.isEmpty() ? "True" : "False",
                storage.isEmpty() ? "AllMembersKeepData" : StorageCondition.REASON,
                storage,
                generation,
                now);
        return List.of(ready, serves, sure, spec, kept, passwords(before, view, finding, generation, now));
    }

    private static Condition passwords(
            RedisReplicationGroupStatus before, GroupView view, Finding finding, long generation, Instant now) {
        List<MemberView> deniers = view.members().stream()
                .filter(member -> !member.denial().isEmpty())
                .toList();
        String denied = deniers.stream().map(MemberView::nameWithDenial).collect(Collectors.joining(", "));
        boolean forbidden = deniers.stream().allMatch(MemberView::forbids);
        boolean turning = !finding.rotation().isEmpty();
        return condition(
                before,
                "PasswordAccepted",
                denied.isEmpty() ? "True" : "False",
                denied.isEmpty()
                        ? turning ? "RotationUnderWay" : "Accepted"
                        : (forbidden ? Situation.PermissionDenied : Situation.PasswordMismatch).name(),
                denied.isEmpty() ? finding.rotation() : denied + (forbidden ? FORBIDDEN : MISMATCH),
                generation,
                now);
    }

    /** What keeps members from serving, as the scheduler, the kubelet or the node itself says it. */
    private static String troubles(GroupView view) {
        return view.members().stream()
                .filter(member ->
                        member.pod() != null && !member.pod().trouble().isEmpty())
                .map(member -> "; " + member.name() + ": " + member.pod().trouble())
                .collect(Collectors.joining());
    }

    private static Condition condition(
            RedisReplicationGroupStatus before,
            String type,
            String status,
            String reason,
            String message,
            long generation,
            Instant now) {
        String since = before.conditions().stream()
                .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }
}
