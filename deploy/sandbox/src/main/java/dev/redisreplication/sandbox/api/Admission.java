package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.FieldError;
import dev.redisreplication.sandbox.schema.Schema;
import dev.redisreplication.sandbox.schema.SchemaValidator;
import dev.redisreplication.sandbox.schema.Structural;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What happens to an object between its arrival and its storing: fields that this endpoint does not write are put back,
 * defaults are set, unknown fields are dropped, the rest is validated, and the generation is counted.
 */
public final class Admission {
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    /** Cluster addresses for Services. */
    public interface AddressPool {
        /** An address nobody has. */
        String take();

        /** Gives it back. */
        void release(String address);
    }

    private final ResourceTypes types;
    private final AddressPool addresses;

    Admission(ResourceTypes types, AddressPool addresses) {
        this.types = types;
        this.addresses = addresses;
    }

    /** Refuses or warns about fields that the schema does not know, as the client asked for. */
    void checkUnknownFields(ResourceType type, ObjectNode object, WriteOptions options) {
        if (options.validation().equals("Ignore")) {
            return;
        }
        List<String> unknown = Structural.prune(type.schema(), object.deepCopy());
        if (unknown.isEmpty()) {
            return;
        }
        if (options.validation().equals("Strict")) {
            List<String> quoted =
                    unknown.stream().map(f -> "unknown field \"" + f + "\"").toList();
            throw ApiException.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                    + type.kind() + ": strict decoding error: " + String.join(", ", quoted));
        }
        unknown.forEach(f -> options.warnings().accept("unknown field \"" + f + "\""));
    }

    /** Prepares the object for storing, in place, or refuses it. {@code old} is null on creation. */
    void admit(ResourceType type, ObjectNode old, ObjectNode object, String subresource, WriteOptions options) {
        checkUnknownFields(type, object, options);
        boolean status = subresource.equals("status");
        if (status) {
            ObjectNode metadata = Json.child(object, "metadata");
            object.properties().stream().map(e -> e.getKey()).toList().forEach(name -> {
                if (!name.equals("status") && !name.equals("metadata")) {
                    restore(object, old, name);
                }
            });
            old.properties().forEach(e -> object.putIfAbsent(e.getKey(), e.getValue()));
            if (object.path("status").isNull()) {
                object.remove("status");
            }
            for (String kept : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
                restore(metadata, (ObjectNode) old.get("metadata"), kept);
            }
        } else if (type.statusSubresource()) {
            restore(object, old == null ? Json.object() : old, "status");
        }
        if (type.custom()) {
            Structural.prune(type.schema(), object);
            Structural.applyDefaults(type.schema(), object);
        } else {
            Structural.dropNulls(object);
            if (!status) {
                BuiltInDefaults.apply(type, old, object, addresses);
            }
        }
        if (type.kind().equals("CustomResourceDefinition")) {
            BuiltInDefaults.establish(object);
        }
        validate(type, old, object);
        count(type, old, object, status);
    }

    private void validate(ResourceType type, ObjectNode old, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        String name = Json.name(object);
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else if (!type.kind().contains("Role")
                && (name.length() > 253 || !SUBDOMAIN.matcher(name).matches())) {
            errors.add(FieldError.invalid(
                    "metadata.name",
                    Json.object().put("n", name).get("n"),
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character"));
        }
        if (type.custom()) {
            errors.addAll(SchemaValidator.validate(type.schema(), object, old));
        } else if (type.kind().equals("CustomResourceDefinition")) {
            errors.addAll(rulesOf(object));
        } else if (type.kind().equals("StatefulSet") && old != null) {
            errors.addAll(BuiltInDefaults.statefulSetChange(old, object));
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(type, name, errors);
        }
    }

    /** Every CEL rule in a definition must compile. */
    private static List<FieldError> rulesOf(ObjectNode crd) {
        List<FieldError> errors = new ArrayList<>();
        int index = 0;
        for (JsonNode version : Json.at(crd, "spec", "versions")) {
            rulesOf(
                    new Schema(Json.at(version, "schema", "openAPIV3Schema")),
                    "spec.validation.openAPIV3Schema",
                    errors);
            index++;
        }
        if (index == 0) {
            errors.add(FieldError.required("spec.versions", "must have exactly one version marked as storage version"));
        }
        return errors;
    }

    private static void rulesOf(Schema schema, String path, List<FieldError> errors) {
        schema.rules().forEach(rule -> rule.compile()
                .ifPresent(why -> errors.add(FieldError.invalid(path + ".x-kubernetes-validations", "rule", why))));
        schema.properties().forEach((name, field) -> rulesOf(field, path + ".properties[" + name + "]", errors));
        if (schema.additional() != null) {
            rulesOf(schema.additional(), path + ".additionalProperties", errors);
        }
        if (schema.source().has("items")) {
            rulesOf(schema.items(), path + ".items", errors);
        }
    }

    /** The generation counts changes of anything but metadata and status. */
    private static void count(ResourceType type, ObjectNode old, ObjectNode object, boolean status) {
        if (!type.hasGeneration()) {
            return;
        }
        ObjectNode metadata = Json.child(object, "metadata");
        if (old == null) {
            metadata.put("generation", 1);
        } else if (!status && !content(type, old).equals(content(type, object))) {
            metadata.put("generation", Json.at(old, "metadata", "generation").asInt(0) + 1);
        }
    }

    private static ObjectNode content(ResourceType type, ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove("metadata");
        if (type.statusSubresource()) {
            content.remove("status");
        }
        return content;
    }

    private static void restore(ObjectNode object, ObjectNode from, String field) {
        JsonNode before = from.get(field);
        if (before == null) {
            object.remove(field);
        } else {
            object.set(field, before.deepCopy());
        }
    }

    /** Takes back what a removed object held. */
    void released(ResourceType type, ObjectNode object) {
        if (type.kind().equals("Service") && types.all().contains(type)) {
            String address = Json.text(object, "spec", "clusterIP");
            if (!address.isEmpty() && !address.equals("None")) {
                addresses.release(address);
            }
        }
    }

    /** {@code stringData} of a Secret goes into {@code data}. */
    static void encodeSecret(ObjectNode secret) {
        if (secret.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = Json.child(secret, "data");
            texts.properties()
                    .forEach(e -> data.put(
                            e.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    /** A list with one entry of a condition. */
    static ArrayNode condition(String type, String reason, String message) {
        ArrayNode conditions = Json.array();
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", Api.now())
                .put("reason", reason)
                .put("message", message);
        return conditions;
    }
}
