package dev.redisreplication.operator.observe;

/**
 * What this process knows of leases it, or a leader before it, granted.
 *
 * @param boundAt operator's monotonic ms from which on no lease granted by any operator's RENEW can be valid: the largest of
 *     (leader since + status grant's ttl) and, for each RENEW sent, (when the answer whose clock it echoes came + its ttl)
 * @param confirmed the grant that every RENEW since {@code confirmedSince} carried and the master of status.term
 *     confirmed; null if none
 * @param confirmedSince when the first of them was confirmed
 */
public record LeaseView(long boundAt, LeaseGrant confirmed, long confirmedSince) {}
