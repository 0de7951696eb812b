package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Failure;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster and namespace, by the options that kubectl has for that. */
final class ClusterOptions {
    private static final int REQUEST_MILLIS = 15_000;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The group's namespace. Default: that of the context.")
    private String namespace;

    @Option(names = "--context", paramLabel = "NAME", description = "The context of the kubeconfig to use.")
    private String context;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "The kubeconfig to use.")
    private Path kubeconfig;

    /** A client, to be closed. */
    KubernetesClient client() {
        if (kubeconfig != null) {
            if (!Files.isReadable(kubeconfig)) {
                throw new Failure("--kubeconfig: " + kubeconfig + " cannot be read");
            }
            // The property by which the client is told where to look; it is this process' own.
            System.setProperty(
                    Config.KUBERNETES_KUBECONFIG_FILE,
                    kubeconfig.toAbsolutePath().toString());
        }
        Config found = Config.autoConfigure(context);
        boolean known = context == null || found.getContexts().stream().anyMatch(c -> context.equals(c.getName()));
        if (!known) {
            throw new Failure("--context: the kubeconfig has no context \"" + context + "\"");
        }
        Config config = new ConfigBuilder(found)
                .withRequestTimeout(REQUEST_MILLIS)
                .withConnectionTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(1)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The namespace meant. */
    String namespace(KubernetesClient client) {
        if (namespace != null) {
            return namespace;
        }
        return client.getNamespace() == null ? "default" : client.getNamespace();
    }
}
