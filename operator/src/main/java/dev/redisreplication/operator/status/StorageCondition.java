package dev.redisreplication.operator.status;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.stream.Collectors;

/** The condition that names the members that cannot keep data. */
public final class StorageCondition {

    static final String TYPE = "DataKept";
    static final String REASON = "MembersCannotPersist";

    private StorageCondition() {}

    /** Each member that cannot keep data, and why, in one sentence; "" if all can. */
    static String problems(GroupView view) {
        return view.members().stream()
                .filter(StorageCondition::cannotKeepData)
                .map(member -> member.name() + ": " + member.facts().storageError())
                .collect(Collectors.joining("; "));
    }

    private static boolean cannotKeepData(MemberView member) {
        return member.link() == Link.OK
                && member.facts() != null
                && !member.facts().keepsData();
    }

    /** What a status says of it, "" if all members keep their data. */
    public static String problems(RedisReplicationGroupStatus status) {
        return status.conditions().stream()
                .filter(condition -> TYPE.equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(Condition::getMessage)
                .findFirst()
                .orElse("");
    }
}
