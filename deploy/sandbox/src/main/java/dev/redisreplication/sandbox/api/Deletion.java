package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The rules of deletion: preconditions, grace for pods, finalizers, propagation. */
final class Deletion {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private Deletion() {}

    static void checkPreconditions(ResourceType type, ObjectNode object, JsonNode options) {
        String uid = Json.text(options, "preconditions", "uid");
        String version = Json.text(options, "preconditions", "resourceVersion");
        if (!uid.isEmpty() && !uid.equals(Json.uid(object))) {
            throw ApiException.conflict(
                    type,
                    Json.name(object),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(object));
        }
        if (!version.isEmpty() && !version.equals(Json.text(object, "metadata", "resourceVersion"))) {
            throw ApiException.modified(type, Json.name(object));
        }
    }

    /**
     * Writes into the object that it is being deleted.
     *
     * @return whether it stays for now, because a kubelet or a finalizer has work to do
     */
    static boolean mark(ResourceType type, ObjectNode object, JsonNode options) {
        ObjectNode metadata = Json.child(object, "metadata");
        String propagation = Json.text(options, "propagationPolicy");
        if (propagation.equals("Foreground")) {
            addFinalizer(metadata, FOREGROUND);
        } else if (propagation.equals("Orphan")
                || options.path("orphanDependents").asBoolean(false)) {
            addFinalizer(metadata, ORPHAN);
        }
        long grace = type.kind().equals("Pod") ? podGrace(object, options) : 0;
        boolean waiting = grace > 0 || !Json.at(metadata, "finalizers").isEmpty();
        if (!Json.deleting(object)) {
            Instant at = Instant.now().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS);
            metadata.put("deletionTimestamp", at.toString());
            metadata.put("deletionGracePeriodSeconds", grace);
            if (type.hasGeneration() && waiting) {
                metadata.put("generation", metadata.path("generation").asLong(0) + 1);
            }
        } else if (grace < metadata.path("deletionGracePeriodSeconds").asLong(0)) {
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        return waiting;
    }

    /** A pod that runs nowhere, or has ended, needs no grace. */
    private static long podGrace(ObjectNode pod, JsonNode options) {
        String phase = Json.text(pod, "status", "phase");
        if (Json.text(pod, "spec", "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        long wanted = options.hasNonNull("gracePeriodSeconds")
                ? options.path("gracePeriodSeconds").asLong()
                : Json.at(pod, "spec", "terminationGracePeriodSeconds").asLong(30);
        JsonNode already = Json.at(pod, "metadata", "deletionGracePeriodSeconds");
        return already.isNumber() ? Math.min(wanted, already.asLong()) : wanted;
    }

    private static void addFinalizer(ObjectNode metadata, String name) {
        ArrayNode finalizers =
                metadata.get("finalizers") instanceof ArrayNode array ? array : metadata.putArray("finalizers");
        for (JsonNode finalizer : finalizers) {
            if (finalizer.asText().equals(name)) {
                return;
            }
        }
        finalizers.add(name);
    }
}
