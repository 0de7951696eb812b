package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import java.util.Optional;

/** Which lease to renew now, if any. Asked on each tick with a view whose leader flag was checked at this moment. */
public final class Heartbeat {
    private Heartbeat() {}

    /**
     * One LEASE RENEW. It goes out only on the connection on which {@code target}'s run id answered, and the lease bound
     * (answer received + ttl) is noted before it leaves.
     *
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
        String master = status.master();
        if (change != null && change.term() >= status.term()) {
            // Under way: only whom this very change has promoted, and only once that is confirmed.
            boolean promoted = change.term() == status.term()
                    && change.promote() != null
                    && change.promote().outcome() == Outcome.DONE;
            if (!promoted) {
                return Optional.empty();
            }
            master = change.promote().member();
        }
        Optional<MemberView> member = view.member(master);
        NodeFacts facts = member.map(MemberView::facts).orElse(null);
        if (facts == null || facts.role() != ManagedRole.MASTER || facts.term() != status.term()) {
            return Optional.empty();
        }
        // Only what status allows may be granted: the lease that spec asks for, once status has been widened to it.
        LeaseGrant wanted =
                new LeaseGrant(view.spec().leaseMs(), Math.max(0, view.spec().replicas() - 1));
        LeaseGrant grant = status.grant().widest(wanted).equals(status.grant()) ? wanted : status.grant();
        return Optional.of(new Renew(status.term(), new Decision.Target(master, facts.runId()), grant, facts.clock()));
    }
}
