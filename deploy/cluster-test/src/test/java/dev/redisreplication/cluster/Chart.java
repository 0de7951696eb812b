package dev.redisreplication.cluster;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chart, rendered without a cluster. */
final class Chart {

    static final String FOLDER = "helm/redis-replication-operator";
    static final String RELEASE = "redis-replication-operator";

    private Chart() {}

    static Helm helm() {
        return new Helm(Repository.path(FOLDER));
    }

    /** The rendered templates with single values set, as {@code --set} does. */
    static String render(Map<String, Object> values) {
        TemplateCommand command = command();
        values.forEach(command::set);
        return command.call();
    }

    static String render(Path valuesFile) {
        return command().withValuesFile(valuesFile).call();
    }

    /** The documents of a rendered text, those that are empty left out. */
    static List<GenericKubernetesResource> documents(String yaml) {
        List<GenericKubernetesResource> documents = new ArrayList<>();
        for (String part : yaml.split("(?m)^---\\s*$")) {
            if (part.lines().anyMatch(l -> l.startsWith("kind:"))) {
                documents.add(Serialization.unmarshal(part, GenericKubernetesResource.class));
            }
        }
        return documents;
    }

    private static TemplateCommand command() {
        return helm().template()
                .withName(RELEASE)
                .withNamespace(Cluster.OPERATOR_NAMESPACE)
                .withKubeVersion("1.34.0");
    }
}
