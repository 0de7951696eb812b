package dev.redisreplication.operator.ledger;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.PromoteView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that this process remembers of one group. Each method takes in one thing that happened; times are the operator's monotonic
 * milliseconds. Only the group's loop calls it.
 */
public final class Ledger {

    private final LeaseBook leases = new LeaseBook();
    private final Attachments attachments = new Attachments();
    private final Moves moves = new Moves();
    /** Run id of the process that answered last, by member. */
    private final Map<String, String> processes = new TreeMap<>();

    private StatusView status = new StatusView(0, "", "", History.UNKNOWN, null);
    private TransitionView transition;
    private MasterProcess master;
    private boolean leader;
    private long steadySince;
    private long lastTurn;

    /** Begins to turn now. */
    public Ledger(long now) {
        steadySince = now;
        lastTurn = now;
    }

    // --- time and leadership

    /**
     * The loop turns.
     *
     * @param leads whether this process leads, by its own clock
     * @param since since when, if it does
     * @param leaseMs a gap of more than half of it is a pause: what was not heard then is no evidence
     */
    public void turned(long now, boolean leads, long since, long leaseMs) {
        if (now - lastTurn > leaseMs / 2 || !leads) {
            steadySince = now;
        }
        lastTurn = now;
        leader = leads;
        if (leads) {
            steadySince = Math.max(steadySince, since);
            leases.gone("", since);
        } else {
            transition = null;
        }
        if (status.grant() != null) {
            leases.bound(since + status.grant().ttlMs());
        }
    }

    // --- what the API server shows

    /** The status; the caller sees to it that it is never older than this process' own last write. */
    public void status(StatusView now) {
        if (now.term() != status.term()) {
            leases.newTerm();
            moves.newTerm(now.term());
        }
        status = now;
        if (transition != null && transition.term() != now.term()) {
            transition = null;
        }
    }

    /** The pods, and what they were before. */
    public void pods(Map<String, PodView> before, Map<String, PodView> pods, long now) {
        attachments.pods(pods, master == null ? "" : master.podUid(), status.master());
        if (master != null && !master.ended()) {
            PodView pod = pods.get(master.member());
            if (pod != null && pod.provesEnd(master.podUid(), master.startedAt())) {
                master = master.asEnded();
            }
        }
        // Who ended may have voted until now; a pod that only shows a new end counts too, whoever it was.
        before.forEach((name, was) -> {
            PodView pod = pods.get(name);
            boolean gone = pod == null
                    || !pod.uid().equals(was.uid())
                    || pod.endedBefore() > was.endedBefore()
                    || pod.over() != was.over();
            if (gone) {
                leases.gone(was.uid(), now);
            }
        });
    }

    // --- what nodes say

    /** A member answered. */
    public void answered(String member, String podUid, NodeFacts facts, long now) {
        attachments.answered(podUid, facts);
        String before = processes.put(member, facts.runId());
        if (!facts.runId().equals(before)) {
            // Also at its first answer: one before it may have ended unseen.
            leases.gone(podUid, now);
        }
        if (status.term() == 0 || facts.term() != status.term()) {
            return;
        }
        // During a change the old master is remembered as it was.
        if (facts.role() == ManagedRole.MASTER && transition == null) {
            boolean ended = master != null && master.ended() && master.runId().equals(facts.runId());
            master = new MasterProcess(
                    member,
                    facts.term(),
                    podUid,
                    facts.startedAt(),
                    facts.runId(),
                    facts.history(),
                    facts.offset(),
                    facts.ends(),
                    ended);
        }
    }

    // --- leases

    /** A RENEW is about to leave that echoes the clock of an answer received at that time. */
    public void renewing(LeaseGrant grant, long clockReceivedAt) {
        leases.sending(grant, clockReceivedAt);
    }

    /**
     * The master confirmed a RENEW.
     *
     * @return whether it is the first one in its term with this grant
     */
    public boolean renewed(long term, LeaseGrant grant, long now) {
        return status.term() == term && leases.confirmed(grant, now);
    }

    // --- the failover under way

    /** The failover under way; null if none. */
    public TransitionView transition() {
        return transition;
    }

    /** A failover begins: its term is in the status. */
    public void began(TransitionView now) {
        transition = now;
    }

    /**
     * A member confirmed the fence of a term.
     *
     * @return whether that term's failover is under way
     */
    public boolean fenced(long term, FenceView fence) {
        if (transition == null || transition.term() != term) {
            return false;
        }
        transition = transition.fenced(fence);
        return true;
    }

    /** A member is about to be promoted; {@link #promotion} says what became of it. */
    public void promoting(String member, String runId) {
        transition = transition.promoting(new PromoteView(member, runId, Outcome.SENT));
    }

    /**
     * What became of the promotion of a term, unless that is known already.
     *
     * @param outcome null if it was not carried out for certain: the term stays open
     */
    public void promotion(long term, Outcome outcome) {
        PromoteView promote = transition == null ? null : transition.promote();
        if (promote == null || transition.term() != term || promote.outcome() != Outcome.SENT) {
            return;
        }
        transition = transition.promoting(
                outcome == null ? null : new PromoteView(promote.member(), promote.runId(), outcome));
    }

    /** The status names the master of its term: the change that led to it is over. */
    public void adopted() {
        if (transition != null) {
            attachments.newMaster();
        }
        transition = null;
    }

    /** An order to attach is about to leave for that pod. */
    public void attaching(String podUid) {
        attachments.attaching(podUid);
    }

    // --- planned switchovers

    /** Planned switchovers; its methods take in what happens to them. */
    public Moves moves() {
        return moves;
    }

    // --- what is made of it

    /** Leases as far as they are known. */
    public LeaseView leases() {
        return leases.view();
    }

    /** What the status says. */
    public StatusView status() {
        return status;
    }

    /** Everything a decision depends on, with what is seen now. Changes nothing. */
    public GroupView view(long now, SpecView spec, List<MemberView> members, boolean podsKnown) {
        return new GroupView(
                now,
                steadySince,
                leader,
                spec,
                status,
                members,
                podsKnown,
                transition,
                master,
                attachments.ghosts(),
                leases.view(),
                moves.view());
    }
}
