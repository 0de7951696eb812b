/**
 * The Kubernetes objects of a group: pure functions from one immutable {@link dev.redisreplication.operator.resource.GroupModel} to
 * what shall be, and the one class ({@link dev.redisreplication.operator.resource.ResourceApplier}) that makes it so by
 * server-side apply. Desired objects spell out Kubernetes' defaults, so that what comes back from the API server equals what was sent.
 */
package dev.redisreplication.operator.resource;
