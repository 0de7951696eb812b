package dev.redisreplication.sandbox.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Kubectl;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of a stock kubectl do with pods that run: as on a cluster. */
class KubectlPodsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SET = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: web}
            spec:
              replicas: 2
              serviceName: web
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: c, image: test/shell, args: ["exec sleep 600"]}]
            """;

    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws IOException {
        sandbox =
                new Sandbox(List.of(new Image("test/shell", List.of("sh", "-c"), Map.of())), 0, Duration.ofMillis(50));
        kubectl = new Kubectl(sandbox.url(), directory);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(PATIENCE).until(condition);
    }

    private ObjectNode object(String plural, String name) {
        Api api = sandbox.api();
        ObjectNode found = api.find(api.type(plural), "default", name);
        return found == null ? Json.object() : found;
    }

    private boolean ready(int replicas) {
        return Json.at(object("statefulsets", "web"), "status", "readyReplicas").asInt() == replicas;
    }

    private String controller(String pod) {
        return Json.at(object("pods", pod), "metadata", "ownerReferences")
                .path(0)
                .path("uid")
                .asText();
    }

    @Test
    void aNewSetAdoptsWhatAnOrphaningDeletionLeaves() throws IOException, InterruptedException {
        kubectl.ok("apply", "-f", kubectl.file(SET));
        until(() -> ready(2));
        String first = Json.uid(object("pods", "web-0"));
        String second = Json.uid(object("pods", "web-1"));

        kubectl.ok("delete", "sts", "web", "--cascade=orphan");
        assertThat(object("statefulsets", "web")).isEmpty();
        assertThat(Json.at(object("pods", "web-0"), "metadata").has("ownerReferences"))
                .isFalse();
        // Nobody puts back what goes now, and what does not fit is nobody's.
        kubectl.ok("delete", "pod", "web-1", "--grace-period=0", "--force");
        kubectl.ok("label", "pod", "web-0", "left=alone");

        kubectl.ok("apply", "-f", kubectl.file(SET));
        until(() -> ready(2));
        String set = Json.uid(object("statefulsets", "web"));
        assertThat(Json.uid(object("pods", "web-0"))).isEqualTo(first);
        assertThat(Json.uid(object("pods", "web-1"))).isNotEmpty().isNotEqualTo(second);
        assertThat(controller("web-0")).isEqualTo(set);
        assertThat(controller("web-1")).isEqualTo(set);

        // A pod that is taken out of the selector is released and lives on; its name is free only when it has gone.
        kubectl.ok("label", "pod", "web-0", "app=other", "--overwrite");
        until(() -> controller("web-0").isEmpty());
        kubectl.ok("label", "pod", "web-0", "app=web", "--overwrite");
        until(() -> controller("web-0").equals(set));
        assertThat(Json.uid(object("pods", "web-0"))).isEqualTo(first);

        // Without orphaning, the pods go with the set.
        kubectl.ok("delete", "sts", "web");
        until(() -> object("pods", "web-0").isEmpty() && object("pods", "web-1").isEmpty());
    }

    @Test
    void aSetIsScaledAndRestarted() throws IOException, InterruptedException {
        kubectl.ok("apply", "-f", kubectl.file(SET));
        kubectl.ok("rollout", "status", "sts/web", "--timeout=120s");
        kubectl.ok("scale", "sts", "web", "--replicas=3");
        until(() -> ready(3));
        assertThat(kubectl.ok("get", "all")).contains("statefulset.apps/web", "pod/web-2");
        kubectl.ok("scale", "sts", "web", "--replicas=1", "--current-replicas=3");
        until(() -> object("pods", "web-1").isEmpty() && ready(1));
        String before = Json.uid(object("pods", "web-0"));

        kubectl.ok("rollout", "restart", "sts", "web");
        kubectl.ok("rollout", "status", "sts", "web", "--timeout=120s");
        assertThat(Json.uid(object("pods", "web-0"))).isNotEqualTo(before);
        kubectl.ok("wait", "pod", "web-0", "--for=condition=Ready", "--timeout=120s");
        kubectl.ok("scale", "sts", "web", "--replicas=0");
        until(() -> object("pods", "web-0").isEmpty());
    }

    @Test
    void logsAreThoseOfOneProcess() throws IOException, InterruptedException {
        String script = "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >n; echo process $n; exec sleep 600";
        ObjectNode pod = (ObjectNode) Json.parse("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"nodeName": "sandbox",
                 "containers": [{"name": "c", "image": "test/shell"}]}}""");
        ((ObjectNode) pod.at("/spec/containers/0")).putArray("args").add(script);
        sandbox.apply(pod);
        until(() -> kubectl.run("logs", "p").out().equals("process 1\n"));
        Kubectl.Result none = kubectl.run("logs", "p", "--previous");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.out()).contains("previous terminated container \"c\" in pod \"p\" not found");

        for (int process = 2; process <= 4; process++) {
            long pid = sandbox.kubelet().pid("default", "p").orElseThrow();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            String now = "process " + process + "\n";
            String before = "process " + (process - 1) + "\n";
            until(() -> kubectl.run("logs", "p").out().equals(now)
                    && kubectl.run("logs", "p", "-p").out().equals(before));
        }

        // Following ends with the process, and a successor of the same name has logs of its own.
        Process following = kubectl.begin(directory.resolve("followed"), "logs", "-f", "p");
        try {
            until(() -> directory.resolve("followed").toFile().length() > 0);
            kubectl.ok("delete", "pod", "p", "--grace-period=0", "--force");
            until(() -> !following.isAlive());
        } finally {
            following.destroyForcibly();
        }
        until(() -> object("pods", "p").isEmpty());
        sandbox.apply(pod);
        until(() -> kubectl.run("logs", "p").out().equals("process 1\n"));
        assertThat(kubectl.run("logs", "p", "-c", "nobody").status()).isEqualTo(1);
    }
}
