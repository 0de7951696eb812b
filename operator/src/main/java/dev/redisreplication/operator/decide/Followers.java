package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Attach;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import java.util.List;

/** Who has to be told to follow the master of the present term. */
final class Followers {
    private Followers() {}

    /** Adds an order for each usable member of the spec that does not follow {@code master} in that term yet. */
    static void attach(GroupView view, MemberView master, List<Decision> decisions) {
        if (!Sight.hasAddress(master)) {
            return;
        }
        long term = view.status().term();
        String host = master.pod().ip();
        for (MemberView member : view.members()) {
            if (member.equals(master) || !Sight.inSpec(view, member) || !Sight.usable(view, member)) {
                continue;
            }
            NodeFacts facts = member.facts();
            boolean follows = facts.role() == ManagedRole.REPLICA
                    && facts.term() == term
                    && facts.masterHost().equals(host);
            if (!follows && facts.term() <= term) {
                decisions.add(new Attach(term, new Target(member.name(), facts.runId()), master.name(), host));
            }
        }
    }
}
