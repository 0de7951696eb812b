package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that follow from others: the chart's and the manifests' copy of the CRD, and the manifests themselves, which are
 * the chart rendered with its defaults. {@code deploy/generate} writes them anew; otherwise a difference fails.
 */
@DisplayName("Generated files")
class GeneratedFilesTest {

    private static final String CRD = "crds/crd/redisreplicationgroups.yaml";

    static Stream<String> files() {
        return expected().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void haveNotDrifted(String file) throws IOException {
        String wanted = expected().get(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(Repository.path(file), wanted);
        }
        assertThat(Repository.read(file)).as("%s: run deploy/generate", file).isEqualTo(wanted);
    }

    private static Map<String, String> expected() {
        Map<String, String> files = new TreeMap<>();
        files.put(Chart.FOLDER + "/crds/redisreplicationgroups.yaml", Repository.read(CRD));
        files.put("deploy/kustomize/crd.yaml", Repository.read(CRD));
        files.put("deploy/kustomize/operator.yaml", manifests());
        return files;
    }

    /** The rendered chart without what only Helm has a use for. */
    private static String manifests() {
        return "# Generated from helm/redis-replication-operator by deploy/generate.\n"
                + Chart.render(Map.of())
                        .lines()
                        .filter(l -> !l.contains("helm.sh/chart:") && !l.contains("app.kubernetes.io/managed-by: Helm"))
                        .filter(l -> !l.startsWith("# Source:"))
                        .collect(Collectors.joining("\n"))
                        .strip()
                + "\n";
    }
}
