package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Regrant;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import java.util.List;

/**
 * Keeps status.lease, the widest lease that a RENEW of the term may have carried, in step with the spec. Wider at once,
 * before any RENEW carries it; narrower only when the master has confirmed the narrower one for so long that no older
 * lease can be left.
 */
final class Grants {
    private Grants() {}

    static LeaseGrant wanted(GroupView view) {
        return new LeaseGrant(view.spec().leaseMs(), Math.max(0, view.spec().replicas() - 1));
    }

    /** What status should say from the next term on, before the old master is cleared. */
    static LeaseGrant forNextTerm(GroupView view) {
        LeaseGrant now = view.status().grant();
        return now == null ? wanted(view) : now.widest(wanted(view));
    }

    /** What a RENEW may carry now: what the spec says, as soon as status allows it. */
    static LeaseGrant toRenew(GroupView view) {
        LeaseGrant now = view.status().grant();
        return now.widest(wanted(view)).equals(now) ? wanted(view) : now;
    }

    static void adjust(GroupView view, List<Decision> decisions) {
        LeaseGrant now = view.status().grant();
        LeaseGrant wanted = wanted(view);
        if (wanted.equals(now)) {
            return;
        }
        LeaseGrant wider = forNextTerm(view);
        if (!wider.equals(now)) {
            decisions.add(new Regrant(wider));
            return;
        }
        boolean settled = wanted.equals(view.lease().confirmed())
                && view.now() >= view.lease().confirmedSince() + now.ttlMs() + Clearance.slack(now.ttlMs());
        if (settled) {
            decisions.add(new Regrant(wanted));
        }
    }
}
