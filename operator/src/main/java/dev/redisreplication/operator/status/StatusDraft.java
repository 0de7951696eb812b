package dev.redisreplication.operator.status;

import dev.redisreplication.api.v1alpha1.HistoryStatus;
import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.LeaseStatus;
import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.Phase;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.api.v1alpha1.SwitchoverStatus;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** A status in the making: begins as a copy, fields are replaced one by one. Not thread-safe. */
public final class StatusDraft {

    private Phase phase;
    private String master;
    private String masterUid;
    private Long offset;
    private String ready;
    private Long lag;
    private Long term;
    private HistoryStatus history;
    private LeaseStatus lease;
    private List<MemberStatus> members;
    private String memberSummary;
    private Integer replicas;
    private String selector;
    private List<Condition> conditions;
    private Long observedGeneration;
    private LastFailover lastFailover;
    private SwitchoverStatus switchover;

    private StatusDraft(RedisReplicationGroupStatus from) {
        phase = from.phase();
        master = from.master();
        masterUid = from.masterUid();
        offset = from.offset();
        ready = from.ready();
        lag = from.lag();
        term = from.term();
        history = from.history();
        lease = from.lease();
        members = from.members();
        memberSummary = from.memberSummary();
        replicas = from.replicas();
        selector = from.selector();
        conditions = from.conditions();
        observedGeneration = from.observedGeneration();
        lastFailover = from.lastFailover();
        switchover = from.switchover();
    }

    /** Begins as a copy. */
    public static StatusDraft of(RedisReplicationGroupStatus from) {
        return new StatusDraft(from);
    }

    public StatusDraft phase(Phase value) {
        phase = value;
        return this;
    }

    /** There is none while it changes; which pod it was last stays. */
    public StatusDraft noMaster() {
        master = null;
        return this;
    }

    /**
     * There is a master.
     *
     * @param uid of its pod
     */
    public StatusDraft master(String value, String uid) {
        master = value;
        masterUid = uid;
        return this;
    }

    public StatusDraft term(long value) {
        term = value;
        return this;
    }

    public StatusDraft history(History value) {
        history = new HistoryStatus(value.replid(), value.replid2(), value.secondOffset());
        return this;
    }

    /** Null for none. */
    public StatusDraft lease(LeaseGrant grant) {
        lease = grant == null ? null : new LeaseStatus(grant.ttlMs(), grant.replicas());
        return this;
    }

    public StatusDraft lastFailover(LastFailover value) {
        lastFailover = value;
        return this;
    }

    /** What became of a planned switchover. */
    public StatusDraft switchover(SwitchoverStatus value) {
        switchover = value;
        return this;
    }

    /** Offset of the master, members that serve, largest lag. */
    public StatusDraft figures(Long offsetNow, String readyNow, Long lagNow) {
        offset = offsetNow;
        ready = readyNow;
        lag = lagNow;
        return this;
    }

    public StatusDraft members(List<MemberStatus> value, String summary) {
        members = value;
        memberSummary = summary;
        return this;
    }

    /**
     * What the scale subresource tells.
     *
     * @param count of the pods that there are
     * @param labels that select them, as {@code key=value}
     */
    public StatusDraft scale(int count, String labels) {
        replicas = count;
        selector = labels;
        return this;
    }

    public StatusDraft conditions(List<Condition> value, long generation) {
        conditions = value;
        observedGeneration = generation;
        return this;
    }

    /** The status. */
    public RedisReplicationGroupStatus build() {
        return new RedisReplicationGroupStatus(
                phase,
                master,
                masterUid,
                offset,
                ready,
                lag,
                term,
                history,
                lease,
                members,
                memberSummary,
                replicas,
                selector,
                conditions,
                observedGeneration,
                lastFailover,
                switchover);
    }
}
