package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.Goal;
import dev.redisreplication.operator.observe.Goal.AskedBy;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.TransitionView.Plan;
import dev.redisreplication.operator.observe.Wishes;

/**
 * Shall another one be master, though this one is well? It is made to hold writes back first; as soon as the other has all that it
 * has, a new term begins. If that does not come about in time, the master goes on as if nothing had been.
 */
sealed interface Switchover {

    /** The next thing to do, or why nothing is done. */
    record Step(Decision decision) implements Switchover {}

    /** The new term is to begin. */
    record Due(Plan plan, String message) implements Switchover {}

    /**
     * Bytes that the target may lack when writes are held back for it. Offsets were read up to half a lease apart, so that on a
     * busy group much of this is time and not lag.
     */
    long LARGEST_LAG = 32L << 20;

    static Switchover judge(GroupView view, MemberView master) {
        MovesView moves = view.moves();
        MovesView.Attempt attempt = moves.attempt();
        if (attempt != null && attempt.term() == view.status().term()) {
            return goOn(view, master, attempt);
        }
        if (master.facts().yields()) {
            // By order of a process before this one.
            return nothing(Situation.SwitchingOver, master.name() + " holds writes back for a moment");
        }
        Goal goal = goal(view, master);
        if (goal == null) {
            return nothing(Situation.Healthy, "");
        }
        if (goal.target().equals(master.name())) {
            return new Step(new Decision.Settle(goal, false, master.name() + " is the master already"));
        }
        if (!goal.isOrder() && moves.rests(goal, view.now())) {
            return waits(view, master, goal, "the last try failed; it is tried again in a while");
        }
        return begin(view, master, goal);
    }

    /** What is wanted, the most urgent of it; null for nothing. */
    private static Goal goal(GroupView view, MemberView master) {
        Wishes wishes = view.spec().wishes();
        String order = wishes.order();
        if (!order.isEmpty() && !order.equals(view.moves().settled())) {
            return new Goal(AskedBy.Annotation, order.equals(Wishes.ANY) ? "" : order, wishes.force());
        }
        if (!Sight.inSpec(view, master)) {
            return new Goal(AskedBy.ScaleDown, "", false);
        }
        String preferred = wishes.preferred();
        return preferred.isEmpty() || preferred.equals(master.name())
                ? null
                : new Goal(AskedBy.PreferredMaster, preferred, false);
    }

    // --- before it

    private static Switchover begin(GroupView view, MemberView master, Goal goal) {
        MemberView target = null;
        String why = goal.target().isEmpty() ? "there is no replica" : "there is no member " + goal.target();
        for (MemberView other : view.members()) {
            boolean meant = goal.target().isEmpty()
                    ? !other.name().equals(master.name())
                    : other.name().equals(goal.target());
            if (!meant) {
                continue;
            }
            String obstacle = obstacle(view, master, other, goal);
            if (!obstacle.isEmpty()) {
                why = other.name() + " " + obstacle;
            } else if (target == null || other.facts().offset() > target.facts().offset()) {
                target = other;
            }
        }
        if (target == null) {
            return waits(view, master, goal, why);
        }
        return new Step(new Decision.Yield(
                view.status().term(), process(master), target.name(), bound(view), goal, lag(master, target)));
    }

    private static String obstacle(GroupView view, MemberView master, MemberView other, Goal goal) {
        String obstacle = Handover.obstacle(view, master, other);
        if (!obstacle.isEmpty() || goal.force()) {
            return obstacle;
        }
        long lag = lag(master, other);
        return lag > LARGEST_LAG ? "lags by " + lag + " bytes" : "";
    }

    private static long lag(MemberView master, MemberView other) {
        return Math.max(0, master.facts().offset() - other.facts().offset());
    }

    /** Long enough for a write of the status to a slow API server. */
    private static long bound(GroupView view) {
        return Math.clamp(2 * view.spec().leaseMs(), 1000, 10_000);
    }

    private static Decision.Target process(MemberView master) {
        return new Decision.Target(master.name(), master.facts().runId());
    }

    /** An order is refused, as a person waits for an answer; what is wanted all the time waits. */
    private static Switchover waits(GroupView view, MemberView master, Goal goal, String why) {
        if (goal.isOrder() && isHeard(view)) {
            return new Step(new Decision.Settle(goal, true, why));
        }
        if (goal.askedBy() == AskedBy.ScaleDown) {
            return nothing(
                    Situation.MasterBeyondSpec,
                    master.name() + " is master and beyond spec.replicas; its pod has to stay for now: " + why);
        }
        String who = goal.target().isEmpty() ? "another one" : goal.target();
        return nothing(Situation.SwitchoverWaits, who + " shall be master: " + why);
    }

    /** What stands in the way a moment after the order, or after the last failover, may pass by itself. */
    private static boolean isHeard(GroupView view) {
        long since = Math.max(view.moves().orderedAt(), view.lease().confirmedSince());
        return view.now() - since >= 2 * view.spec().leaseMs();
    }

    // --- in the middle of it

    private static Switchover goOn(GroupView view, MemberView master, MovesView.Attempt attempt) {
        String target = attempt.target();
        NodeFacts facts = master.facts();
        boolean over = attempt.pausedAt() >= 0 && !facts.yields() && master.askedAt() > attempt.pausedAt();
        if (over) {
            return giveUp(master, attempt, target + " did not have all of the data in time");
        }
        if (attempt.pausedAt() < 0 || !facts.yields()) {
            return nothing(Situation.SwitchingOver, master.name() + " is told to hold writes back for " + target);
        }
        MemberView other = view.member(target).orElse(null);
        String obstacle = other == null ? "is gone" : Handover.obstacle(view, master, other);
        if (!obstacle.isEmpty()) {
            return giveUp(master, attempt, target + " " + obstacle);
        }
        long left = facts.yieldsForMs() - (view.now() - master.askedAt());
        boolean hasAll = Handover.hasAllOf(view, master, other);
        if (left < attempt.boundMs() / 4) {
            return giveUp(
                    master,
                    attempt,
                    hasAll
                            ? "too little is left of the pause for the steps of a switchover"
                            : target + " lacks " + lag(master, other) + " bytes");
        }
        if (hasAll) {
            return new Due(new Plan(target, false), target + " has all of the data of " + master.name());
        }
        if (attempt.goal().force() && left < attempt.boundMs() / 2) {
            return new Due(
                    new Plan(target, true),
                    "by force, though " + target + " lacks " + lag(master, other) + " bytes of " + master.name());
        }
        return nothing(
                Situation.SwitchingOver, master.name() + " holds writes back until " + target + " has all of them");
    }

    private static Switchover giveUp(MemberView master, MovesView.Attempt attempt, String why) {
        return new Step(new Decision.GiveUp(attempt.term(), process(master), why));
    }

    private static Switchover nothing(Situation situation, String message) {
        return new Step(new Nothing(situation, message));
    }
}
