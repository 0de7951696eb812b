package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.temporal.Temporal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

/**
 * Schemas of the built-in kinds, made from Fabric8's model classes, which are generated from Kubernetes' own types. What
 * the classes do not say is how lists and maps merge; that stands in {@link MergeRules}.
 */
public final class ModelSchemas {
    private ModelSchemas() {}

    /** The schema of a model class, for example of {@code Pod}. */
    public static Schema of(Class<?> model) {
        ObjectNode schema = object(model, new ArrayDeque<>());
        return new Schema(schema);
    }

    private static ObjectNode object(Class<?> model, Deque<Class<?>> parents) {
        ObjectNode schema = Json.object().put("type", "object");
        if (parents.contains(model) || parents.size() > 12) {
            return schema.put("x-kubernetes-preserve-unknown-fields", true);
        }
        if (MergeRules.atomicTypes().contains(model.getSimpleName())) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        parents.push(model);
        ObjectNode properties = schema.putObject("properties");
        for (Class<?> c = model; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                JsonProperty name = field.getAnnotation(JsonProperty.class);
                if (name != null && !Modifier.isStatic(field.getModifiers())) {
                    ObjectNode property = value(field.getGenericType(), parents);
                    merging(model, name.value(), property);
                    properties.set(name.value(), property);
                }
            }
        }
        parents.pop();
        if (properties.isEmpty()) {
            schema.remove("properties");
            schema.put("x-kubernetes-preserve-unknown-fields", true);
        }
        return schema;
    }

    private static void merging(Class<?> model, String field, ObjectNode property) {
        String rule = MergeRules.of(model.getSimpleName(), field);
        if (rule.equals("set")) {
            property.put("x-kubernetes-list-type", "set");
        } else if (rule.equals("atomic")) {
            property.put("x-kubernetes-map-type", "atomic");
        } else if (!rule.isEmpty()) {
            property.put("x-kubernetes-list-type", "map");
            ArrayNode keys = property.putArray("x-kubernetes-list-map-keys");
            for (String key : rule.split(",", -1)) {
                keys.add(key);
                if (key.equals("protocol") && property.at("/items/properties/protocol") instanceof ObjectNode p) {
                    p.put("default", "TCP");
                }
            }
        }
    }

    private static ObjectNode value(Type type, Deque<Class<?>> parents) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            ObjectNode schema = Json.object();
            if (Map.class.isAssignableFrom(raw)) {
                schema.put("type", "object").set("additionalProperties", value(last, parents));
            } else {
                schema.put("type", "array").set("items", value(last, parents));
            }
            return schema;
        }
        if (!(type instanceof Class<?> c)) {
            return Json.object().put("x-kubernetes-preserve-unknown-fields", true);
        }
        if (c == IntOrString.class || c == Quantity.class) {
            return Json.object().put("x-kubernetes-int-or-string", true);
        }
        if (c == String.class || c.isEnum() || Temporal.class.isAssignableFrom(c) || isTime(c)) {
            return Json.object().put("type", "string");
        }
        if (c == Integer.class || c == Long.class || c == int.class || c == long.class) {
            return Json.object().put("type", "integer");
        }
        if (c == Boolean.class || c == boolean.class) {
            return Json.object().put("type", "boolean");
        }
        if (Number.class.isAssignableFrom(c) || c == double.class || c == float.class) {
            return Json.object().put("type", "number");
        }
        boolean model = c.getPackageName().startsWith("io.fabric8.kubernetes.api.model") && !c.isInterface();
        return model ? object(c, parents) : Json.object().put("x-kubernetes-preserve-unknown-fields", true);
    }

    private static boolean isTime(Class<?> c) {
        return Set.of("MicroTime", "Time").contains(c.getSimpleName());
    }

    /** The schema of {@code metadata}, the same for every kind. */
    public static Schema metadata() {
        return Metadata.SCHEMA;
    }

    private static final class Metadata {
        static final Schema SCHEMA = of(ObjectMeta.class);
    }
}
