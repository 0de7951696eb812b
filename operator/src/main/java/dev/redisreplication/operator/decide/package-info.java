/**
 * The pure part of a failover: from a {@link dev.redisreplication.operator.observe.GroupView} to decisions. No I/O, no
 * clock, one concern a file, so that it can be run through any number of simulated schedules.
 */
package dev.redisreplication.operator.decide;
