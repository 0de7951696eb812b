/**
 * Carries decisions out: the status first, by compare-and-set, then orders to the nodes, then labels. Every wait has a bound, and a
 * member that hangs holds up none of the others.
 */
package dev.redisreplication.operator.act;
