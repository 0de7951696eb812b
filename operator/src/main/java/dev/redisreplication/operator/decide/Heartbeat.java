package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import java.util.Optional;

/**
 * Which lease to renew now, if any. Asked on each tick with a view whose leader flag was checked at this moment. Only a
 * master that status names gets a lease: so whatever was acknowledged is of a history that status knows.
 */
public final class Heartbeat {
    private Heartbeat() {}

    /**
     * One LEASE RENEW to the master that status names.
     *
     * @param grant what status allows; noted (answer received + ttl) before it leaves
     * @param clock the node's clock from its last answer, echoed
     */
    public record Renew(long term, Decision.Target target, LeaseGrant grant, long clock) {}

    /** The renewal due, empty while this process may not renew. */
    public static Optional<Renew> renew(GroupView view) {
        StatusView status = view.status();
        TransitionView change = view.transition();
        if (!view.leader() || status.term() == 0 || status.grant() == null) {
            return Optional.empty();
        }
        if (status.master().isEmpty() || (change != null && change.term() > status.term())) {
            return Optional.empty();
        }
        Optional<MemberView> member = view.member(status.master());
        NodeFacts facts = member.map(MemberView::facts).orElse(null);
        if (facts == null || facts.role() != ManagedRole.MASTER || facts.term() != status.term()) {
            return Optional.empty();
        }
        if (Sight.newestTerm(view) > status.term()) {
            return Optional.empty();
        }
        return Optional.of(new Renew(
                status.term(),
                new Decision.Target(status.master(), facts.runId()),
                Grants.toRenew(view),
                facts.clock()));
    }
}
