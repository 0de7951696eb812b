package dev.redisreplication.api.v1alpha1;

/** When the kubelet pulls an image, as Kubernetes names it. */
public enum ImagePullPolicy {
    Always,
    IfNotPresent,
    Never
}
