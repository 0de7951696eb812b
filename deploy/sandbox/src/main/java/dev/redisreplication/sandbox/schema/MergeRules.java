package dev.redisreplication.sandbox.schema;

import java.util.Map;
import java.util.Set;

/**
 * How lists and maps of the built-in kinds merge, as the {@code +listType}, {@code +listMapKey} and {@code +mapType}
 * markers of Kubernetes' types say. A list without a rule is atomic, a map granular.
 */
final class MergeRules {
    private static final Map<String, String> RULES = Map.ofEntries(
            Map.entry("PodSpec.containers", "name"),
            Map.entry("PodSpec.initContainers", "name"),
            Map.entry("PodSpec.ephemeralContainers", "name"),
            Map.entry("PodSpec.volumes", "name"),
            Map.entry("PodSpec.imagePullSecrets", "name"),
            Map.entry("PodSpec.hostAliases", "ip"),
            Map.entry("PodSpec.schedulingGates", "name"),
            Map.entry("PodSpec.resourceClaims", "name"),
            Map.entry("PodSpec.topologySpreadConstraints", "topologyKey,whenUnsatisfiable"),
            Map.entry("PodSpec.nodeSelector", "atomic"),
            Map.entry("PodStatus.conditions", "type"),
            Map.entry("PodStatus.podIPs", "ip"),
            Map.entry("PodStatus.hostIPs", ""),
            Map.entry("Container.ports", "containerPort,protocol"),
            Map.entry("Container.env", "name"),
            Map.entry("Container.volumeMounts", "mountPath"),
            Map.entry("Container.volumeDevices", "devicePath"),
            Map.entry("ServiceSpec.ports", "port,protocol"),
            Map.entry("ServiceSpec.selector", "atomic"),
            Map.entry("ServiceStatus.conditions", "type"),
            Map.entry("StatefulSetStatus.conditions", "type"),
            Map.entry("PodDisruptionBudgetStatus.conditions", "type"),
            Map.entry("PersistentVolumeClaimStatus.conditions", "type"),
            Map.entry("NamespaceStatus.conditions", "type"),
            Map.entry("NodeStatus.conditions", "type"),
            Map.entry("NodeStatus.addresses", "type"),
            Map.entry("CustomResourceDefinitionStatus.conditions", "type"),
            Map.entry("EndpointSlice.ports", ""),
            Map.entry("ServiceAccount.secrets", "name"),
            Map.entry("ObjectMeta.ownerReferences", "uid"),
            Map.entry("ObjectMeta.finalizers", "set"));

    private static final Set<String> ATOMIC_TYPES = Set.of(
            "LabelSelector",
            "SecretKeySelector",
            "ConfigMapKeySelector",
            "ObjectFieldSelector",
            "ResourceFieldSelector",
            "LocalObjectReference",
            "ObjectReference",
            "OwnerReference",
            "NodeSelector",
            "NodeSelectorTerm",
            "TypedLocalObjectReference",
            "SecretReference");

    private MergeRules() {}

    /** The keys of an associative list (comma-separated), {@code set}, {@code atomic}, or empty for the usual. */
    static String of(String model, String field) {
        return RULES.getOrDefault(model + "." + field, "");
    }

    /** Objects that are owned whole. */
    static Set<String> atomicTypes() {
        return ATOMIC_TYPES;
    }
}
