package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;

/**
 * Should a master that lives and answers give its role to another? If it is about to end, or cannot keep what it is given. In both
 * cases it takes no writes and its offset stands still, so nothing is lost once a replica has got that far; before, it would be.
 */
sealed interface Handover {

    /** It serves. */
    record No() implements Handover {}

    /** It should, but nobody is there yet who has all that it has. */
    record NotYet(Situation situation, String message) implements Handover {}

    /** Another has all that it has. */
    record Due(Reason reason, String message) implements Handover {}

    static Handover judge(GroupView view, MemberView master) {
        NodeFacts facts = master.facts();
        if (facts == null || (!facts.ends() && facts.keepsData())) {
            return new No();
        }
        boolean ends = facts.ends();
        String what = ends
                ? master.name() + " was told to end"
                : master.name() + " takes no writes, it cannot keep them: " + facts.storageError();
        for (MemberView other : view.members()) {
            if (hasAllOf(view, master, other)) {
                return new Due(ends ? Reason.MasterEnding : Reason.MasterCannotPersist, what);
            }
        }
        return new NotYet(
                ends ? Situation.MasterEnding : Situation.MasterCannotPersist,
                what + "; no other member has all of its data and could keep more");
    }

    /** Whether it has all that a master has whose offset stands still, and could go on as one. */
    static boolean hasAllOf(GroupView view, MemberView master, MemberView other) {
        return obstacle(view, master, other).isEmpty()
                && other.facts().offset() >= master.facts().offset();
    }

    /** Why it could not take over from that master however long that waits, "" if it could. */
    static String obstacle(GroupView view, MemberView master, MemberView other) {
        NodeFacts facts = other.facts();
        if (other.name().equals(master.name())) {
            return "is the master";
        } else if (!Sight.inSpec(view, other)) {
            return "is beyond spec.replicas";
        } else if (other.pod() == null) {
            return "has no pod";
        } else if (other.pod().deleting()) {
            return "is being deleted";
        } else if (!Sight.usable(view, other)) {
            return "does not answer";
        } else if (!facts.keepsData()) {
            return "cannot keep data: " + facts.storageError();
        }
        boolean follows = facts.role() == ManagedRole.REPLICA
                && facts.term() == view.status().term()
                && facts.linkUp()
                && !facts.syncInProgress()
                && facts.history().replid().equals(master.facts().history().replid());
        return follows ? "" : "does not follow the master";
    }
}
