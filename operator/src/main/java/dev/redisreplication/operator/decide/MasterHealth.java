package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Reason;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import java.util.List;

/**
 * Is the master that status names lost? A refused or silent connection is only a suspicion: the operator's own path may
 * be broken. The replicas then have to say the same, all that can be asked and at least one.
 */
sealed interface MasterHealth {

    record Well() implements MasterHealth {}

    /** Something is wrong, but nothing may be done. */
    record Unclear(Situation situation, String message) implements MasterHealth {}

    /** Another has to take over. */
    record Lost(Reason reason, String message) implements MasterHealth {}

    static MasterHealth judge(GroupView view) {
        String name = view.status().master();
        long term = view.status().term();
        MasterProcess process = view.master() != null && view.master().term() == term ? view.master() : null;
        MemberView member = view.member(name).orElse(null);

        if (member != null && Sight.fresh(view, member)) {
            NodeFacts facts = member.facts();
            if (facts.role() == ManagedRole.MASTER && facts.term() == term) {
                return new Well();
            }
            return facts.role() == ManagedRole.NONE
                    ? new Lost(Reason.MasterRestarted, name + " restarted and has no role")
                    : new Lost(
                            Reason.MasterLostRole,
                            name + " is " + facts.role() + " of term " + facts.term() + ", not master of " + term);
        }
        if (process != null && Sight.ended(view, process)) {
            return new Lost(Reason.MasterDead, "the process of " + name + " has ended");
        }
        if (member == null || member.pod() == null) {
            return new Lost(Reason.MasterGone, "there is no pod " + name);
        }
        if (process != null && !member.pod().uid().equals(process.podUid())) {
            return new Lost(Reason.MasterGone, "another pod took the name " + name);
        }
        return suspected(view, member);
    }

    private static MasterHealth suspected(GroupView view, MemberView master) {
        long lease = view.spec().leaseMs();
        long silent = view.now() - Math.max(master.answeredAt(), view.steadySince());
        if (master.link() == Link.DENIED) {
            return new Unclear(
                    Sight.situation(List.of(master)), "the master answers; " + Sight.explanation(List.of(master)));
        }
        boolean refused = master.link() == Link.REFUSED;
        if (!refused && silent < lease) {
            return new Unclear(Situation.MasterSilent, master.name() + " has not answered for " + silent + " ms");
        }
        int cutOff = 0;
        for (MemberView other : view.members()) {
            if (other.name().equals(master.name()) || !Sight.fresh(view, other)) {
                continue;
            }
            NodeFacts facts = other.facts();
            if (facts.role() != ManagedRole.REPLICA
                    || facts.term() != view.status().term()) {
                continue;
            }
            boolean silentToo = facts.masterSilentMs() >= lease;
            if (facts.syncInProgress() && silentToo) {
                // While it loads what it got, it does not listen: it cannot tell.
                continue;
            }
            boolean down = !facts.linkUp() && !facts.syncInProgress();
            if (!down && !silentToo) {
                return new Unclear(
                        Situation.MasterUnreachableByOperatorOnly,
                        master.name() + " does not answer the operator, but " + other.name() + " hears it");
            }
            cutOff++;
        }
        if (cutOff == 0) {
            return new Unclear(
                    Situation.NobodyAnswers,
                    master.name() + " does not answer, and no replica of it can be asked whether it lives");
        }
        String how = refused ? " refuses connections" : " has not answered for " + silent + " ms";
        return new Lost(
                Reason.MasterUnreachable, master.name() + how + ", and " + cutOff + " of its replicas lost it too");
    }
}
