package dev.redisreplication.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The reference page of the resource, written from its CRD. */
final class ReferencePage {

    /** Kubernetes' own types: explained by Kubernetes. */
    private static final Map<String, String> FOREIGN = Map.of(
            "spec.resources",
                    "[ResourceRequirements](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)",
            "spec.affinity",
                    "[Affinity](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity)",
            "spec.tolerations",
                    "[list of Toleration](https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/)",
            "status.conditions",
                    "[list of Condition](https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/condition/)");

    private final StringBuilder out = new StringBuilder();

    static String markdown() {
        return new ReferencePage().write(CrdManifest.generate());
    }

    private String write(CustomResourceDefinition crd) {
        var version = crd.getSpec().getVersions().getFirst();
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        line(
                "<!-- Generated from the types in crds/src/main/java; change those, then run ReferencePageTest with -Dgolden.update=true. -->");
        line("# " + RedisReplicationGroup.KIND);
        line("");
        line(root.getDescription());
        line("");
        line("`apiVersion: " + RedisReplicationGroup.GROUP + "/" + RedisReplicationGroup.VERSION + "`, `kind: "
                + RedisReplicationGroup.KIND + "`, short name `"
                + crd.getSpec().getNames().getShortNames().getFirst() + "`, namespaced.");
        line("");
        line("## Columns of `kubectl get rrg`");
        line("");
        line("| column | from | shown |");
        line("| --- | --- | --- |");
        for (CustomResourceColumnDefinition column : version.getAdditionalPrinterColumns()) {
            line("| " + column.getName() + " | `" + column.getJsonPath() + "` | "
                    + (Integer.valueOf(1).equals(column.getPriority()) ? "with `-o wide`" : "always") + " |");
        }
        line("");
        for (String part : List.of("spec", "status")) {
            JSONSchemaProps schema = root.getProperties().get(part);
            line("## " + part);
            line("");
            line(schema.getDescription());
            line("");
            line("| field | type | default | meaning |");
            line("| --- | --- | --- | --- |");
            fields(part, schema);
            line("");
        }
        line("## What the API server refuses");
        line("");
        line("Besides values outside of the types and bounds above:");
        line("");
        List<String> rules = new ArrayList<>();
        rules("", root, rules);
        rules.forEach(this::line);
        line("");
        line("Directives that `spec.config` may not hold:");
        line("");
        line("| why | directives |");
        line("| --- | --- |");
        Map<String, Set<String>> byReason = new TreeMap<>();
        OwnedDirectives.REASONS.forEach((name, reason) ->
                byReason.computeIfAbsent(reason, x -> new TreeSet<>()).add("`" + name + "`"));
        byReason.forEach((reason, names) -> line("| " + reason + " | " + String.join(", ", names) + " |"));
        return out.toString();
    }

    private void fields(String path, JSONSchemaProps schema) {
        Set<String> names = schema.getProperties().keySet();
        for (String name : names) {
            JSONSchemaProps field = schema.getProperties().get(name);
            String at = path + "." + name;
            boolean required =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            line("| `" + at.substring(at.indexOf('.') + 1) + "` | " + type(at, field) + " | "
                    + (required
                            ? "required"
                            : field.getDefault() == null
                                    ? ""
                                    : "`" + field.getDefault().asText() + "`")
                    + " | " + cell(field.getDescription()) + " |");
            if (FOREIGN.containsKey(at)) {
                continue;
            }
            if (field.getProperties() != null && !field.getProperties().isEmpty()) {
                fields(at, field);
            }
            if (field.getItems() != null && field.getItems().getSchema().getProperties() != null) {
                fields(at + "[]", field.getItems().getSchema());
            }
        }
    }

    private static String type(String at, JSONSchemaProps field) {
        if (FOREIGN.containsKey(at)) {
            return FOREIGN.get(at);
        }
        if (field.getEnum() != null && !field.getEnum().isEmpty()) {
            return String.join(
                    ", ",
                    field.getEnum().stream()
                            .map(value -> "`" + value.asText() + "`")
                            .toList());
        }
        if (field.getMinimum() != null && field.getMaximum() != null) {
            return field.getType() + ", " + field.getMinimum().longValue() + " to "
                    + field.getMaximum().longValue();
        }
        return switch (field.getType()) {
            case "array" -> "list";
            case "object" -> field.getAdditionalProperties() != null ? "map of string to string" : "object";
            default -> field.getType();
        };
    }

    private static void rules(String path, JSONSchemaProps schema, List<String> into) {
        if (schema.getXKubernetesValidations() != null) {
            for (ValidationRule rule : schema.getXKubernetesValidations()) {
                into.add("- " + rule.getMessage());
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> rules(path + "." + name, field, into));
        }
    }

    private static String cell(String text) {
        return text == null ? "" : text.replace("|", "\\|").replace("<", "&lt;");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
