package dev.redisreplication.operator.ledger;

import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;

/** What is known of the leases that were granted. Of the group's loop. */
final class LeaseBook {

    private long boundAt = Long.MIN_VALUE;
    private LeaseView.Gone gone = LeaseView.Gone.NOBODY;
    private LeaseGrant confirmed;
    private LeaseGrant sent;
    private long confirmedSince;

    /** Raises the bound; it is never lowered. */
    void bound(long at) {
        boundAt = Math.max(boundAt, at);
    }

    /**
     * A process of that pod is known to have ended, or the pod went away.
     *
     * @param pod its uid, "" when this process began to lead: anybody may have gone before
     */
    void gone(String pod, long at) {
        gone = gone.and(pod, at);
    }

    /** Called before a RENEW leaves that echoes the clock of an answer received at the given time. */
    void sending(LeaseGrant grant, long clockReceivedAt) {
        bound(clockReceivedAt + grant.ttlMs());
        if (!grant.equals(sent)) {
            confirmed = null;
        }
        sent = grant;
    }

    /**
     * The master confirmed a RENEW.
     *
     * @return whether it is the first with this grant
     */
    boolean confirmed(LeaseGrant grant, long now) {
        if (confirmed != null || !grant.equals(sent)) {
            return false;
        }
        confirmed = grant;
        confirmedSince = now;
        return true;
    }

    /** Another term, another master: it confirmed nothing yet. */
    void newTerm() {
        confirmed = null;
        sent = null;
    }

    LeaseView view() {
        return new LeaseView(boundAt, gone, confirmed, confirmedSince);
    }
}
