package dev.redisreplication.sandbox.kubelet;

import java.util.List;
import java.util.Map;

/**
 * What stands in for a container image.
 *
 * @param name the image's name without its tag, such as {@code redis-replication/node}
 * @param entrypoint the local command that its ENTRYPOINT becomes; empty: the container's own command is run as it is
 * @param environment variables added to those of the pod; {@code $(POD_IP)} becomes the pod's address, which emulates
 *     the network namespace: each pod may use the same ports
 * @param tools what else can be run in it by name, each as the text of a shell script
 */
public record Image(String name, List<String> entrypoint, Map<String, String> environment, Map<String, String> tools) {
    /** One that holds nothing but what its ENTRYPOINT is. */
    public Image(String name, List<String> entrypoint, Map<String, String> environment) {
        this(name, entrypoint, environment, Map.of());
    }

    /** Whether the reference of a container, with its tag or digest, means this image. */
    boolean matches(String reference) {
        String withoutDigest = reference.split("@", 2)[0];
        int colon = withoutDigest.lastIndexOf(':');
        String bare = colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(0, colon) : withoutDigest;
        return bare.equals(name);
    }
}
