package dev.redisreplication.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrdManifestTest {

    static final Path MANIFEST = Path.of("crd/redisreplicationgroups.yaml");

    private final CustomResourceDefinitionVersion version =
            CrdManifest.generate().getSpec().getVersions().getFirst();
    private final JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    private final JSONSchemaProps spec = root.getProperties().get("spec");

    @Test
    void checkedInManifestIsTheGeneratedOne() throws IOException {
        Golden.check(MANIFEST, CrdManifest.yaml());
    }

    @Test
    void columnsStandInTheOrderThatKubectlShows() {
        assertThat(version.getAdditionalPrinterColumns().stream()
                        .filter(column -> column.getPriority() == null || column.getPriority() == 0)
                        .map(CustomResourceColumnDefinition::getName))
                .containsExactly("PHASE", "MASTER", "OFFSET", "READY", "LAG", "TERM", "AGE");
        assertThat(version.getAdditionalPrinterColumns().getLast())
                .extracting(CustomResourceColumnDefinition::getName, CustomResourceColumnDefinition::getPriority)
                .containsExactly("MEMBERS", 1);
    }

    @Test
    void statusIsASubresource() {
        assertThat(version.getSubresources().getStatus()).isNotNull();
    }

    @Test
    void kubectlScaleAndAutoscalersFindTheirFields() {
        assertThat(version.getSubresources().getScale())
                .extracting("specReplicasPath", "statusReplicasPath", "labelSelectorPath")
                .containsExactly(".spec.replicas", ".status.replicas", ".status.selector");
    }

    @Test
    void eachRuleNamesItsField() {
        assertThat(rules(root)).isNotEmpty().allSatisfy(rule -> assertThat(rule.getMessage())
                .startsWith("metadata.name: "));
        assertThat(rules(spec)).extracting(ValidationRule::getMessage).allMatch(message -> message.startsWith("spec."));
        JSONSchemaProps config = spec.getProperties().get("config");
        assertThat(rules(config)).hasSize(6).allSatisfy(rule -> assertThat(rule.getMessage())
                .startsWith("spec.config: "));
        assertThat(rules(config).get(1).getMessageExpression()).contains("spec.config: ", "'requirepass'");
        assertThat(spec.getProperties().get("replicas").getMinimum()).isEqualTo(1.0);
    }

    @Test
    void anAmountIsANumberWithAUnit() {
        String pattern = field(spec, "resources", "limits")
                .getAdditionalProperties()
                .getSchema()
                .getPattern();
        assertThat(List.of("1", "0.5", "100m", "512Mi", "1e3", ".5", "2Gi"))
                .allMatch(amount -> amount.matches(pattern));
        assertThat(List.of("lots", "", "-1", "1 Gi", "1GiB", "1,5")).noneMatch(amount -> amount.matches(pattern));
    }

    @Test
    void defaultsAreInTheSchema() {
        assertThat(spec.getProperties().get("replicas").getDefault().asInt()).isEqualTo(3);
        assertThat(field(spec, "persistence", "mode").getDefault().asText()).isEqualTo("None");
        assertThat(field(spec, "failover", "leaseMilliseconds").getDefault().asInt())
                .isEqualTo(1000);
    }

    private static JSONSchemaProps field(JSONSchemaProps schema, String... path) {
        JSONSchemaProps at = schema;
        for (String name : path) {
            at = at.getProperties().get(name);
        }
        return at;
    }

    private static List<ValidationRule> rules(JSONSchemaProps schema) {
        return schema.getXKubernetesValidations();
    }
}
