/**
 * Carries decisions out: the status first, by compare-and-set, then orders to the nodes, then labels; and sends the heartbeats. Nothing
 * here waits: what becomes of a step comes back as a message to the group's loop, and a member that hangs holds up none of the others.
 */
package dev.redisreplication.operator.act;
