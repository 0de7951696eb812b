package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** The CRD as generated from the types, with what Fabric8's generator leaves undone put right. */
final class CrdManifest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

    /** What Kubernetes reads as an amount, without a minus: without it the API server would take any text. */
    private static final String QUANTITY = "^\\+?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))"
            + "(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

    private CrdManifest() {}

    /** The definition, ready to be applied. */
    static CustomResourceDefinition generate() {
        Captured captured = new Captured();
        new CRDGenerator()
                .customResourceClasses(RedisReplicationGroup.class)
                .withOutput(captured)
                .generate();
        CustomResourceDefinition crd = read(captured.yaml(), CustomResourceDefinition.class);
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        version.setAdditionalPrinterColumns(inDeclaredOrder(version.getAdditionalPrinterColumns()));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(RedisReplicationGroup.class
                .getAnnotation(JsonClassDescription.class)
                .value());
        root.getProperties().get("spec").setDescription("What the group shall be.");
        root.getProperties()
                .get("status")
                .setDescription("What the operator observed and did; written by the operator alone.");
        tidy(root);
        return crd;
    }

    /** The manifest's text. */
    static String yaml() {
        try {
            return "# Generated from the types in crds/src/main/java; change those, then run CrdManifestTest with -Dgolden.update=true.\n"
                    + YAML.writeValueAsString(generate());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fabric8 sorts the columns by path; kubectl shows them in the manifest's order. */
    private static List<CustomResourceColumnDefinition> inDeclaredOrder(List<CustomResourceColumnDefinition> columns) {
        List<String> names = Arrays.stream(
                        RedisReplicationGroup.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> names.indexOf(column.getName())))
                .toList();
    }

    /** Amounts get their pattern; a record's component and its accessor both carry a rule, which is then there twice. */
    private static void tidy(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(List.copyOf(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            schema.setPattern(QUANTITY);
            schema.setMinimum(0.0);
        }
        if ("integer".equals(schema.getType())) {
            schema.setFormat("int64");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(CrdManifest::tidy);
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            tidy(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            tidy(schema.getAdditionalProperties().getSchema());
        }
    }

    private static <T extends HasMetadata> T read(String yaml, Class<T> type) {
        try {
            return YAML.readValue(yaml, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Captured implements CRDGenerator.CRDOutput<OutputStream> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public OutputStream outputFor(String crdName) {
            return bytes;
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }

        String yaml() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
