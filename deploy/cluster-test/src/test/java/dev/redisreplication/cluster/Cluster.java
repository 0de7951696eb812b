package dev.redisreplication.cluster;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A cluster of one node with the operator installed by its chart.
 *
 * <p>Images are built by {@code deploy/images/build} and imported into the node; pods use them with {@code
 * IfNotPresent}. A node's process is signalled from within the cluster's container, which sees every process of it.
 */
final class Cluster implements AutoCloseable {

    static final String NODE_IMAGE = "redis-replication/node:0.1.0";
    static final String OPERATOR_IMAGE = "redis-replication/operator:0.1.0";
    static final String OPERATOR_NAMESPACE = "redis-replication-system";

    static final ResourceDefinitionContext GROUP = new ResourceDefinitionContext.Builder()
            .withGroup("redis-replication.dev")
            .withVersion("v1alpha1")
            .withKind("RedisReplicationGroup")
            .withPlural("redisreplicationgroups")
            .withNamespaced(true)
            .build();

    private final K3sContainer container;
    private final KubernetesClient client;

    private Cluster(K3sContainer container, KubernetesClient client) {
        this.container = container;
        this.client = client;
    }

    /** Builds the images, starts the cluster and installs the chart; takes one to three minutes. */
    static Cluster start() {
        Figures.clear();
        Stopwatch watch = new Stopwatch();
        Images.build();
        Figures.say("images built in %d s", watch.lap());
        K3sContainer container = new K3sContainer(
                DockerImageName.parse(System.getenv().getOrDefault("K3S_IMAGE", "rancher/k3s:v1.34.1-k3s1"))
                        .asCompatibleSubstituteFor("rancher/k3s"));
        container.withStartupTimeout(Duration.ofMinutes(5));
        container.start();
        try {
            Figures.say("cluster started in %d s", watch.lap());
            Shell.run(
                    10,
                    Map.of(),
                    "docker save " + NODE_IMAGE + " " + OPERATOR_IMAGE + " | docker exec -i "
                            + container.getContainerId() + " ctr -n k8s.io images import -");
            Figures.say("images loaded in %d s", watch.lap());
            KubernetesClient client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(container.getKubeConfigYaml()))
                    .build();
            new Helm(Repository.path("helm/redis-replication-operator"))
                    .install()
                    .withName("redis-replication-operator")
                    .withNamespace(OPERATOR_NAMESPACE)
                    .createNamespace()
                    .withKubeConfigContents(container.getKubeConfigYaml())
                    .waitReady()
                    .withTimeout(300)
                    .call();
            Figures.say("chart installed and the operator ready in %d s", watch.lap());
            return new Cluster(container, client);
        } catch (RuntimeException | Error e) {
            System.err.println(diagnosis(container));
            container.stop();
            throw e;
        }
    }

    KubernetesClient client() {
        return client;
    }

    /** Runs a shell line in the cluster's container, and fails with its output when it fails. */
    String sh(String line) {
        ExecResult result = exec(container, line);
        if (result.getExitCode() != 0) {
            throw new IllegalStateException(line + " failed: " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    /** A stock kubectl, that of the cluster's own image. */
    String kubectl(String arguments) {
        return sh("kubectl " + arguments);
    }

    /** The process id, in the cluster's container, of a pod's first container. */
    long processOf(Pod pod) {
        String id = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        String bare = id.substring(id.lastIndexOf('/') + 1);
        String row = sh("ctr -n k8s.io tasks ls | grep '^" + bare + "'");
        return Long.parseLong(row.trim().split("\\s+")[1]);
    }

    /**
     * Sends a signal to a process and tells when.
     *
     * @return the machine's uptime in milliseconds, read just before the signal was sent
     */
    long signal(long process, String signal) {
        String uptime = sh("cat /proc/uptime && kill -" + signal + " " + process);
        return (long) (Double.parseDouble(uptime.trim().split("\\s+")[0]) * 1000);
    }

    /** The pod of the operator that leads. */
    Pod operatorPod() {
        String leader = client.leases()
                .inNamespace(OPERATOR_NAMESPACE)
                .withName("redis-replication-operator")
                .get()
                .getSpec()
                .getHolderIdentity();
        List<Pod> pods = client.pods()
                .inNamespace(OPERATOR_NAMESPACE)
                .withLabel("app.kubernetes.io/name", "redis-replication-operator")
                .list()
                .getItems();
        return pods.stream()
                .filter(p -> leader.startsWith(p.getMetadata().getName() + "_"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no operator leads"));
    }

    /** What the operator tells Prometheus. */
    String operatorMetrics() {
        return client.raw("/api/v1/namespaces/" + OPERATOR_NAMESPACE + "/pods/"
                + operatorPod().getMetadata().getName() + ":8080/proxy/q/metrics");
    }

    /** What one wants to read when something failed: pods, events, the operator's last lines. */
    String diagnosis() {
        return diagnosis(container);
    }

    @Override
    public void close() {
        client.close();
        container.stop();
    }

    private static String diagnosis(K3sContainer container) {
        return exec(
                        container,
                        "kubectl get pods -A -o wide; kubectl get rrg -A -o yaml; kubectl get events -A "
                                + "--sort-by=.lastTimestamp | tail -40; kubectl -n " + OPERATOR_NAMESPACE
                                + " logs -l app.kubernetes.io/name=redis-replication-operator --prefix --tail=120; kubectl -n "
                                + OPERATOR_NAMESPACE
                                + " logs -l app.kubernetes.io/name=redis-replication-operator --prefix --previous --tail=60")
                .getStdout();
    }

    private static ExecResult exec(K3sContainer container, String line) {
        try {
            return container.execInContainer("sh", "-c", line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whole seconds since the last question. */
    private static final class Stopwatch {
        private long since = System.nanoTime();

        long lap() {
            long now = System.nanoTime();
            long seconds = Duration.ofNanos(now - since).toSeconds();
            since = now;
            return seconds;
        }
    }
}
