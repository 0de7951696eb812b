package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server says to the samples; nothing is kept of them. */
@RealCluster
@DisplayName("On a real cluster, the API server")
class SamplesTest {

    private static final String MARK = "# refused: ";

    static List<Path> valid() {
        return Repository.yaml("deploy/samples");
    }

    static List<Path> invalid() {
        return Repository.yaml("deploy/samples/invalid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takes(Path sample, Cluster cluster) {
        assertThat(apply(cluster, sample)).contains("created (server dry run)");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesAndNamesTheField(Path sample, Cluster cluster) {
        String first = Repository.read(sample).lines().findFirst().orElseThrow();
        assertThat(first).startsWith(MARK);
        assertThatThrownBy(() -> apply(cluster, sample)).hasMessageContaining(first.substring(MARK.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace.yaml", "crd.yaml", "operator.yaml"})
    void takesTheManifest(String file, Cluster cluster) {
        String manifest = Repository.read("deploy/kustomize/" + file);
        assertThat(cluster.sh("cat <<'EOF' | kubectl apply --server-side --force-conflicts --dry-run=server -f -\n"
                        + manifest + "\nEOF"))
                .contains("serverside-applied (server dry run)");
    }

    private static String apply(Cluster cluster, Path sample) {
        return cluster.sh("cat <<'EOF' | kubectl apply --dry-run=server -f -\n" + Repository.read(sample) + "\nEOF");
    }
}
