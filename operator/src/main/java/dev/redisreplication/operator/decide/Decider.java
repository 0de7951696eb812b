package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Adopt;
import dev.redisreplication.operator.decide.Decision.BeginTerm;
import dev.redisreplication.operator.decide.Decision.Fence;
import dev.redisreplication.operator.decide.Decision.Inherit;
import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Promote;
import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.decide.Decision.Wait;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * From what is seen to what is to be done. Pure: the same view gives the same decisions, and nothing is remembered
 * between two calls; what has to be remembered (a change under way) is part of the view.
 */
public final class Decider {
    /** What is waited for when a member that runs cannot be asked. */
    private static final Set<Situation> FOR_MEMBERS = EnumSet.of(
            Situation.NobodyAnswers, Situation.WaitingForMembers, Situation.WaitingForFence, Situation.NoCandidate);

    private Decider() {}

    /**
     * What to do now, in this order. Never empty; a list that holds only {@link Nothing} or {@link Wait} means that
     * nothing is to be sent.
     */
    public static List<Decision> decide(GroupView view) {
        List<Decision> decisions = judge(view);
        List<MemberView> denied = Sight.denied(view);
        return denied.isEmpty()
                ? decisions
                : decisions.stream()
                        .map(decision -> explained(decision, denied))
                        .toList();
    }

    /** A wait for members that do not let the operator in is not one for members that are away. */
    private static Decision explained(Decision decision, List<MemberView> denied) {
        Situation situation = Sight.situation(denied);
        String who = Sight.explanation(denied) + "; ";
        return switch (decision) {
            case Wait wait
            when FOR_MEMBERS.contains(wait.situation()) -> new Wait(situation, who + wait.message(), wait.untilMs());
            case Nothing nothing
            when FOR_MEMBERS.contains(nothing.situation()) -> new Nothing(situation, who + nothing.message());
            default -> decision;
        };
    }

    private static List<Decision> judge(GroupView view) {
        if (!view.leader()) {
            return nothing(Situation.NotLeader, "another operator process leads");
        }
        if (!view.podsKnown()) {
            return nothing(Situation.PodsUnknown, "the list of pods is not complete yet");
        }
        TransitionView change = view.transition();
        if (change != null
                && change.term() == view.status().term()
                && view.status().master().isEmpty()) {
            return inChange(view, change);
        }
        MemberView leading = masterOfNewestTerm(view);
        if (Sight.newestTerm(view) > view.status().term()) {
            return statusIsBehind(view, leading);
        }
        if (leading != null && !leading.name().equals(view.status().master())) {
            // The one master of this term, promoted by a process before this one; or the status was edited.
            return adopt(view, leading);
        }
        if (view.status().term() == 0) {
            return firstStart(view);
        }
        return view.status().master().isEmpty() ? interrupted(view) : steady(view);
    }

    // --- nobody is master yet, or nobody knows who is

    private static List<Decision> firstStart(GroupView view) {
        if (!Sight.allInSpecUsable(view)) {
            return List.of(new Wait(Situation.WaitingForMembers, "the first start needs an answer of all members", -1));
        }
        return begin(view, Reason.FirstStart, Suspects.NOBODY, "first start");
    }

    /** A failover that another process began and did not finish. */
    private static List<Decision> interrupted(GroupView view) {
        long until = view.steadySince() + view.spec().leaseMs();
        if (!Sight.allInSpecUsable(view) && view.now() < until) {
            return List.of(
                    new Wait(Situation.WaitingForMembers, "a failover was interrupted; asking the members", until));
        }
        return begin(view, Reason.ChangeInterrupted, Suspects.ANYBODY, "a failover was interrupted");
    }

    /** Members know a newer term than status: it was restored from an older copy, or this view of it is old. */
    private static List<Decision> statusIsBehind(GroupView view, MemberView leading) {
        String message = "members know term " + Sight.newestTerm(view) + ", status "
                + view.status().term();
        if (!Sight.allInSpecUsable(view)) {
            return List.of(new Wait(Situation.WaitingForMembers, message + "; all members have to answer", -1));
        }
        return leading != null ? adopt(view, leading) : begin(view, Reason.TermsDisagree, Suspects.ANYBODY, message);
    }

    // --- a master is named

    private static List<Decision> steady(GroupView view) {
        MasterHealth health = MasterHealth.judge(view);
        if (health instanceof MasterHealth.Lost lost) {
            Suspects suspects = lost.reason() == Reason.MasterLostRole ? Suspects.ANYBODY : Suspects.MASTER;
            return begin(view, lost.reason(), suspects, lost.message());
        }
        List<Decision> decisions = new ArrayList<>();
        MemberView master = view.member(view.status().master()).orElseThrow();
        Handover handover = Handover.judge(view, master);
        if (health instanceof MasterHealth.Well && handover instanceof Handover.Due due) {
            return begin(view, due.reason(), Suspects.MASTER, due.message());
        }
        if (health instanceof MasterHealth.Well) {
            RoleLabels.route(view, master.name(), decisions);
            Grants.adjust(view, decisions);
        }
        Followers.attach(view, master, decisions);
        if (health instanceof MasterHealth.Unclear unclear) {
            decisions.add(new Nothing(unclear.situation(), unclear.message()));
        } else if (handover instanceof Handover.NotYet notYet) {
            decisions.add(new Nothing(notYet.situation(), notYet.message()));
        } else {
            decisions.add(
                    switch (Switchover.judge(view, master)) {
                        case Switchover.Step step -> step.decision();
                        case Switchover.Due due -> planned(view, due);
                    });
        }
        return decisions;
    }

    // --- a failover by this process

    private static List<Decision> inChange(GroupView view, TransitionView change) {
        long newest = Sight.newestTerm(view);
        if (newest > change.term()) {
            return begin(view, Reason.TermsDisagree, Suspects.ANYBODY, "a member knows term " + newest);
        }
        MemberView leading = masterOfNewestTerm(view);
        if (leading != null && leading.facts().term() == change.term()) {
            // The one that was promoted; its order's outcome need not be known for that.
            return adopt(view, leading);
        }
        if (change.promote() != null) {
            return promoted(view, change);
        }
        for (MemberView member : view.members()) {
            if (Sight.fresh(view, member)
                    && member.facts().role() == ManagedRole.REPLICA
                    && member.facts().term() == change.term()) {
                // The number was in use before: status was restored from a copy.
                return begin(
                        view, Reason.TermsDisagree, Suspects.ANYBODY, member.name() + " knows a master of this term");
            }
        }
        List<Decision> decisions = new ArrayList<>();
        fence(view, change, decisions);
        Clearance clearance = Clearance.judge(view, change);
        Succession succession = Succession.judge(view, change);
        boolean soon = !(clearance instanceof Clearance.NotYet notYet && notYet.untilMs() < 0);
        if (soon && succession instanceof Succession.Chosen chosen) {
            RoleLabels.lead(view, chosen.best().member(), decisions);
        }
        if (clearance instanceof Clearance.NotYet notYet) {
            Situation situation = notYet.untilMs() < 0 ? Situation.WaitingForFence : Situation.WaitingForLease;
            decisions.add(new Wait(situation, notYet.message(), notYet.untilMs()));
        } else if (succession instanceof Succession.TooFew tooFew) {
            Situation situation = tooFew.untilMs() < 0 ? Situation.NoCandidate : Situation.WaitingForMembers;
            decisions.add(new Wait(situation, tooFew.message(), tooFew.untilMs()));
        } else if (succession instanceof Succession.Chosen chosen
                && !chosen.history().equals(view.status().history())) {
            decisions.add(new Inherit(chosen.history()));
        } else if (clearance instanceof Clearance.Cleared cleared && succession instanceof Succession.Chosen chosen) {
            FenceView best = chosen.best();
            decisions.add(new Promote(
                    change.term(),
                    new Target(best.member(), best.runId()),
                    chosen.force(),
                    chosen.candidates(),
                    cleared.by(),
                    Loss.of(change, best)));
        }
        return decisions;
    }

    private static void fence(GroupView view, TransitionView change, List<Decision> decisions) {
        List<Target> targets = new ArrayList<>();
        for (MemberView member : view.members()) {
            if (!Sight.usable(view, member)) {
                continue;
            }
            String runId = member.facts().runId();
            FenceView fence = change.fences().get(member.name());
            if (fence == null || !fence.runId().equals(runId)) {
                targets.add(new Target(member.name(), runId));
            }
        }
        if (!targets.isEmpty()) {
            decisions.add(new Fence(change.term(), targets));
        }
    }

    private static List<Decision> promoted(GroupView view, TransitionView change) {
        TransitionView.PromoteView promote = change.promote();
        MemberView member = view.member(promote.member()).orElse(null);
        if (promote.outcome() == Outcome.SENT) {
            return List.of(new Wait(Situation.WaitingForPromotion, promote.member() + " is being promoted", -1));
        }
        boolean restarted = member != null
                && member.facts() != null
                && !member.facts().runId().equals(promote.runId());
        boolean silent = member == null || !Sight.fresh(view, member);
        if (promote.outcome() == Outcome.UNKNOWN || restarted || silent) {
            // Nobody else may be promoted in this term.
            return begin(
                    view,
                    Reason.PromotionUnknown,
                    Suspects.ANYBODY,
                    "whether " + promote.member() + " became master is not known");
        }
        return List.of(new Wait(Situation.WaitingForPromotion, promote.member() + " was promoted", -1));
    }

    // --- steps that several of them take

    private static Decision planned(GroupView view, Switchover.Due due) {
        return new BeginTerm(
                Sight.newestTerm(view) + 1,
                Reason.Switchover,
                view.status().master(),
                Suspects.MASTER,
                Grants.forNextTerm(view),
                due.message(),
                due.plan());
    }

    private static List<Decision> begin(GroupView view, Reason reason, Suspects suspects, String message) {
        if (!Sight.anyInSpecUsable(view)) {
            return List.of(new Wait(Situation.NobodyAnswers, message + "; no member answers that could lead", -1));
        }
        long term = Sight.newestTerm(view) + 1;
        String from = view.status().master();
        if (from.isEmpty() && view.transition() != null) {
            from = view.transition().from();
        }
        return List.of(new BeginTerm(term, reason, from, suspects, Grants.forNextTerm(view), message));
    }

    /** Lead clients to it first, then write it down, then let the others follow. */
    private static List<Decision> adopt(GroupView view, MemberView master) {
        List<Decision> decisions = new ArrayList<>();
        long term = master.facts().term();
        if (term == view.status().term()) {
            RoleLabels.route(view, master.name(), decisions);
        }
        decisions.add(new Adopt(
                term, master.name(), master.pod().uid(), master.facts().history()));
        if (term == view.status().term()) {
            Followers.attach(view, master, decisions);
        }
        return decisions;
    }

    /** The member that answers as master of the newest term anybody knows, null if there is none. */
    private static MemberView masterOfNewestTerm(GroupView view) {
        long newest = Sight.newestTerm(view);
        for (MemberView member : view.members()) {
            if (Sight.fresh(view, member)
                    && member.facts().role() == ManagedRole.MASTER
                    && member.facts().term() == newest
                    && newest > 0) {
                return member;
            }
        }
        return null;
    }

    private static List<Decision> nothing(Situation situation, String message) {
        return List.of(new Nothing(situation, message));
    }

    /** The transition that begins when {@code begin} was written, from the view it was decided on. */
    public static TransitionView begun(GroupView view, BeginTerm begin, long writtenAt) {
        MasterProcess seen = view.master();
        MasterProcess old = seen != null && seen.term() == view.status().term() ? seen : null;
        if (old == null && view.transition() != null) {
            old = view.transition().old();
        }
        return new TransitionView(
                begin.term(), begin.from(), begin.suspects(), old, writtenAt, java.util.Map.of(), null, begin.plan());
    }
}
