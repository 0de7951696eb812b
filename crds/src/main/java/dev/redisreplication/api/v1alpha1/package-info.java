/**
 * The API of the operator: {@link dev.redisreplication.api.v1alpha1.RedisReplicationGroup} with its spec and status.
 *
 * <p>Plain immutable records with Jackson and Fabric8 annotations and nothing else, so that any program may depend on this
 * jar to write or read groups. The CRD manifest ({@code crds/crd/redisreplicationgroups.yaml}) and the reference page
 * ({@code docs/reference/redisreplicationgroup.md}) are generated from these types; a test fails when they drift.
 */
package dev.redisreplication.api.v1alpha1;
