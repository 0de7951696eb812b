package dev.redisreplication.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.apply.Fields.Difference;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who owns which field of an object: server-side apply, and the book-keeping of every other write. Follows
 * <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">the documentation of server-side apply</a>.
 */
public final class ManagedFields {
    private static final String[] NOT_OWNED = {"apiVersion", "kind"};
    private static final String[] METADATA_NOT_OWNED = {
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds"
    };

    /**
     * Who writes.
     *
     * @param manager the field manager's name
     * @param apiVersion the version that the fields are named in
     * @param subresource {@code status}, {@code scale} or empty
     * @param time now, as Kubernetes writes it
     */
    public record Writer(String manager, String apiVersion, String subresource, String time) {}

    /** Others own fields that an apply would change. */
    public static final class ConflictException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient List<Cause> causes;

        /** One field of one owner. */
        public record Cause(String owner, String field) {}

        ConflictException(List<Cause> causes) {
            super("conflict");
            this.causes = causes;
        }

        public List<Cause> causes() {
            return causes;
        }
    }

    private record Entry(String manager, String operation, String apiVersion, String subresource) {}

    private static final class Owned {
        private FieldSet fields;
        private String time;

        Owned(FieldSet fields, String time) {
            this.fields = fields;
            this.time = time;
        }
    }

    private ManagedFields() {}

    /**
     * Records a create, update or patch. The new object must not yet carry managed fields that matter: they are replaced.
     *
     * @param old the object before, or null on creation
     * @param now changed in place
     */
    public static void update(Schema schema, ObjectNode old, ObjectNode now, Writer writer) {
        Map<Entry, Owned> owners = old == null ? new LinkedHashMap<>() : read(old);
        JsonNode given = Json.at(now, "metadata", "managedFields");
        if (old != null
                && given.isArray()
                && (given.isEmpty() || (given.size() == 1 && given.get(0).isEmpty()))) {
            owners.clear();
        }
        Difference difference = Fields.compare(schema, old == null ? skeleton(now) : bare(old), bare(now));
        FieldSet changed = owned(difference.changed());
        Entry self = new Entry(writer.manager(), "Update", writer.apiVersion(), writer.subresource());
        for (Map.Entry<Entry, Owned> owner : owners.entrySet()) {
            FieldSet rest = owner.getValue().fields.without(difference.removed());
            if (!owner.getKey().equals(self)) {
                rest = rest.without(changed);
            }
            owner.getValue().fields = rest;
        }
        if (!changed.isEmpty()) {
            Owned mine = owners.computeIfAbsent(self, e -> new Owned(new FieldSet(), writer.time()));
            mine.fields = mine.fields.union(changed);
            mine.time = writer.time();
        }
        write(owners, now);
    }

    /**
     * Applies a configuration.
     *
     * @param live what is there, or an object of nothing but its kind and name
     * @param ignored fields of the top level that this endpoint does not write, such as {@code status}
     * @return the object to be stored, its managed fields in it
     * @throws ConflictException when others own what would change, unless forced
     */
    public static ObjectNode apply(
            Schema schema, ObjectNode live, ObjectNode config, Writer writer, boolean force, String... ignored)
            throws ConflictException {
        Map<Entry, Owned> owners = read(live);
        Entry self = new Entry(writer.manager(), "Apply", writer.apiVersion(), writer.subresource());
        ObjectNode wanted = bare(config);
        wanted.remove(List.of(ignored));
        FieldSet claimed = owned(Fields.setOf(schema, wanted));
        FieldSet before = owners.containsKey(self) ? owners.get(self).fields : new FieldSet();
        ObjectNode liveBare = bare(live);
        ObjectNode merged = (ObjectNode) Merge.overlay(schema, liveBare, wanted);

        FieldSet changed = owned(Fields.compare(schema, liveBare, merged).changed());
        List<ConflictException.Cause> causes = new ArrayList<>();
        FieldSet others = new FieldSet();
        for (Map.Entry<Entry, Owned> owner : owners.entrySet()) {
            if (owner.getKey().equals(self)) {
                continue;
            }
            FieldSet clash = owner.getValue().fields.intersection(changed);
            String who = "\"" + owner.getKey().manager() + "\""
                    + (owner.getKey().subresource().isEmpty()
                            ? ""
                            : " with subresource \"" + owner.getKey().subresource() + "\"")
                    + " using " + owner.getKey().apiVersion();
            clash.paths().forEach(path -> causes.add(new ConflictException.Cause(who, path)));
            owner.getValue().fields = owner.getValue().fields.without(clash);
            others = others.union(owner.getValue().fields);
        }
        if (!causes.isEmpty() && !force) {
            throw new ConflictException(causes);
        }
        Merge.prune(schema, merged, before, claimed.union(others));
        FieldSet removed = Fields.compare(schema, liveBare, merged).removed();
        owners.forEach((entry, owner) -> owner.fields = owner.fields.without(removed));

        Owned mine = owners.get(self);
        if (mine == null) {
            owners.put(self, new Owned(claimed, writer.time()));
        } else {
            if (!claimed.toJson().equals(before.toJson()) || !merged.equals(liveBare)) {
                mine.time = writer.time();
            }
            mine.fields = claimed;
        }
        write(owners, merged);
        return merged;
    }

    /** The object without its managed fields; a copy. */
    private static ObjectNode bare(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }

    /** What every new object has before anybody wrote to it. */
    private static ObjectNode skeleton(ObjectNode object) {
        ObjectNode skeleton = Json.object();
        skeleton.set("apiVersion", object.get("apiVersion"));
        skeleton.set("kind", object.get("kind"));
        skeleton.putObject("metadata");
        return skeleton;
    }

    /** The part of a set that anybody can own. */
    private static FieldSet owned(FieldSet fields) {
        FieldSet result = fields.withoutTop(NOT_OWNED);
        FieldSet metadata = result.children().get("f:metadata");
        if (metadata != null) {
            FieldSet rest = metadata.withoutTop(METADATA_NOT_OWNED);
            FieldSet onlyChildren = new FieldSet();
            onlyChildren.children().putAll(rest.children());
            result.children().put("f:metadata", onlyChildren);
        }
        return result;
    }

    private static Map<Entry, Owned> read(ObjectNode object) {
        Map<Entry, Owned> owners = new LinkedHashMap<>();
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            owners.put(
                    new Entry(
                            Json.text(entry, "manager"),
                            Json.text(entry, "operation"),
                            Json.text(entry, "apiVersion"),
                            Json.text(entry, "subresource")),
                    new Owned(FieldSet.of(entry.path("fieldsV1")), Json.text(entry, "time")));
        }
        return owners;
    }

    private static void write(Map<Entry, Owned> owners, ObjectNode object) {
        ArrayNode entries = Json.array();
        owners.entrySet().stream()
                .filter(e -> !e.getValue().fields.isEmpty())
                .sorted(Comparator.<Map.Entry<Entry, Owned>, String>comparing(
                                e -> e.getKey().operation())
                        .thenComparing(e -> e.getValue().time)
                        .thenComparing(e -> e.getKey().manager()))
                .forEach(e -> {
                    ObjectNode entry = entries.addObject();
                    entry.put("manager", e.getKey().manager());
                    entry.put("operation", e.getKey().operation());
                    entry.put("apiVersion", e.getKey().apiVersion());
                    entry.put("time", e.getValue().time);
                    entry.put("fieldsType", "FieldsV1");
                    entry.set("fieldsV1", e.getValue().fields.toJson());
                    if (!e.getKey().subresource().isEmpty()) {
                        entry.put("subresource", e.getKey().subresource());
                    }
                });
        ObjectNode metadata = Json.child(object, "metadata");
        if (entries.isEmpty()) {
            metadata.remove("managedFields");
        } else {
            metadata.set("managedFields", entries);
        }
    }
}
