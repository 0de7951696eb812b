package dev.redisreplication.operator.observe;

/**
 * What this process knows of leases it, or a leader before it, granted.
 *
 * @param boundAt operator's monotonic ms from which on no lease granted by any operator's RENEW can be valid: the largest of
 *     (leader since + status grant's ttl) and, for each RENEW sent, (when the answer whose clock it echoes came + its ttl)
 * @param gone who went: they may have voted until then
 * @param confirmed the grant that every RENEW since {@code confirmedSince} carried and the master of status.term
 *     confirmed; null if none
 * @param confirmedSince when the first of them was confirmed
 */
public record LeaseView(long boundAt, Gone gone, LeaseGrant confirmed, long confirmedSince) {

    /**
     * When this process last learned that a process of the group ended or that a pod went away (whatever the reason), or began
     * to lead.
     *
     * @param at the last of these moments
     * @param pod uid of the pod that went then; "" if it was no pod alone
     * @param before the last of these moments that had to do with anything but that pod
     */
    public record Gone(long at, String pod, long before) {

        /** Nobody went. */
        public static final Gone NOBODY = new Gone(FenceView.NEVER, "", FenceView.NEVER);

        /** With one more. */
        public Gone and(String uid, long now) {
            if (uid.equals(pod)) {
                return new Gone(Math.max(at, now), pod, before);
            }
            return now >= at ? new Gone(now, uid, at) : new Gone(at, pod, Math.max(before, now));
        }

        /** The last of these moments, processes of that pod aside. */
        public long except(String uid) {
            return !uid.isEmpty() && uid.equals(pod) ? before : at;
        }
    }
}
