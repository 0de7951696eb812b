package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The defaults of built-in kinds that anything here depends on. A real API server sets many more; whoever compares what
 * it wrote with what it reads should write its defaults out.
 */
final class BuiltInDefaults {
    private BuiltInDefaults() {}

    static void apply(ResourceType type, ObjectNode old, ObjectNode object, Admission.AddressPool addresses) {
        switch (type.kind()) {
            case "Namespace" -> {
                ObjectNode spec = Json.child(object, "spec");
                spec.remove("finalizers");
                object.putObject("status").put("phase", Json.deleting(object) ? "Terminating" : "Active");
            }
            case "Secret" -> {
                Admission.encodeSecret(object);
                object.put("type", object.path("type").asText("Opaque"));
            }
            case "Service" -> service(old, object, addresses);
            case "Pod" -> {
                podSpec(Json.child(object, "spec"));
                if (old == null) {
                    object.putObject("status").put("phase", "Pending");
                }
            }
            case "StatefulSet" -> {
                ObjectNode spec = Json.child(object, "spec");
                absent(spec, "replicas", 1);
                absent(spec, "podManagementPolicy", "OrderedReady");
                absent(spec, "revisionHistoryLimit", 10);
                absent(Json.child(spec, "updateStrategy"), "type", "RollingUpdate");
                podSpec(Json.child(Json.child(spec, "template"), "spec"));
            }
            case "PersistentVolumeClaim" -> {
                if (old == null) {
                    ObjectNode status = object.putObject("status").put("phase", "Bound");
                    status.set("capacity", Json.at(object, "spec", "resources", "requests"));
                    status.set("accessModes", Json.at(object, "spec", "accessModes"));
                    absent(Json.child(object, "spec"), "volumeName", "pvc-" + Json.uid(object));
                }
            }
            case "CustomResourceDefinition" -> {
                ObjectNode names = Json.child(Json.child(object, "spec"), "names");
                String kind = Json.text(names, "kind");
                absent(names, "singular", kind.toLowerCase(Locale.ROOT));
                absent(names, "listKind", kind + "List");
            }
            default -> {
                // Nothing is needed.
            }
        }
    }

    private static void service(ObjectNode old, ObjectNode service, Admission.AddressPool addresses) {
        ObjectNode spec = Json.child(service, "spec");
        absent(spec, "type", "ClusterIP");
        absent(spec, "sessionAffinity", "None");
        absent(spec, "internalTrafficPolicy", "Cluster");
        absent(spec, "ipFamilyPolicy", "SingleStack");
        String before = Json.text(old, "spec", "clusterIP");
        if (!before.isEmpty()) {
            spec.put("clusterIP", before);
        } else if (Json.text(spec, "clusterIP").isEmpty()) {
            spec.put("clusterIP", addresses.take());
        }
        spec.putArray("clusterIPs").add(Json.text(spec, "clusterIP"));
        spec.putArray("ipFamilies").add("IPv4");
        for (JsonNode port : spec.path("ports")) {
            ObjectNode entry = (ObjectNode) port;
            absent(entry, "protocol", "TCP");
            if (!entry.has("targetPort")) {
                entry.set("targetPort", entry.get("port"));
            }
        }
        if (!service.has("status")) {
            service.putObject("status").putObject("loadBalancer");
        }
    }

    private static void podSpec(ObjectNode spec) {
        absent(spec, "restartPolicy", "Always");
        absent(spec, "dnsPolicy", "ClusterFirst");
        absent(spec, "schedulerName", "default-scheduler");
        absent(spec, "terminationGracePeriodSeconds", 30);
        Json.child(spec, "securityContext");
        for (JsonNode node : spec.path("containers")) {
            ObjectNode container = (ObjectNode) node;
            absent(container, "imagePullPolicy", "IfNotPresent");
            absent(container, "terminationMessagePath", "/dev/termination-log");
            absent(container, "terminationMessagePolicy", "File");
            Json.child(container, "resources");
            container.path("ports").forEach(p -> absent((ObjectNode) p, "protocol", "TCP"));
            for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                if (container.get(name) instanceof ObjectNode probe) {
                    absent(probe, "timeoutSeconds", 1);
                    absent(probe, "periodSeconds", 10);
                    absent(probe, "successThreshold", 1);
                    absent(probe, "failureThreshold", 3);
                    if (probe.get("httpGet") instanceof ObjectNode get) {
                        absent(get, "scheme", "HTTP");
                    }
                }
            }
        }
    }

    /** A definition is served as soon as it is stored. */
    static void establish(ObjectNode crd) {
        ObjectNode status = Json.child(crd, "status");
        JsonNode names = Json.at(crd, "spec", "names");
        if (status.path("acceptedNames").equals(names)) {
            return;
        }
        status.set("acceptedNames", names.deepCopy());
        ArrayNode conditions = Admission.condition("NamesAccepted", "NoConflicts", "no conflicts found");
        conditions.addAll(
                Admission.condition("Established", "InitialNamesAccepted", "the initial names have been accepted"));
        status.set("conditions", conditions);
        ArrayNode stored = status.putArray("storedVersions");
        for (JsonNode version : Json.at(crd, "spec", "versions")) {
            if (version.path("storage").asBoolean()) {
                stored.add(Json.text(version, "name"));
            }
        }
    }

    /** Of a StatefulSet's spec only some fields may change. */
    static List<FieldError> statefulSetChange(ObjectNode old, ObjectNode now) {
        List<String> free = List.of(
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "revisionHistoryLimit",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds");
        ObjectNode before = ((ObjectNode) old.path("spec")).deepCopy().remove(free);
        ObjectNode after = ((ObjectNode) now.path("spec")).deepCopy().remove(free);
        List<FieldError> errors = new ArrayList<>();
        if (!before.equals(after)) {
            errors.add(FieldError.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                            + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                            + "'minReadySeconds' are forbidden"));
        }
        return errors;
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }
}
