/**
 * What the operator sees. The immutable views that a decision is made from ({@code *View}, {@code NodeFacts}) have no I/O and no clock.
 * They are filled by {@link dev.redisreplication.operator.observe.GroupWatch}: one live connection
 * ({@link dev.redisreplication.operator.observe.NodeLink}) for each pod, asked each tick
 * ({@link dev.redisreplication.operator.observe.MemberProbe}), all on one thread
 * ({@link dev.redisreplication.operator.observe.NodeLoop}), and the pods as the API server shows them.
 */
package dev.redisreplication.operator.observe;
