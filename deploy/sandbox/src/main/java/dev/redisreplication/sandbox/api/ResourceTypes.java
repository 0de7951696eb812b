package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.ModelSchemas;
import dev.redisreplication.sandbox.schema.Schema;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The kinds that are served: the built-in ones and those that CustomResourceDefinitions add. Thread-safe. */
public final class ResourceTypes {
    private final List<ResourceType> types = new CopyOnWriteArrayList<>();

    ResourceTypes() {
        add("", "v1", "namespaces", "Namespace", List.of("ns"), false, true, Namespace.class);
        add("", "v1", "nodes", "Node", List.of("no"), false, true, Node.class);
        add("", "v1", "pods", "Pod", List.of("po"), true, true, Pod.class);
        add("", "v1", "services", "Service", List.of("svc"), true, true, Service.class);
        add("", "v1", "endpoints", "Endpoints", List.of("ep"), true, false, Endpoints.class);
        add("", "v1", "secrets", "Secret", List.of(), true, false, Secret.class);
        add("", "v1", "configmaps", "ConfigMap", List.of("cm"), true, false, ConfigMap.class);
        add("", "v1", "serviceaccounts", "ServiceAccount", List.of("sa"), true, false, ServiceAccount.class);
        add("", "v1", "events", "Event", List.of("ev"), true, false, Event.class);
        add(
                "",
                "v1",
                "persistentvolumeclaims",
                "PersistentVolumeClaim",
                List.of("pvc"),
                true,
                true,
                PersistentVolumeClaim.class);
        add("apps", "v1", "statefulsets", "StatefulSet", List.of("sts"), true, true, StatefulSet.class);
        add(
                "policy",
                "v1",
                "poddisruptionbudgets",
                "PodDisruptionBudget",
                List.of("pdb"),
                true,
                true,
                PodDisruptionBudget.class);
        add("coordination.k8s.io", "v1", "leases", "Lease", List.of(), true, false, Lease.class);
        add("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", List.of(), true, false, EndpointSlice.class);
        add(
                "events.k8s.io",
                "v1",
                "events",
                "Event",
                List.of("ev"),
                true,
                false,
                io.fabric8.kubernetes.api.model.events.v1.Event.class);
        add("rbac.authorization.k8s.io", "v1", "roles", "Role", List.of(), true, false, Role.class);
        add(
                "rbac.authorization.k8s.io",
                "v1",
                "rolebindings",
                "RoleBinding",
                List.of(),
                true,
                false,
                RoleBinding.class);
        add(
                "rbac.authorization.k8s.io",
                "v1",
                "clusterroles",
                "ClusterRole",
                List.of(),
                false,
                false,
                ClusterRole.class);
        add(
                "rbac.authorization.k8s.io",
                "v1",
                "clusterrolebindings",
                "ClusterRoleBinding",
                List.of(),
                false,
                false,
                ClusterRoleBinding.class);
        add(
                "apiextensions.k8s.io",
                "v1",
                "customresourcedefinitions",
                "CustomResourceDefinition",
                List.of("crd", "crds"),
                false,
                true,
                CustomResourceDefinition.class);
    }

    private void add(
            String group,
            String version,
            String plural,
            String kind,
            List<String> shortNames,
            boolean namespaced,
            boolean status,
            Class<?> model) {
        String singular = kind.toLowerCase(Locale.ROOT);
        JsonNode scale = kind.equals("StatefulSet")
                ? Json.object().put("specReplicasPath", ".spec.replicas").put("statusReplicasPath", ".status.replicas")
                : null;
        types.add(new ResourceType(
                group,
                version,
                plural,
                singular,
                kind,
                shortNames,
                namespaced,
                status,
                scale,
                ModelSchemas.of(model),
                null));
    }

    /** All kinds, in the order of their making. */
    public List<ResourceType> all() {
        return types;
    }

    /** The kind at a path of the API. */
    public Optional<ResourceType> find(String group, String version, String plural) {
        return types.stream()
                .filter(t -> t.group().equals(group)
                        && t.version().equals(version)
                        && t.plural().equals(plural))
                .findFirst();
    }

    /** The kind that an object says it is of. */
    public Optional<ResourceType> ofObject(JsonNode object) {
        String apiVersion = Json.text(object, "apiVersion");
        String kind = Json.text(object, "kind");
        return types.stream()
                .filter(t -> t.apiVersion().equals(apiVersion) && t.kind().equals(kind))
                .findFirst();
    }

    /** A built-in kind that is certainly there. */
    public ResourceType builtIn(String plural) {
        return types.stream()
                .filter(t -> t.plural().equals(plural) && !t.custom())
                .findFirst()
                .orElseThrow();
    }

    /** Serves what a CustomResourceDefinition defines, in place of what it defined before. */
    void define(ObjectNode crd) {
        JsonNode spec = crd.path("spec");
        JsonNode names = spec.path("names");
        List<ResourceType> made = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (!version.path("served").asBoolean()) {
                continue;
            }
            List<String> shortNames = new ArrayList<>();
            names.path("shortNames").forEach(n -> shortNames.add(n.asText()));
            JsonNode columns = version.path("additionalPrinterColumns");
            JsonNode scale = Json.at(version, "subresources", "scale");
            made.add(new ResourceType(
                    Json.text(spec, "group"),
                    Json.text(version, "name"),
                    Json.text(names, "plural"),
                    Json.text(names, "singular"),
                    Json.text(names, "kind"),
                    List.copyOf(shortNames),
                    Json.text(spec, "scope").equals("Namespaced"),
                    Json.at(version, "subresources").has("status"),
                    scale.isObject() ? scale : null,
                    new Schema(Json.at(version, "schema", "openAPIV3Schema")),
                    columns.isArray() ? columns : Json.array()));
        }
        undefine(crd);
        types.addAll(made);
    }

    /** Serves it no more. */
    void undefine(ObjectNode crd) {
        String group = Json.text(crd, "spec", "group");
        String plural = Json.text(crd, "spec", "names", "plural");
        types.removeIf(t -> t.custom() && t.group().equals(group) && t.plural().equals(plural));
    }
}
