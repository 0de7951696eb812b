package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What the operator observed and did. The operator alone writes it. Every field may be null until it is first known; lists are never null. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RedisReplicationGroupStatus(
        @JsonPropertyDescription(
                "Pending: no master yet. Ready: the master serves and all replicas follow. Degraded: the master serves,"
                        + " a replica does not follow. FailingOver: another master is being put in place. Waiting: see the conditions.")
        Phase phase,

        @JsonPropertyDescription("Pod that is the master; absent while it changes.")
        String master,

        @JsonPropertyDescription(
                "The uid of the pod that was named master last; kept while the master changes. It tells an operator that"
                        + " starts then whether the present pod of that name is another, and the old process may still run.")
        String masterUid,

        @JsonPropertyDescription(
                "Offset of the master in the replication stream, in bytes; written at most once in 10 s while"
                        + " nothing else changes.")
        Long offset,

        @JsonPropertyDescription("Members that serve, of those wanted: the master and each replica whose link is up.")
        String ready,

        @JsonPropertyDescription("Bytes by which the replica farthest behind is behind the master.")
        Long lag,

        @JsonPropertyDescription(
                "Number of the current term; each failover or switchover makes it greater by one, before any node is told.")
        Long term,

        @JsonPropertyDescription("The replication history that the group's master writes.")
        HistoryStatus history,

        @JsonPropertyDescription(
                "The longest lease that the master of this term may have been given; bounds it when the operator restarts.")
        LeaseStatus lease,

        @JsonPropertyDescription("All members in order of their names.")
        List<MemberStatus> members,

        @JsonPropertyDescription("The members in one line, for kubectl get -o wide.")
        String memberSummary,

        @JsonPropertyDescription("Pods that there are, for kubectl scale and autoscalers.") @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Which labels the group's pods have, for autoscalers.") @LabelSelector
        String selector,

        @JsonPropertyDescription(
                "Ready: the master serves and all replicas follow and keep their data. Serving: a master accepts writes. Certain: the"
                        + " operator's view is good enough to act on. SpecValid: the spec can be carried out. DataKept: all"
                        + " members can write to their disks. PasswordAccepted: no member refuses every password that the"
                        + " operator knows.")
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that the operator last acted on.")
        Long observedGeneration,

        @JsonPropertyDescription("The last failover or switchover, step by step.")
        LastFailover lastFailover,

        @JsonPropertyDescription("What became of the planned switchover that was tried or asked for last.")
        SwitchoverStatus switchover) {

    public RedisReplicationGroupStatus {
        members = members == null ? List.of() : List.copyOf(members);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The status of a group that nobody has looked at yet. */
    public static RedisReplicationGroupStatus empty() {
        return new RedisReplicationGroupStatus(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
