package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Route;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which pods the read-write and the read-only Service should lead to. */
final class RoleLabels {
    private RoleLabels() {}

    /** Adds the labels to change, the master's first: it is better to have two addresses for a moment than none. */
    static void route(GroupView view, String master, List<Decision> decisions) {
        Map<String, RoleLabel> labels = new LinkedHashMap<>();
        view.member(master)
                .filter(m -> m.pod() != null && m.pod().role() != RoleLabel.MASTER)
                .ifPresent(m -> labels.put(master, RoleLabel.MASTER));
        for (MemberView member : view.members()) {
            if (member.pod() == null || member.name().equals(master)) {
                continue;
            }
            RoleLabel wanted = wanted(view, member);
            if (wanted != member.pod().role()) {
                labels.put(member.name(), wanted);
            }
        }
        if (!labels.isEmpty()) {
            decisions.add(new Route(labels));
        }
    }

    /**
     * Leads clients to the one that is about to be promoted, before it is: until then it refuses them, and whoever spreads
     * the labels has a start. Nobody else changes: the others are still to be asked whom they follow.
     */
    static void lead(GroupView view, String winner, List<Decision> decisions) {
        Map<String, RoleLabel> labels = new LinkedHashMap<>();
        for (MemberView member : view.members()) {
            if (member.pod() == null) {
                continue;
            }
            boolean wins = member.name().equals(winner);
            if (wins != (member.pod().role() == RoleLabel.MASTER)) {
                labels.put(member.name(), wins ? RoleLabel.MASTER : RoleLabel.ABSENT);
            }
        }
        if (!labels.isEmpty()) {
            decisions.add(new Route(labels));
        }
    }

    private static RoleLabel wanted(GroupView view, MemberView member) {
        RoleLabel now = member.pod().role();
        if (!Sight.fresh(view, member)) {
            // Not to be asked: as it was, except that there is only one master.
            return now == RoleLabel.REPLICA ? RoleLabel.REPLICA : RoleLabel.ABSENT;
        }
        NodeFacts facts = member.facts();
        if (facts.role() == ManagedRole.FENCED && now == RoleLabel.REPLICA) {
            // It served until a moment ago and is about to be attached again.
            return RoleLabel.REPLICA;
        }
        boolean follows = facts.role() == ManagedRole.REPLICA
                && facts.term() == view.status().term();
        if (!follows || facts.syncInProgress()) {
            return RoleLabel.ABSENT;
        }
        // A replica whose link broke goes on serving what it has, as it does in Redis; one that never had one does not.
        return facts.linkUp() || now == RoleLabel.REPLICA ? RoleLabel.REPLICA : RoleLabel.ABSENT;
    }
}
