package dev.redisreplication.operator.status;

import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;

/** How much a status differs from the one written last. */
public enum StatusChange {
    /** Not at all. */
    NONE,
    /** Only in figures that grow with each write of a client, and in messages. */
    FIGURES,
    /** In something that somebody may wait for. */
    FACTS;

    /** Compares two statuses. */
    public static StatusChange between(RedisReplicationGroupStatus before, RedisReplicationGroupStatus after) {
        if (before.equals(after)) {
            return NONE;
        }
        return withoutFigures(before).equals(withoutFigures(after)) ? FIGURES : FACTS;
    }

    private static RedisReplicationGroupStatus withoutFigures(RedisReplicationGroupStatus status) {
        List<MemberStatus> members = status.members().stream()
                .map(m -> new MemberStatus(m.name(), m.role(), m.address(), null, null, m.link(), m.replid()))
                .toList();
        List<Condition> conditions = status.conditions().stream()
                .map(c -> new ConditionBuilder(c).withMessage("").build())
                .toList();
        return StatusDraft.of(status)
                .figures(null, status.ready(), null)
                .members(members, null)
                .conditions(conditions, status.observedGeneration() == null ? 0 : status.observedGeneration())
                .build();
    }
}
