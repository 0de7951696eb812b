/**
 * What the operator sees. The immutable views that a decision is made from ({@code *View}, {@code NodeFacts}) have no I/O and no clock.
 * They are filled by {@link dev.redisreplication.operator.observe.GroupWatch}: one live connection
 * ({@link dev.redisreplication.operator.observe.NodeLink}) for each pod, on a virtual thread of its own
 * ({@link dev.redisreplication.operator.observe.MemberProbe}), and the pods as the API server shows them.
 */
package dev.redisreplication.operator.observe;
