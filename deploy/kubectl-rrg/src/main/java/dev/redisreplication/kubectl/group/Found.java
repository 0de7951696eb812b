package dev.redisreplication.kubectl.group;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A group that the user means.
 *
 * @param namespace where it is
 * @param name the group's
 * @param pod the one of its pods that the user named, or empty
 */
public record Found(KubernetesClient client, String namespace, String name, String pod) {
    private static final String GROUP_LABEL = "redis-replication.dev/group";
    private static final int NOT_FOUND = 404;

    /**
     * Finds it.
     *
     * @param target name of a group or of one of its pods; empty: the namespace has one group only
     * @throws Failure when there is none, or several
     */
    public static Found find(KubernetesClient client, String namespace, String target) {
        List<String> all = names(client, namespace);
        if (target.isEmpty()) {
            return switch (all.size()) {
                case 0 -> throw new Failure("there is no group in the namespace " + namespace);
                case 1 -> new Found(client, namespace, all.getFirst(), "");
                default -> throw new Failure("say which group: " + String.join(", ", all));
            };
        }
        if (all.contains(target)) {
            return new Found(client, namespace, target, "");
        }
        Pod pod = client.pods().inNamespace(namespace).withName(target).get();
        String owner = pod == null ? "" : label(pod);
        if (all.contains(owner)) {
            return new Found(client, namespace, owner, target);
        }
        throw new Failure("\"" + target + "\" is neither a group nor a pod of one in the namespace " + namespace
                + (all.isEmpty() ? ", which has none" : "; its groups: " + String.join(", ", all)));
    }

    /** Names of the namespace's groups, in order. */
    public static List<String> names(KubernetesClient client, String namespace) {
        try {
            return client.resources(RedisReplicationGroup.class).inNamespace(namespace).list().getItems().stream()
                    .map(group -> group.getMetadata().getName())
                    .sorted()
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                throw new Failure("this cluster knows no RedisReplicationGroup: is the operator installed?");
            }
            throw e;
        }
    }

    private static String label(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels())
                .map(labels -> labels.getOrDefault(GROUP_LABEL, ""))
                .orElse("");
    }

    /** The resource, to be read or changed. */
    public Resource<RedisReplicationGroup> resource() {
        return client.resources(RedisReplicationGroup.class)
                .inNamespace(namespace)
                .withName(name);
    }

    /** The group as it is now. */
    public RedisReplicationGroup read() {
        RedisReplicationGroup group = resource().get();
        if (group == null) {
            throw new Failure("the group " + name + " has been deleted");
        }
        if (group.getStatus() == null) {
            group.setStatus(RedisReplicationGroupStatus.empty());
        }
        return group;
    }

    /** Its pods, in the order of their ordinals; those of the named one only, if there is one. */
    public List<Pod> pods() {
        List<Pod> pods = client.pods().inNamespace(namespace).withLabel(GROUP_LABEL, name).list().getItems().stream()
                .filter(p -> pod.isEmpty() || p.getMetadata().getName().equals(pod))
                .sorted(Comparator.comparing(
                                (Pod p) -> p.getMetadata().getName().length())
                        .thenComparing(p -> p.getMetadata().getName()))
                .toList();
        return pods;
    }

    /** The pod that the user named, or else the master's. */
    public String podOrMaster() {
        if (!pod.isEmpty()) {
            return pod;
        }
        String master = read().getStatus().master();
        if (master == null) {
            throw new Failure("the group " + name + " has no master now; name a pod: "
                    + pods().stream().map(p -> p.getMetadata().getName()).collect(Collectors.joining(", ")));
        }
        return master;
    }
}
