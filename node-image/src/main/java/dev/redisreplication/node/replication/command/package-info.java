/** REPLICAOF, SLAVEOF, PSYNC, SYNC, REPLCONF, ROLE, WAIT, and LEASE, the one command of our own. */
package dev.redisreplication.node.replication.command;
