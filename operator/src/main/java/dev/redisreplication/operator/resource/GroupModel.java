package dev.redisreplication.operator.resource;

import dev.redisreplication.api.v1alpha1.Auth;
import dev.redisreplication.api.v1alpha1.MemberStatus;
import dev.redisreplication.api.v1alpha1.Persistence;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupSpec;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything that the objects of a group are made of.
 *
 * @param replicas pods to run; more than the spec says while the master is one of those that a smaller number would remove
 * @param image image of the node, the spec's or the operator's default
 * @param spec the spec, with defaults filled in
 */
public record GroupModel(
        String namespace, String name, String uid, int replicas, String image, RedisReplicationGroupSpec spec) {

    /** Port of the Redis protocol. */
    public static final int REDIS_PORT = 6379;
    /** Port of the node's health endpoint. */
    public static final int HEALTH_PORT = 8080;
    /** Name of the node's container. */
    public static final String CONTAINER = "node";
    /** Key of the password in the auth Secret. */
    public static final String PASSWORD_KEY = "password";
    /** Key of the passwords in the Secret that nodes mount. */
    public static final String RING_KEY = "passwords";
    /** How long clients may go on with a password that was replaced, if the spec does not say. */
    private static final int PREVIOUS_VALID_SECONDS = 600;

    /**
     * The model of one group.
     *
     * @param group the resource as the API server holds it
     * @param defaultImage image of the node when the spec names none
     */
    public static GroupModel of(RedisReplicationGroup group, String defaultImage) {
        RedisReplicationGroupSpec spec =
                group.getSpec() == null ? RedisReplicationGroupSpec.defaults() : group.getSpec();
        String name = group.getMetadata().getName();
        int replicas = spec.replicas();
        replicas = Math.max(replicas, toKeep(group.getStatus()));
        return new GroupModel(
                group.getMetadata().getNamespace(),
                name,
                group.getMetadata().getUid(),
                replicas,
                spec.image() == null ? defaultImage : spec.image(),
                spec);
    }

    /** A smaller group must not begin with the loss of its master; while there is none, any of them may become it. */
    private static int toKeep(RedisReplicationGroupStatus status) {
        if (status == null) {
            return 0;
        }
        if (status.master() != null) {
            return Ordinals.of(status.master()) + 1;
        }
        int keep = 0;
        for (MemberStatus member : status.members()) {
            keep = Math.max(keep, Ordinals.of(member.name()) + 1);
        }
        return keep;
    }

    /** Name of the Secret that holds the password. */
    public String secretName() {
        return givenSecret().orElse(name + "-auth");
    }

    /** Name of the user's Secret; empty when the operator makes one. */
    public Optional<String> givenSecret() {
        return Optional.ofNullable(spec.auth()).map(Auth::secretName);
    }

    /** Name of the Secret that nodes mount; no group's {@code -auth} Secret can have it. */
    public String ringName() {
        return name + "-passwords";
    }

    /** How long a password that was replaced stays valid at least. */
    public Duration previousValid() {
        return Duration.ofSeconds(
                Optional.ofNullable(spec.auth()).map(Auth::previousValidSeconds).orElse(PREVIOUS_VALID_SECONDS));
    }

    /** Name of the headless Service. */
    public String nodesService() {
        return name + "-nodes";
    }

    /** Whether the nodes keep an append-only file. */
    public boolean appendOnly() {
        return spec.persistence().mode() == Persistence.Mode.AppendOnly;
    }

    /** Whether /data is a volume claim. */
    public boolean hasClaim() {
        return spec.persistence().storage() != null;
    }

    /** Name of the pod with the given ordinal. */
    public String pod(int ordinal) {
        return name + "-" + ordinal;
    }

    /** Owner reference that lets Kubernetes' garbage collection remove an object with its group. */
    public OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(RedisReplicationGroup.GROUP + "/" + RedisReplicationGroup.VERSION)
                .withKind(RedisReplicationGroup.KIND)
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
