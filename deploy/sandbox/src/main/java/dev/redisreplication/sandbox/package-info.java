/**
 * The whole system on one machine with nothing but a JDK: an API server, controllers, a kubelet that runs containers as
 * processes, and a demonstration on top. {@link dev.redisreplication.sandbox.Sandbox} puts the parts together.
 *
 * <p>What it cannot show, the tests on a real cluster do: images and registries, network policy and partitions, resource
 * limits, several Kubernetes nodes, admission webhooks, authorisation (everybody may do everything), the API server's
 * restart, DNS names of pods and Services, CEL's own function libraries and cost limits, protobuf bodies
 * ({@code kubectl create namespace}; {@code apply -f} works). What it does sooner than a real cluster: the end of a
 * container is in the pod's status at once, where a real kubelet looks each second.
 */
package dev.redisreplication.sandbox;
