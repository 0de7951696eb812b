/**
 * What has to be remembered of a group between two decisions, apart from what is seen of it and from what its status says: the failover
 * under way, the leases that were granted, who is gone, which process is master. No I/O and no clock of its own.
 */
package dev.redisreplication.operator.ledger;
