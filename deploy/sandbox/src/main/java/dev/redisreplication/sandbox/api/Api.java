package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.apply.ManagedFields;
import dev.redisreplication.sandbox.apply.ManagedFields.ConflictException;
import dev.redisreplication.sandbox.apply.ManagedFields.Writer;
import dev.redisreplication.sandbox.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What the API server does, without HTTP: reads, writes with optimistic concurrency and field ownership, deletion with
 * grace, finalizers and propagation, and listening. The sandbox's controllers use it directly. Thread-safe; every write
 * is done under one lock, so that reading, checking and storing are one step.
 */
public final class Api {
    private static final String STATUS = "status";

    private final ResourceTypes types = new ResourceTypes();
    private final Store store = new Store();
    private final Admission admission;

    /**
     * Starts with the namespaces that every cluster has.
     *
     * @param addresses gives each Service its cluster address
     */
    public Api(Admission.AddressPool addresses) {
        admission = new Admission(types, addresses);
        for (String namespace : List.of("default", "kube-system")) {
            ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
            object.putObject("metadata").put("name", namespace);
            create(type("namespaces"), "", object, WriteOptions.of("kube-apiserver"));
        }
    }

    public ResourceTypes types() {
        return types;
    }

    /** A built-in kind by its plural name. */
    public ResourceType type(String plural) {
        return types.builtIn(plural);
    }

    Store store() {
        return store;
    }

    /** The object, or null. */
    public ObjectNode find(ResourceType type, String namespace, String name) {
        return store.get(type, type.namespaced() ? namespace : "", name);
    }

    /** The object, which is there. */
    public ObjectNode get(ResourceType type, String namespace, String name) {
        ObjectNode object = find(type, namespace, name);
        if (object == null) {
            throw ApiException.notFound(type, name);
        }
        return object;
    }

    /** Objects of a namespace (empty: of all) that the selector takes. */
    public List<ObjectNode> list(ResourceType type, String namespace, Predicate<? super ObjectNode> selector) {
        return store.list(type, namespace, selector).items();
    }

    /** Hears of objects. Must be quick and must not write. */
    public interface Listener {
        /** The object is there, or has changed, or has been removed. */
        void changed(ObjectNode object, boolean removed);
    }

    /**
     * Tells of every object there is and every change from then on.
     *
     * @return ends it
     */
    public Runnable listen(ResourceType type, Listener listener) {
        synchronized (store) {
            store.list(type, "", o -> true).items().forEach(o -> listener.changed(o, false));
            return store.listen(
                    type,
                    store.version(),
                    event -> listener.changed(event.object(), event.change() == Store.Change.DELETED));
        }
    }

    /** Calls back whenever an object of any kind goes or begins to. Must be quick and must not write. */
    public void onDeletions(Runnable callback) {
        store.onDeletions(callback);
    }

    /** Creates the object; the tree given is not kept. */
    public ObjectNode create(ResourceType type, String namespace, ObjectNode given, WriteOptions options) {
        ObjectNode object = Json.normalized(given);
        ObjectNode metadata = Json.child(object, "metadata");
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        if (Json.name(object).isEmpty() && metadata.hasNonNull("generateName")) {
            metadata.put("name", Json.text(metadata, "generateName") + randomSuffix());
        }
        metadata.remove(List.of("managedFields", "resourceVersion", "uid", "deletionTimestamp"));
        synchronized (store) {
            requireNamespace(type, namespace);
            if (find(type, namespace, Json.name(object)) != null) {
                throw ApiException.alreadyExists(type, Json.name(object));
            }
            identify(object);
            admission.admit(type, null, object, "", options);
            ManagedFields.update(type.schema(), null, object, writer(type, "", options));
            return commit(type, null, object, options);
        }
    }

    /**
     * Replaces the object, or its status.
     *
     * @param subresource {@code status} or empty
     */
    public ObjectNode update(
            ResourceType type, String namespace, String subresource, ObjectNode given, WriteOptions options) {
        ObjectNode object = Json.normalized(given);
        synchronized (store) {
            ObjectNode old = get(type, namespace, Json.name(object));
            return replace(type, old, object, subresource, options);
        }
    }

    /**
     * Changes the object in one step; the function gets a copy and may change and return it.
     *
     * @return the object as it is then, or null when there is none
     */
    public ObjectNode edit(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            WriteOptions options,
            UnaryOperator<ObjectNode> change) {
        synchronized (store) {
            ObjectNode old = find(type, namespace, name);
            if (old == null) {
                return null;
            }
            return replace(type, old, Json.normalized(change.apply(old.deepCopy())), subresource, options);
        }
    }

    /** The same for {@code PATCH}, whose function may refuse. */
    ObjectNode patch(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            WriteOptions options,
            UnaryOperator<JsonNode> change) {
        synchronized (store) {
            ObjectNode old = get(type, namespace, name);
            if (!(change.apply(old) instanceof ObjectNode object)) {
                throw ApiException.badRequest("the patch leaves no object");
            }
            if (!Json.name(object).equals(name)) {
                throw ApiException.badRequest("the name of the object does not match the name on the URL");
            }
            return replace(type, old, object, subresource, options);
        }
    }

    /** Server-side apply. Creates the object when it is not there. */
    public ObjectNode apply(
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode given,
            WriteOptions options) {
        ObjectNode config = Json.normalized(given);
        if (options.manager().isEmpty()) {
            throw ApiException.badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: "
                    + "is required for apply patch");
        }
        if (Json.at(config, "metadata").has("managedFields")) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        ObjectNode metadata = Json.child(config, "metadata");
        if (!Json.name(config).isEmpty() && !Json.name(config).equals(name)) {
            throw ApiException.badRequest("the name of the object (" + Json.name(config)
                    + ") does not match the name on the URL (" + name + ")");
        }
        metadata.put("name", name);
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        }
        synchronized (store) {
            requireNamespace(type, namespace);
            ObjectNode old = find(type, namespace, name);
            if (old == null && !subresource.isEmpty()) {
                throw ApiException.notFound(type, name);
            }
            admission.checkUnknownFields(type, config, options);
            ObjectNode live = old == null ? Json.object() : old;
            if (old == null) {
                live.set("apiVersion", config.get("apiVersion"));
                live.set("kind", config.get("kind"));
                live.putObject("metadata").put("name", name);
                if (type.namespaced()) {
                    Json.child(live, "metadata").put("namespace", namespace);
                }
            } else if (metadata.hasNonNull("resourceVersion")
                    && !Json.text(metadata, "resourceVersion").equals(Json.text(old, "metadata", "resourceVersion"))) {
                throw ApiException.modified(type, name);
            }
            metadata.remove("resourceVersion");
            ObjectNode merged;
            try {
                merged = ManagedFields.apply(
                        type.schema(),
                        live,
                        config,
                        writer(type, subresource, options),
                        options.force(),
                        notWritten(type, subresource));
            } catch (ConflictException e) {
                throw ApiException.applyConflict(e);
            }
            if (old == null) {
                identify(merged);
            }
            admission.admit(type, old, merged, subresource, options);
            return commit(type, old, merged, options);
        }
    }

    private ObjectNode replace(
            ResourceType type, ObjectNode old, ObjectNode object, String subresource, WriteOptions options) {
        ObjectNode metadata = Json.child(object, "metadata");
        String name = Json.name(old);
        String version = Json.text(metadata, "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(old, "metadata", "resourceVersion"))) {
            throw ApiException.modified(type, name);
        }
        String uid = Json.text(metadata, "uid");
        if (!uid.isEmpty() && !uid.equals(Json.uid(old))) {
            throw ApiException.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(old));
        }
        for (String fixed : List.of(
                "namespace",
                "uid",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "generation",
                "resourceVersion",
                "generateName")) {
            JsonNode value = old.path("metadata").get(fixed);
            if (value == null) {
                metadata.remove(fixed);
            } else {
                metadata.set(fixed, value);
            }
        }
        admission.admit(type, old, object, subresource, options);
        ManagedFields.update(type.schema(), old, object, writer(type, subresource, options));
        return commit(type, old, object, options);
    }

    private ObjectNode commit(ResourceType type, ObjectNode old, ObjectNode object, WriteOptions options) {
        ObjectNode metadata = Json.child(object, "metadata");
        if (old != null) {
            metadata.set("resourceVersion", old.path("metadata").get("resourceVersion"));
            if (sameButTimes(old, object)) {
                return old;
            }
        }
        if (options.dryRun()) {
            return object;
        }
        if (Json.deleting(object) && Json.at(metadata, "finalizers").isEmpty() && mayGo(type, object)) {
            store.put(type, object);
            store.remove(type, object);
            afterRemoval(type, object);
            return object;
        }
        ObjectNode stored = store.put(type, object);
        if (type.kind().equals("CustomResourceDefinition")) {
            types.define(stored);
        }
        return stored;
    }

    /** Deletion that waits for no finalizer still waits for a kubelet to stop a pod. */
    private static boolean mayGo(ResourceType type, ObjectNode object) {
        return !type.kind().equals("Pod")
                || Json.at(object, "metadata", "deletionGracePeriodSeconds").asInt(0) == 0;
    }

    /** A write that changes nothing but the times of managed fields is none. */
    private static boolean sameButTimes(ObjectNode old, ObjectNode now) {
        return withoutTimes(old).equals(withoutTimes(now));
    }

    private static ObjectNode withoutTimes(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (Json.at(copy, "metadata", "managedFields") instanceof ArrayNode entries) {
            entries.forEach(e -> ((ObjectNode) e).remove("time"));
        }
        return copy;
    }

    /**
     * Deletes the object, or begins to.
     *
     * @param options {@code DeleteOptions}; may be empty
     * @return the object when it is still there, or null when it has gone
     */
    public ObjectNode delete(ResourceType type, String namespace, String name, JsonNode options, boolean dryRun) {
        synchronized (store) {
            ObjectNode old = get(type, namespace, name);
            Deletion.checkPreconditions(type, old, options);
            ObjectNode object = old.deepCopy();
            boolean first = !Json.deleting(object);
            boolean stays = Deletion.mark(type, object, options);
            if (dryRun) {
                return object;
            }
            if (stays) {
                return first || !object.equals(old) ? store.put(type, object) : old;
            }
            if (first) {
                store.put(type, object);
            }
            store.remove(type, object);
            afterRemoval(type, object);
            return null;
        }
    }

    private void afterRemoval(ResourceType type, ObjectNode object) {
        if (type.kind().equals("CustomResourceDefinition")) {
            for (ResourceType defined : List.copyOf(types.all())) {
                if (defined.custom() && defined.qualified().equals(Json.name(object))) {
                    store.list(defined, "", o -> true).items().forEach(o -> store.remove(defined, o));
                }
            }
            types.undefine(object);
        } else if (type.kind().equals("Namespace")) {
            for (ResourceType inside : types.all()) {
                if (inside.namespaced()) {
                    store.list(inside, Json.name(object), o -> true).items().forEach(o -> store.remove(inside, o));
                }
            }
        }
        admission.released(type, object);
    }

    private void requireNamespace(ResourceType type, String namespace) {
        if (type.namespaced() && find(type("namespaces"), "", namespace) == null) {
            throw ApiException.notFound(type("namespaces"), namespace);
        }
    }

    private static String[] notWritten(ResourceType type, String subresource) {
        if (subresource.equals(STATUS)) {
            return new String[] {"spec"};
        }
        return type.statusSubresource() ? new String[] {STATUS} : new String[0];
    }

    private static void identify(ObjectNode object) {
        ObjectNode metadata = Json.child(object, "metadata");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now());
    }

    private static Writer writer(ResourceType type, String subresource, WriteOptions options) {
        return new Writer(options.manager(), type.apiVersion(), subresource, now());
    }

    private static String randomSuffix() {
        String alphabet = "bcdfghjklmnpqrstvwxz2456789";
        List<String> letters = new ArrayList<>();
        UUID uuid = UUID.randomUUID();
        for (int i = 0; i < 5; i++) {
            int index = (int) Math.floorMod(uuid.getLeastSignificantBits() >> (8 * i), alphabet.length());
            letters.add(alphabet.substring(index, index + 1));
        }
        return String.join("", letters);
    }

    /** The time as Kubernetes writes it. */
    public static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
