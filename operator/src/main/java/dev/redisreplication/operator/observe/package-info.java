/**
 * What the operator sees. The immutable views that a decision is made from ({@code *View}, {@code NodeFacts}) have no I/O and no clock.
 * They are filled by {@link dev.redisreplication.operator.observe.Members}: one live connection
 * ({@link dev.redisreplication.operator.observe.Line}) for each pod, asked each tick
 * ({@link dev.redisreplication.operator.observe.MemberProbe}), and the pods as the API server shows them; all as messages of one
 * {@link dev.redisreplication.operator.observe.Mailbox}, which is the {@link dev.redisreplication.operator.observe.NodeLoop}.
 */
package dev.redisreplication.operator.observe;
