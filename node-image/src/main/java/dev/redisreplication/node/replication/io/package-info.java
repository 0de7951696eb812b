/**
 * Replication's edge: links to replicas and to the master, the gate, the lease's heartbeat. Everything runs on the event
 * loop; decisions are those of the package above.
 */
package dev.redisreplication.node.replication.io;
