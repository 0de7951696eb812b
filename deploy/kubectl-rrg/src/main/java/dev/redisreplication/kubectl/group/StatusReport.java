package dev.redisreplication.kubectl.group;

import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.kubectl.group.LiveGroup.Member;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;

/**
 * A group at one moment. Absent figures are null.
 *
 * @param live whether the members' figures come from the nodes themselves; otherwise they are those of the status, which may be ten
 *     seconds old
 * @param note why they are not
 */
public record StatusReport(
        String namespace,
        String name,
        String phase,
        String master,
        Long term,
        int wanted,
        boolean live,
        String note,
        List<MemberReport> members,
        List<ConditionReport> conditions,
        LastFailover lastFailover) {

    /** A member. */
    public record MemberReport(
            String pod,
            String role,
            Long offset,
            Long lag,
            String link,
            Long leaseMs,
            String node,
            Integer restarts,
            String startedAt,
            String problem) {}

    /** A condition of the status. */
    public record ConditionReport(String type, String status, String reason, String message, String since) {}

    /** From the nodes. */
    public static StatusReport of(Found found, RedisReplicationGroup group, List<Member> members) {
        long head = members.stream()
                .filter(m -> m.role().equals("master"))
                .mapToLong(Member::offset)
                .max()
                .orElse(-1);
        return of(
                found,
                group,
                true,
                null,
                members.stream().map(member -> member(member, head)).toList());
    }

    /** From the status alone. */
    public static StatusReport of(Found found, RedisReplicationGroup group, String note) {
        List<Pod> pods = found.pods();
        return of(
                found,
                group,
                false,
                note,
                group.getStatus().members().stream()
                        .map(member -> member(member, pods))
                        .toList());
    }

    private static StatusReport of(
            Found found, RedisReplicationGroup group, boolean live, String note, List<MemberReport> members) {
        RedisReplicationGroupStatus status = group.getStatus();
        return new StatusReport(
                found.namespace(),
                found.name(),
                status.phase() == null ? "Pending" : status.phase().name(),
                status.master(),
                status.term(),
                group.getSpec().replicas(),
                live,
                note,
                members,
                status.conditions().stream().map(StatusReport::condition).toList(),
                status.lastFailover());
    }

    private static ConditionReport condition(Condition c) {
        return new ConditionReport(
                c.getType(), c.getStatus(), c.getReason(), c.getMessage(), c.getLastTransitionTime());
    }

    private static MemberReport member(Member member, long head) {
        boolean replica = member.role().equals("replica");
        boolean answers = member.problem().isEmpty();
        String problem = !answers ? member.problem() : member.info().getOrDefault("storage_error", "");
        return new MemberReport(
                member.name(),
                member.role().isEmpty() ? "unknown" : member.role(),
                answers ? known(member.offset()) : null,
                replica && head >= 0 ? Long.valueOf(Math.max(0, head - member.offset())) : null,
                replica ? link(member) : null,
                member.role().equals("master") ? known(member.number("lease_ms")) : null,
                member.pod().getSpec().getNodeName(),
                restarts(member.pod()),
                member.pod().getStatus().getStartTime(),
                problem.isEmpty() ? null : problem);
    }

    private static String link(Member member) {
        if (member.info().getOrDefault("master_link_status", "").equals("up")) {
            return "up";
        }
        return member.number("master_sync_in_progress") == 1 ? "sync" : "down";
    }

    private static MemberReport member(MemberStatus member, List<Pod> pods) {
        Pod pod = pods.stream()
                .filter(p -> p.getMetadata().getName().equals(member.name()))
                .findFirst()
                .orElse(null);
        return new MemberReport(
                member.name(),
                member.role(),
                member.offset(),
                member.lag(),
                member.link(),
                null,
                pod == null ? null : pod.getSpec().getNodeName(),
                pod == null ? null : restarts(pod),
                pod == null ? null : pod.getStatus().getStartTime(),
                pod == null ? "there is no such pod" : null);
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private static Integer restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .mapToInt(c -> Objects.requireNonNullElse(c.getRestartCount(), 0))
                .sum();
    }
}
