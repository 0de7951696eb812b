package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.Goal;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.List;
import java.util.Map;

/** One thing to do now, or why nothing is done. Carried out in the order of the list that {@link Decider#decide} gives. */
public sealed interface Decision {

    /** A member and the process meant: an order goes out only on a connection where this run id answered. */
    record Target(String member, String runId) {}

    /**
     * A member compared for promotion.
     *
     * @param note why it was not eligible, "" if it was
     */
    record Candidate(String member, long offset, String replid, String note) {}

    /** All is well, or nothing may be done. */
    record Nothing(Situation situation, String message) implements Decision {}

    /**
     * A failover, or the first start, waits.
     *
     * @param untilMs when to decide again at the latest (operator's monotonic ms), -1 for whenever something changes
     */
    record Wait(Situation situation, String message, long untilMs) implements Decision {}

    /**
     * Write status {term, master "", phase FailingOver, grant} with the resource version of the view; nothing else is
     * sent before that is confirmed. On success a transition of this process begins; on conflict look anew.
     */
    record BeginTerm(
            long term,
            Reason reason,
            String from,
            Suspects suspects,
            LeaseGrant grant,
            String message,
            TransitionView.Plan plan)
            implements Decision {
        /** A failover. */
        public BeginTerm(long term, Reason reason, String from, Suspects suspects, LeaseGrant grant, String message) {
            this(term, reason, from, suspects, grant, message, null);
        }
    }

    /**
     * LEASE YIELD term milliseconds to the master: writes are held back, so that the target can have all that the master has.
     *
     * @param from the master
     * @param to pod that shall take over
     * @param lag bytes that it lacks now, as far as that was seen
     */
    record Yield(long term, Target from, String to, long milliseconds, Goal goal, long lag) implements Decision {}

    /**
     * The attempt that is under way comes to nothing: LEASE RESUME term to the master, and a rest before the next try.
     */
    record GiveUp(long term, Target from, String message) implements Decision {}

    /** An order for a switchover is over before anything was done: it cannot be carried out, or need not be. */
    record Settle(Goal goal, boolean refused, String message) implements Decision {}

    /** LEASE FENCE term to each of them. */
    record Fence(long term, List<Target> targets) implements Decision {
        public Fence {
            targets = List.copyOf(targets);
        }
    }

    /**
     * REPLICAOF NO ONE TERM term [FORCE], then INFO at once (its new history is wanted for {@link Adopt}).
     *
     * @param force also if it cannot keep data
     * @param candidates all that were compared, the chosen one included
     * @param clearedBy why the old master cannot acknowledge any more
     * @param loss what the old master had beyond the promoted offset
     */
    record Promote(long term, Target target, boolean force, List<Candidate> candidates, ClearedBy clearedBy, Loss loss)
            implements Decision {
        public Promote {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * Write status {term, master, uid of its pod, history} with the resource version of the view: that member was promoted, by this
     * process or one before it. On success the transition, if any, is over, and the first LEASE RENEW is due at once.
     */
    record Adopt(long term, String master, String masterPod, History history) implements Decision {}

    /** REPLICAOF host 6379 TERM term to the target. */
    record Attach(long term, Target target, String master, String host) implements Decision {}

    /**
     * Set these role labels, all at once, only those that differ from what the pods have. Nothing waits for it: the next
     * decision repeats it until the pods have them.
     */
    record Route(Map<String, RoleLabel> labels) implements Decision {}

    /** Write this grant to status: RENEW may carry only what status allows. */
    record Regrant(LeaseGrant grant) implements Decision {}

    /**
     * Write this history to status before anybody is promoted: a master began it that status never named. Nothing was written
     * in it, but the next master's history knows only the one directly before it.
     */
    record Inherit(History history) implements Decision {}

    /** Why another master was sought. */
    enum Reason {
        FirstStart,
        MasterRestarted,
        MasterDead,
        MasterUnreachable,
        /** Its pod is gone, or another one took its name. */
        MasterGone,
        MasterLostRole,
        /** It was told to end, holds writes back, and a replica has all that it has. */
        MasterEnding,
        /** It cannot keep data, refuses writes therefore, and a replica that can keep them has all that it has. */
        MasterCannotPersist,
        /** It was well, and somebody else was to be master: it held writes back until that one had all that it has. */
        Switchover,
        ChangeInterrupted,
        PromotionUnknown,
        TermsDisagree
    }

    /** Why the old master cannot acknowledge a write any more. */
    enum ClearedBy {
        NoMaster,
        SteppedDown,
        ProcessEnded,
        LeaseExpired
    }

    /** Where the group stands; the reason of a condition. */
    enum Situation {
        Healthy,
        NotLeader,
        PodsUnknown,
        NobodyAnswers,
        MasterUnreachableByOperatorOnly,
        /** The master holds writes back until the one that shall take over has all that it has. */
        SwitchingOver,
        /** Another one shall be master, and that is not possible now. */
        SwitchoverWaits,
        /** The master's ordinal is beyond spec.replicas: the scale-down has to wait. */
        MasterBeyondSpec,
        MasterSilent,
        /** It was told to end, and no replica has all that it has yet. */
        MasterEnding,
        /** It refuses writes as it cannot keep them, and nobody else is better. */
        MasterCannotPersist,
        /** Members that matter now take none of the passwords that the operator knows. */
        PasswordMismatch,
        /** Members that matter now forbid the operator what it needs, by the rules of the default user. */
        PermissionDenied,
        WaitingForMembers,
        WaitingForFence,
        WaitingForLease,
        WaitingForPromotion,
        NoCandidate
    }
}
