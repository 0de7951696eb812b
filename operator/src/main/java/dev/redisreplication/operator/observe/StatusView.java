package dev.redisreplication.operator.observe;

/**
 * What the resource's status says; never older than this process' own last write.
 *
 * @param term 0 before the first start
 * @param master name of the master of {@code term}, "" while a change is under way
 * @param masterPod uid of the pod that was named master last, also while a change is under way; "" if unknown
 * @param history history of the last master that status named, {@link History#UNKNOWN} if there was none
 * @param grant the widest lease any RENEW of {@code term} may have carried; null before the first start
 */
public record StatusView(long term, String master, String masterPod, History history, LeaseGrant grant) {}
