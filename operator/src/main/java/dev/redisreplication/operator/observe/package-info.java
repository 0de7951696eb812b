/**
 * What the operator sees: immutable views that a decision is made from ({@code *View}, {@code NodeFacts}), and the
 * connections and watches that fill them. The views have no I/O and no clock.
 */
package dev.redisreplication.operator.observe;
