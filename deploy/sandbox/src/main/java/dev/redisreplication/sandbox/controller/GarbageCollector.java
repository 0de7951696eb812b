package dev.redisreplication.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ApiException;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Deletes what has lost its last owner, and does the work that foreground deletion and orphaning wait for. */
public final class GarbageCollector implements AutoCloseable {
    private static final WriteOptions OPTIONS = WriteOptions.of("kube-controller-manager");

    private final Api api;
    private final Loop loop;

    private record Listed(ResourceType type, ObjectNode object) {}

    public GarbageCollector(Api api) {
        this.api = api;
        loop = new Loop("garbage", this::collect);
        api.onDeletions(loop::wake);
    }

    @Override
    public void close() {
        loop.close();
    }

    private void collect() {
        List<Listed> all = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        for (ResourceType type : api.types().all()) {
            if (kinds.add(type.qualified())) {
                api.list(type, "", o -> true).forEach(o -> all.add(new Listed(type, o)));
            }
        }
        Set<String> present = new HashSet<>();
        Set<String> foreground = new HashSet<>();
        all.forEach(f -> {
            present.add(Json.uid(f.object()));
            if (hasFinalizer(f.object(), "foregroundDeletion") && Json.deleting(f.object())) {
                foreground.add(Json.uid(f.object()));
            }
        });
        for (Listed found : all) {
            if (Json.deleting(found.object()) && hasFinalizer(found.object(), "orphan")) {
                orphan(found, all);
                // What was read before this is out of date, and this wakes the loop again.
                return;
            }
        }
        for (Listed found : all) {
            JsonNode owners = Json.at(found.object(), "metadata", "ownerReferences");
            boolean wanted = owners.isEmpty();
            for (JsonNode owner : owners) {
                String uid = Json.text(owner, "uid");
                wanted |= present.contains(uid) && !foreground.contains(uid);
            }
            if (!wanted && !Json.deleting(found.object())) {
                delete(found, owners, foreground);
            }
        }
        for (Listed found : all) {
            if (foreground.contains(Json.uid(found.object()))
                    && dependents(found.object()).isEmpty()) {
                dropFinalizer(found, "foregroundDeletion");
            }
        }
    }

    private void delete(Listed found, JsonNode owners, Set<String> foreground) {
        boolean front = false;
        for (JsonNode owner : owners) {
            front |= foreground.contains(Json.text(owner, "uid"));
        }
        ObjectNode options = Json.object().put("propagationPolicy", front ? "Foreground" : "Background");
        options.putObject("preconditions").put("uid", Json.uid(found.object()));
        try {
            api.delete(found.type(), Json.namespace(found.object()), Json.name(found.object()), options, false);
        } catch (ApiException e) {
            // Somebody else was faster, or it has a new life under its old name.
        }
    }

    /** What blocks the end of the owner's foreground deletion. */
    private List<ObjectNode> dependents(ObjectNode owner) {
        List<ObjectNode> dependents = new ArrayList<>();
        for (ResourceType type : api.types().all()) {
            dependents.addAll(api.list(type, "", o -> {
                for (JsonNode reference : Json.at(o, "metadata", "ownerReferences")) {
                    if (Json.text(reference, "uid").equals(Json.uid(owner))
                            && reference.path("blockOwnerDeletion").asBoolean(false)) {
                        return true;
                    }
                }
                return false;
            }));
        }
        return dependents;
    }

    private void orphan(Listed owner, List<Listed> all) {
        String uid = Json.uid(owner.object());
        for (Listed found : all) {
            if (Owners.has(found.object(), uid)) {
                Owners.drop(api, found.type(), found.object(), uid, OPTIONS);
            }
        }
        dropFinalizer(owner, "orphan");
    }

    private static boolean hasFinalizer(ObjectNode object, String name) {
        for (JsonNode finalizer : Json.at(object, "metadata", "finalizers")) {
            if (finalizer.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private void dropFinalizer(Listed found, String name) {
        api.edit(found.type(), Json.namespace(found.object()), Json.name(found.object()), "", OPTIONS, object -> {
            if (Json.at(object, "metadata", "finalizers") instanceof ArrayNode finalizers) {
                for (int i = finalizers.size() - 1; i >= 0; i--) {
                    if (finalizers.get(i).asText().equals(name)) {
                        finalizers.remove(i);
                    }
                }
            }
            return object;
        });
    }
}
