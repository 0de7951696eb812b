package dev.redisreplication.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.Selector;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Pods of StatefulSets: stable names, claims from templates, Parallel and OrderedReady, OnDelete and a RollingUpdate that
 * replaces one pod at a time from the highest ordinal. It also does the scheduler's part: there is one node.
 */
public final class StatefulSets implements AutoCloseable {
    /** The only node. */
    public static final String NODE = "sandbox";

    private static final WriteOptions OPTIONS = WriteOptions.of("kube-controller-manager");
    private static final String REVISION = "controller-revision-hash";

    private final Api api;
    private final ResourceType sets;
    private final ResourceType pods;
    private final Loop loop;

    public StatefulSets(Api api) {
        this.api = api;
        sets = api.type("statefulsets");
        pods = api.type("pods");
        loop = new Loop("statefulsets", this::reconcileAll);
        api.listen(sets, (object, removed) -> loop.wake());
        api.listen(pods, (object, removed) -> loop.wake());
    }

    @Override
    public void close() {
        loop.close();
    }

    private void reconcileAll() {
        RuntimeException failed = null;
        for (ObjectNode set : api.list(sets, "", o -> true)) {
            try {
                if (!Json.deleting(set)) {
                    release(set);
                    adopt(set);
                    reconcile(set, podsOf(set));
                }
                writeStatus(set, podsOf(set));
            } catch (RuntimeException e) {
                // The other sets must not wait for this one.
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** A pod whose labels the selector does not take any more is left to itself. */
    private void release(ObjectNode set) {
        for (ObjectNode pod : podsOf(set).values()) {
            if (!selects(set, pod) && !Json.deleting(pod)) {
                Owners.drop(api, pods, pod, Json.uid(set), OPTIONS);
            }
        }
    }

    /** Pods of the set's names and labels that nobody controls are the set's, whoever made them. */
    private void adopt(ObjectNode set) {
        for (ObjectNode pod :
                api.list(pods, Json.namespace(set), o -> Owners.controller(o).isEmpty())) {
            if (ordinal(set, pod) >= 0 && selects(set, pod) && !Json.deleting(pod)) {
                api.edit(pods, Json.namespace(pod), Json.name(pod), "", OPTIONS, current -> {
                    if (Json.uid(current).equals(Json.uid(pod))
                            && Owners.controller(current).isEmpty()) {
                        Owners.addController(current, set);
                    }
                    return current;
                });
            }
        }
    }

    private static boolean selects(ObjectNode set, ObjectNode pod) {
        return Selector.ofObject(Json.at(set, "spec", "selector")).test(pod);
    }

    private NavigableMap<Integer, ObjectNode> podsOf(ObjectNode set) {
        NavigableMap<Integer, ObjectNode> mine = new TreeMap<>();
        for (ObjectNode pod :
                api.list(pods, Json.namespace(set), o -> Owners.controller(o).equals(Json.uid(set)))) {
            int ordinal = ordinal(set, pod);
            if (ordinal >= 0) {
                mine.put(ordinal, pod);
            }
        }
        return mine;
    }

    /** The number in a name that is one of the set's, or -1. */
    private static int ordinal(ObjectNode set, ObjectNode pod) {
        String prefix = Json.name(set) + "-";
        String number = Json.name(pod).startsWith(prefix) ? Json.name(pod).substring(prefix.length()) : "";
        return number.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(number) : -1;
    }

    private void reconcile(ObjectNode set, NavigableMap<Integer, ObjectNode> mine) {
        int replicas = Json.at(set, "spec", "replicas").asInt(1);
        boolean parallel = Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            ObjectNode pod = mine.get(ordinal);
            // A pod of that name that is not the set's is in the way until it goes, which wakes this loop.
            if (pod == null && api.find(pods, Json.namespace(set), Json.name(set) + "-" + ordinal) == null) {
                claims(set, ordinal);
                api.create(pods, Json.namespace(set), newPod(set, ordinal), OPTIONS);
            }
            if (!parallel && (pod == null || !isReady(pod))) {
                return;
            }
        }
        for (ObjectNode extra : mine.tailMap(replicas, true).descendingMap().values()) {
            if (!Json.deleting(extra)) {
                api.delete(pods, Json.namespace(extra), Json.name(extra), Json.object(), false);
            }
            if (!parallel) {
                return;
            }
        }
        if (Json.text(set, "spec", "updateStrategy", "type").equals("RollingUpdate")) {
            roll(set, mine);
        }
    }

    private void roll(ObjectNode set, NavigableMap<Integer, ObjectNode> mine) {
        String wanted = revision(set);
        for (ObjectNode pod : mine.descendingMap().values()) {
            boolean current = Json.text(pod, "metadata", "labels", REVISION).equals(wanted);
            if (!current && !Json.deleting(pod)) {
                api.delete(pods, Json.namespace(pod), Json.name(pod), Json.object(), false);
                return;
            }
            if (!isReady(pod) || Json.deleting(pod)) {
                return;
            }
        }
    }

    private void claims(ObjectNode set, int ordinal) {
        ResourceType claims = api.type("persistentvolumeclaims");
        for (JsonNode template : Json.at(set, "spec", "volumeClaimTemplates")) {
            String name = Json.name(template) + "-" + Json.name(set) + "-" + ordinal;
            if (api.find(claims, Json.namespace(set), name) == null) {
                ObjectNode claim = template.deepCopy();
                claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
                claim.remove("status");
                ObjectNode metadata = Json.child(claim, "metadata").put("name", name);
                JsonNode labels = Json.at(set, "spec", "selector", "matchLabels");
                labels.properties().forEach(e -> Json.child(metadata, "labels").set(e.getKey(), e.getValue()));
                api.create(claims, Json.namespace(set), claim, OPTIONS);
            }
        }
    }

    private ObjectNode newPod(ObjectNode set, int ordinal) {
        ObjectNode template = Json.at(set, "spec", "template").deepCopy();
        String name = Json.name(set) + "-" + ordinal;
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = Json.child(template, "metadata");
        metadata.remove("creationTimestamp");
        metadata.put("name", name).put("generateName", Json.name(set) + "-");
        Json.child(metadata, "labels")
                .put("statefulset.kubernetes.io/pod-name", name)
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
                .put(REVISION, revision(set));
        metadata.remove("ownerReferences");
        pod.set("metadata", metadata);
        Owners.addController(pod, set);
        ObjectNode spec = Json.child(template, "spec");
        spec.put("hostname", name).put("nodeName", NODE);
        spec.put("subdomain", Json.text(set, "spec", "serviceName"));
        List<ObjectNode> volumes = new ArrayList<>();
        for (JsonNode claim : Json.at(set, "spec", "volumeClaimTemplates")) {
            ObjectNode volume = Json.object().put("name", Json.name(claim));
            volume.putObject("persistentVolumeClaim").put("claimName", Json.name(claim) + "-" + name);
            volumes.add(volume);
        }
        if (!volumes.isEmpty()) {
            ArrayNode all = spec.get("volumes") instanceof ArrayNode array ? array : spec.putArray("volumes");
            all.addAll(volumes);
        }
        pod.set("spec", spec);
        return pod;
    }

    private void writeStatus(ObjectNode set, NavigableMap<Integer, ObjectNode> mine) {
        String wanted = revision(set);
        long ready = mine.values().stream().filter(StatefulSets::isReady).count();
        long updated = mine.values().stream()
                .filter(p -> Json.text(p, "metadata", "labels", REVISION).equals(wanted))
                .count();
        api.edit(sets, Json.namespace(set), Json.name(set), "status", OPTIONS, current -> {
            ObjectNode status = Json.child(current, "status");
            String before = Json.text(status, "currentRevision");
            boolean all = updated == mine.size();
            status.put(
                    "observedGeneration", Json.at(set, "metadata", "generation").asLong());
            status.put("replicas", mine.size()).put("readyReplicas", ready).put("availableReplicas", ready);
            status.put("currentRevision", all || before.isEmpty() ? wanted : before);
            status.put("updateRevision", wanted).put("updatedReplicas", updated);
            status.put("currentReplicas", all ? updated : mine.size() - updated);
            return status.has("collisionCount") ? current : with(current, status.put("collisionCount", 0));
        });
    }

    private static ObjectNode with(ObjectNode object, ObjectNode status) {
        object.set("status", status);
        return object;
    }

    static boolean isReady(JsonNode pod) {
        for (JsonNode condition : Json.at(pod, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return false;
    }

    private static String revision(ObjectNode set) {
        return Json.name(set) + "-"
                + Integer.toHexString(
                        Json.write(Json.at(set, "spec", "template")).hashCode());
    }
}
