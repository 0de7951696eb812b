/**
 * What a Sentinel knows and decides: monitoring, who is down, votes, the failover. A state machine without sockets: events and
 * the time come in, {@link dev.redisreplication.node.sentinel.Action actions} go out. {@code sentinel.io} carries them out,
 * {@code sentinel.command} is what clients may ask.
 */
package dev.redisreplication.node.sentinel;
