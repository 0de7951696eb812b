package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All objects, one history of versions over them, and the last changes of each kind for watches. Objects in it are never
 * changed in place. One lock guards everything; listeners are told under it and only put what they hear aside.
 */
final class Store {
    /** Changes kept a kind; a watch from before them gets 410. */
    private static final int HISTORY = 2048;

    /** What happened to an object. */
    enum Change {
        ADDED,
        MODIFIED,
        DELETED
    }

    /**
     * One change.
     *
     * @param object what there is now; of a deleted object its last state under the version of its deletion
     * @param previous what there was, or null
     */
    record Event(long version, Change change, ObjectNode object, ObjectNode previous) {}

    /** A list and the version it is of. */
    record Listing(List<ObjectNode> items, long version) {}

    private static final class Bucket {
        private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
        private final Deque<Event> history = new ArrayDeque<>();
        private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
        private long forgotten;
    }

    private final Map<String, Bucket> buckets = new HashMap<>();
    private final List<Runnable> deletionListeners = new CopyOnWriteArrayList<>();
    private long version = 1;

    synchronized ObjectNode get(ResourceType type, String namespace, String name) {
        return bucket(type).objects.get(namespace + "/" + name);
    }

    /** Objects of one namespace, or of all for the empty text, in the order of their names. */
    synchronized Listing list(ResourceType type, String namespace, Predicate<? super ObjectNode> selector) {
        List<ObjectNode> items = new ArrayList<>();
        for (ObjectNode object : bucket(type).objects.values()) {
            if ((namespace.isEmpty() || namespace.equals(Json.namespace(object))) && selector.test(object)) {
                items.add(object);
            }
        }
        return new Listing(items, version);
    }

    /** Stores the object under a new version, which is written into it. Nobody else may hold the object. */
    synchronized ObjectNode put(ResourceType type, ObjectNode object) {
        Bucket bucket = bucket(type);
        version++;
        Json.child(object, "metadata").put("resourceVersion", Long.toString(version));
        ObjectNode previous = bucket.objects.put(Json.namespace(object) + "/" + Json.name(object), object);
        tell(bucket, new Event(version, previous == null ? Change.ADDED : Change.MODIFIED, object, previous));
        return object;
    }

    synchronized void remove(ResourceType type, ObjectNode object) {
        Bucket bucket = bucket(type);
        ObjectNode previous = bucket.objects.remove(Json.namespace(object) + "/" + Json.name(object));
        if (previous != null) {
            version++;
            ObjectNode last = previous.deepCopy();
            Json.child(last, "metadata").put("resourceVersion", Long.toString(version));
            tell(bucket, new Event(version, Change.DELETED, last, previous));
        }
    }

    /** The newest version of anything. */
    synchronized long version() {
        return version;
    }

    /**
     * Hears every change after the version. The ones that have already happened are told before this returns.
     *
     * @throws ApiException 410 when the version is older than what is remembered
     */
    synchronized Runnable listen(ResourceType type, long after, Consumer<Event> listener) {
        Bucket bucket = bucket(type);
        if (after < bucket.forgotten) {
            throw ApiException.expired(after, bucket.forgotten);
        }
        bucket.history.stream().filter(e -> e.version() > after).forEach(listener);
        bucket.listeners.add(listener);
        return () -> bucket.listeners.remove(listener);
    }

    void onDeletions(Runnable callback) {
        deletionListeners.add(callback);
    }

    private void tell(Bucket bucket, Event event) {
        bucket.history.add(event);
        if (bucket.history.size() > HISTORY) {
            bucket.forgotten = bucket.history.remove().version();
        }
        bucket.listeners.forEach(l -> l.accept(event));
        if (event.change() == Change.DELETED || Json.deleting(event.object())) {
            deletionListeners.forEach(Runnable::run);
        }
    }

    private Bucket bucket(ResourceType type) {
        return buckets.computeIfAbsent(type.storageKey(), k -> new Bucket());
    }
}
