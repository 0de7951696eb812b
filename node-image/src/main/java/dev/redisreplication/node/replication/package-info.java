/**
 * Replication as a state machine without sockets or threads: the effect log, histories, handshakes, roles, terms and the
 * lease. Events go in, decisions come out; {@code replication.io} carries them out.
 */
package dev.redisreplication.node.replication;
