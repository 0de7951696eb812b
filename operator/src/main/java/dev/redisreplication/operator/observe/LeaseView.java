package dev.redisreplication.operator.observe;

/**
 * What this process knows of leases it, or a leader before it, granted.
 *
 * @param boundAt operator's monotonic ms from which on no lease granted by any operator's RENEW can be valid: the largest of
 *     (leader since + status grant's ttl) and, for each RENEW sent, (when the answer whose clock it echoes came + its ttl)
 * @param goneAt when this process last learned that a process of the group ended or that a pod went away (whatever the
 *     reason), or began to lead: who is gone may have voted until then
 * @param confirmed the grant that every RENEW since {@code confirmedSince} carried and the master of status.term
 *     confirmed; null if none
 * @param goneAt when this process last learned that a process of the group ended or that a pod went away (whatever the
 *     reason), or began to lead: who is gone may have voted until then
 * @param confirmedSince when the first of them was confirmed
 */
public record LeaseView(long boundAt, long goneAt, LeaseGrant confirmed, long confirmedSince) {}
