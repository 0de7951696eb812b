package dev.redisreplication.operator.observe;

/**
 * What the API server says of a member's pod.
 *
 * @param uid the pod's uid
 * @param containerId id of the container {@code node} as last reported, "" while there is none
 * @param terminated true if the kubelet reported that this very container ended and none has started since, or that the
 *     pod is Failed or Succeeded. Deletion of the pod object is not an end: a pod deleted by force may still run.
 * @param ready the Ready condition
 * @param deleting a deletion timestamp is set
 * @param ip the pod's address, "" while it has none
 * @param role the role label as it is now
 */
public record PodView(
        String uid,
        String containerId,
        boolean terminated,
        boolean ready,
        boolean deleting,
        String ip,
        RoleLabel role) {}
