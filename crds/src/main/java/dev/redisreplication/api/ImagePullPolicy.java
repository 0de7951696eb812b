package dev.redisreplication.api;

/** When the kubelet pulls an image, as Kubernetes names it. */
public enum ImagePullPolicy {
    Always,
    IfNotPresent,
    Never
}
