package dev.redisreplication.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;

/** Who an object belongs to: its {@code ownerReferences}, of which one at most is of its controller. */
final class Owners {
    private Owners() {}

    /** Whether the owner with the uid is one of the object's. */
    static boolean has(JsonNode object, String uid) {
        for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
            if (Json.text(owner, "uid").equals(uid)) {
                return true;
            }
        }
        return false;
    }

    /** The uid of the object's controller, or empty. */
    static String controller(JsonNode object) {
        for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                return Json.text(owner, "uid");
            }
        }
        return "";
    }

    /** Writes into the object that the owner controls it; it has no other controller. */
    static void addController(ObjectNode object, ObjectNode owner) {
        ObjectNode metadata = Json.child(object, "metadata");
        ArrayNode owners = metadata.get("ownerReferences") instanceof ArrayNode array
                ? array
                : metadata.putArray("ownerReferences");
        owners.addObject()
                .put("apiVersion", Json.text(owner, "apiVersion"))
                .put("kind", Json.text(owner, "kind"))
                .put("name", Json.name(owner))
                .put("uid", Json.uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** Takes the owner off the stored object; with it the whole list when it was the last. */
    static void drop(Api api, ResourceType type, ObjectNode object, String uid, WriteOptions options) {
        api.edit(type, Json.namespace(object), Json.name(object), "", options, current -> {
            if (Json.at(current, "metadata", "ownerReferences") instanceof ArrayNode owners) {
                for (int i = owners.size() - 1; i >= 0; i--) {
                    if (Json.text(owners.get(i), "uid").equals(uid)) {
                        owners.remove(i);
                    }
                }
                if (owners.isEmpty()) {
                    Json.child(current, "metadata").remove("ownerReferences");
                }
            }
            return current;
        });
    }
}
