package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The chart")
class ChartTest {

    private static final String VALUES = "deploy/cluster-test/src/test/resources/values";

    @Test
    void isCleanForLint() {
        LintResult result = Chart.helm().lint().strict().call();
        // An icon is recommended, not needed.
        assertThat(result.getMessages())
                .filteredOn(m -> !m.contains("icon is recommended"))
                .isEmpty();
        assertThat(result.isFailed()).isFalse();
    }

    @Test
    void installsAnOperatorThatNeedsNoRights() {
        Container container = operator(Chart.render(Map.of()));
        assertThat(container.getImage()).isEqualTo(Cluster.OPERATOR_IMAGE);
        assertThat(value(container, "REDIS_REPLICATION_NODE_IMAGE")).isEqualTo(Cluster.NODE_IMAGE);
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void givesRightsEverywhereOrInTheWatchedNamespacesAlone() {
        assertThat(kinds(Chart.render(Map.of()))).contains("ClusterRoleBinding");
        String watched = Chart.render(Repository.path(VALUES + "/namespaced.yaml"));
        assertThat(kinds(watched)).doesNotContain("ClusterRoleBinding");
        assertThat(Chart.documents(watched))
                .filteredOn(d -> d.getKind().equals("RoleBinding"))
                .extracting(d -> d.getMetadata().getNamespace())
                .containsExactlyInAnyOrder("shop", "stock", Cluster.OPERATOR_NAMESPACE);
        assertThat(value(operator(watched), "QUARKUS_OPERATOR_SDK_NAMESPACES")).isEqualTo("shop,stock");
    }

    static List<Path> valuesFiles() {
        return Repository.yaml(VALUES);
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void rendersWith(Path valuesFile) {
        List<GenericKubernetesResource> documents = Chart.documents(Chart.render(valuesFile));
        assertThat(documents).allSatisfy(d -> {
            assertThat(d.getApiVersion()).isNotBlank();
            assertThat(d.getMetadata().getName()).isNotBlank();
        });
        assertThat(documents).extracting(GenericKubernetesResource::getKind).contains("Deployment", "ClusterRole");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "replicas, many, replicas",
        "replicas, -1, replicas",
        "image.pullPolicy, Sometimes, pullPolicy",
        "image.tag, a b, tag",
        "nodeImage.repository, '', repository",
        "logLevel, LOUD, logLevel",
        "watchNamespaces, '{Not_A_Name}', watchNamespaces",
        "metrics.serviceMonitor.interval, soon, interval",
        "serviceAccount.create, maybe, create",
        "resource.limits, none, resource",
    })
    void refusesNonsenseAndNamesTheValue(String value, String nonsense, String named) {
        assertThatThrownBy(() -> Chart.render(Map.of(value, nonsense))).hasMessageContaining(named);
    }

    @Test
    void saysThatAServiceAccountOfOnesOwnNeedsAName() {
        assertThatThrownBy(() -> Chart.render(Map.of("serviceAccount.create", "false")))
                .hasMessageContaining("serviceAccount.name");
    }

    private static Container operator(String yaml) {
        GenericKubernetesResource found = Chart.documents(yaml).stream()
                .filter(d -> d.getKind().equals("Deployment"))
                .findFirst()
                .orElseThrow();
        Deployment deployment = Serialization.unmarshal(Serialization.asYaml(found), Deployment.class);
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private static String value(Container container, String variable) {
        return container.getEnv().stream()
                .filter(e -> e.getName().equals(variable))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> kinds(String yaml) {
        return Chart.documents(yaml).stream()
                .map(GenericKubernetesResource::getKind)
                .toList();
    }
}
