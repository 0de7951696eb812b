package dev.redisreplication.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Kubectl;
import dev.redisreplication.sandbox.Kubectl.Result;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a stock kubectl that the README promises. */
class KubectlTest {
    private static final String GROUP = """
            apiVersion: redis-replication.dev/v1alpha1
            kind: RedisReplicationGroup
            metadata: {name: orders}
            spec:
              replicas: 3
            """;

    @TempDir
    private Path directory;

    private TestApi server;

    private Kubectl kubectl;

    @BeforeEach
    void start() throws IOException {
        server = new TestApi();
        kubectl = new Kubectl(server.url(), directory);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private Result kubectl(String... arguments) throws IOException, InterruptedException {
        return kubectl.run(arguments);
    }

    private String file(String text) throws IOException {
        return kubectl.file(text);
    }

    private void status(String master, long offset) {
        ResourceType type = server.api
                .types()
                .find("redis-replication.dev", "v1alpha1", "redisreplicationgroups")
                .orElseThrow();
        server.api.edit(type, "default", "orders", "status", WriteOptions.of("operator"), group -> {
            ObjectNode status = Json.child(group, "status");
            status.put("phase", "Ready")
                    .put("master", master)
                    .put("offset", offset)
                    .put("ready", "3/3");
            status.put("replicas", 3).put("selector", "redis-replication.dev/group=orders");
            status.put("lag", 0).put("term", 4).put("memberSummary", master + ":master@" + offset);
            return group;
        });
    }

    @Test
    void appliesShowsAndDeletes() throws IOException, InterruptedException {
        assertThat(kubectl("apply", "-f", file(GROUP)))
                .isEqualTo(new Result(0, "redisreplicationgroup.redis-replication.dev/orders created\n"));
        assertThat(kubectl("apply", "-f", file(GROUP)).out()).endsWith("orders unchanged\n");
        assertThat(kubectl("apply", "-f", file(GROUP.replace('3', '5'))).out()).endsWith("orders configured\n");
        status("orders-1", 1204331);

        String shown = kubectl("get", "rrg").out();
        assertThat(shown.lines().toList().get(0).split(" +"))
                .containsExactly("NAME", "PHASE", "MASTER", "OFFSET", "READY", "LAG", "TERM", "AGE");
        assertThat(shown).containsPattern("orders +Ready +orders-1 +1204331 +3/3 +0 +4 +\\d+s");
        assertThat(kubectl("get", "rrg", "orders", "-o", "wide").out())
                .contains("MEMBERS")
                .contains("orders-1:master@1204331");
        assertThat(kubectl("get", "rrg", "orders", "-o", "yaml").out())
                .contains("replicas: 5")
                .contains("generation: 2");
        assertThat(kubectl.ok("scale", "rrg", "orders", "--replicas=4", "--current-replicas=5"))
                .contains("orders scaled");
        assertThat(kubectl("scale", "rrg", "orders", "--replicas=10").out())
                .contains("spec.replicas: Invalid value: 10");
        assertThat(kubectl("get", "rrg", "orders", "--subresource=scale", "-o", "jsonpath={.spec.replicas} {.status}")
                        .out())
                .isEqualTo("4 {\"replicas\":3,\"selector\":\"redis-replication.dev/group=orders\"}");
        kubectl.ok("scale", "rrg", "orders", "--replicas=5");
        assertThat(kubectl("describe", "rrg", "orders").out())
                .contains("Replicas:  5")
                .contains("Events:");
        assertThat(kubectl("explain", "rrg.spec").out())
                .contains("replicas\t<integer>")
                .contains("persistence");
        assertThat(kubectl("explain", "sts.spec.template.spec.containers").out())
                .contains("readinessProbe");

        // Newer ones add "from default namespace".
        assertThat(kubectl.ok("delete", "rrg", "orders"))
                .startsWith("redisreplicationgroup.redis-replication.dev \"orders\" deleted");
        assertThat(kubectl("get", "rrg").out()).startsWith("No resources found");
    }

    @Test
    void refusesNonsense() throws IOException, InterruptedException {
        Result tooMany = kubectl("apply", "-f", file(GROUP.replace("3", "33")));
        assertThat(tooMany.status()).isEqualTo(1);
        assertThat(tooMany.out()).contains("is invalid: spec.replicas: Invalid value: 33");
        Result unknown = kubectl("apply", "-f", file(GROUP + "  colour: red\n"));
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.out()).contains("strict decoding error: unknown field \"spec.colour\"");
        Result warned = kubectl("apply", "--validate=warn", "-f", file(GROUP + "  colour: red\n"));
        assertThat(warned.out())
                .contains("Warning: unknown field \"spec.colour\"")
                .contains("created");
    }

    @Test
    void watchesAsATable() throws IOException, InterruptedException {
        kubectl("apply", "-f", file(GROUP));
        Path out = Files.createTempFile(directory, "watch", "");
        Process watch = kubectl.begin(out, "get", "rrg", "-w");
        try {
            await().until(() -> Files.readString(out).contains("orders"));
            status("orders-2", 7);
            await().until(() -> Files.readString(out, StandardCharsets.UTF_8).contains("orders-2"));
            assertThat(Files.readString(out).lines().filter(l -> l.startsWith("NAME")))
                    .hasSize(1);
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    void appliesOnTheServerSide() throws IOException, InterruptedException {
        kubectl("apply", "--server-side", "--field-manager=one", "-f", file(GROUP));
        Result conflict = kubectl("apply", "--server-side", "--field-manager=two", "-f", file(GROUP.replace('3', '5')));
        assertThat(conflict.status()).isEqualTo(1);
        assertThat(conflict.out())
                .contains("conflict with \"one\" using redis-replication.dev/v1alpha1: .spec.replicas");
        Result forced = kubectl(
                "apply",
                "--server-side",
                "--force-conflicts",
                "--field-manager=two",
                "-f",
                file(GROUP.replace('3', '5')));
        assertThat(forced.out()).contains("serverside-applied");
        Result dry = kubectl("apply", "--server-side", "--dry-run=server", "--field-manager=two", "-f", file(GROUP));
        assertThat(dry.out()).contains("dry run");
        assertThat(kubectl("get", "rrg", "orders", "-o", "jsonpath={.spec.replicas}")
                        .out())
                .isEqualTo("5");
    }

    @Test
    void changesBuiltInKinds() throws IOException, InterruptedException {
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: s}
                spec: {selector: {a: b}, ports: [{name: x, port: 80}]}
                """;
        kubectl("apply", "-f", file(service));
        assertThat(kubectl("apply", "-f", file(service.replace("80", "81"))).out())
                .contains("configured");
        assertThat(kubectl("get", "svc", "s", "-o", "wide").out())
                .contains("81/TCP")
                .contains("a=b")
                .doesNotContain("80");
        assertThat(kubectl("label", "svc", "s", "c=d").out()).contains("labeled");
        assertThat(kubectl("get", "svc", "-l", "c in (d,e)").out()).contains("81/TCP");
        assertThat(kubectl("get", "svc", "-l", "c notin (d)").out()).startsWith("No resources found");
        assertThat(kubectl("apply", "-f", file("apiVersion: v1\nkind: Namespace\nmetadata: {name: more}"))
                        .out())
                .contains("created");
        assertThat(kubectl("apply", "-n", "missing", "-f", file(service)).out())
                .contains("namespaces \"missing\" not found");
        assertThat(kubectl("delete", "namespace", "more").out()).contains("deleted");
        assertThat(kubectl("api-resources").out())
                .contains("redisreplicationgroups")
                .contains("statefulsets");
    }

    @Test
    void createsWhatIsSentAsProtobufByNewerClients() throws IOException, InterruptedException {
        kubectl.ok("create", "secret", "generic", "s", "--from-literal=password=pässw€w", "--from-literal=empty=");
        assertThat(kubectl.ok("get", "secret", "s", "-o", "jsonpath={.data.password} {.data.empty} {.type}"))
                .isEqualTo("cMOkc3N34oKsdw==  Opaque");
        assertThat(kubectl.run("create", "secret", "generic", "s").out())
                .isEqualTo("error: failed to create secret secrets \"s\" already exists\n");
        kubectl.ok("create", "configmap", "c", "--from-literal=a=1", "--from-literal=b=two");
        assertThat(kubectl.ok("get", "cm", "c", "-o", "jsonpath={.data}")).isEqualTo("{\"a\":\"1\",\"b\":\"two\"}");
        kubectl.ok("create", "namespace", "more");
        kubectl.ok("create", "serviceaccount", "reader", "-n", "more");
        kubectl.ok("create", "role", "reads", "--verb=get,list", "--resource=pods,secrets", "-n", "more");
        assertThat(kubectl.ok("get", "role", "reads", "-n", "more", "-o", "jsonpath={.rules[0]}"))
                .isEqualTo("{\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"secrets\"],\"verbs\":[\"get\",\"list\"]}");
        kubectl.ok("create", "rolebinding", "r", "--role=reads", "--serviceaccount=more:reader", "-n", "more");
        kubectl.ok("create", "clusterrole", "all", "--verb=*", "--resource=nodes");
        kubectl.ok("create", "clusterrolebinding", "all", "--clusterrole=all", "--user=me");
        kubectl.ok("create", "service", "clusterip", "web", "--tcp=80:8080");
        assertThat(kubectl.ok("get", "svc", "web", "-o", "jsonpath={.spec.ports[0].port}:{.spec.ports[0].targetPort}"))
                .isEqualTo("80:8080");
        assertThat(kubectl.ok("get", "svc", "web", "-o", "jsonpath={.spec.clusterIP}"))
                .startsWith("127.");
        kubectl.ok("create", "pdb", "p", "--selector=a=b", "--min-available=50%");
        assertThat(kubectl.ok("get", "pdb", "p", "-o", "jsonpath={.spec.minAvailable}"))
                .isEqualTo("50%");
        kubectl.ok("delete", "secret,cm", "s", "c", "--ignore-not-found");
    }

    @Test
    void answersWhatUsersMayDo() throws IOException, InterruptedException {
        assertThat(kubectl.ok("auth", "can-i", "create", "pods")).isEqualTo("yes\n");
        assertThat(kubectl.ok("auth", "can-i", "--list")).contains("*.*");
    }

    @Test
    void changesWhatIsThere() throws IOException, InterruptedException {
        kubectl.ok("create", "configmap", "c", "--from-literal=a=before");
        kubectl.ok("edit", "configmap", "c");
        kubectl.ok("patch", "configmap", "c", "-p", "{\"data\":{\"b\":\"2\"}}");
        kubectl.ok("patch", "cm", "c", "--type=json", "-p", "[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"3\"}]");
        kubectl.ok("label", "configmap", "c", "colour=red");
        kubectl.ok("annotate", "configmap", "c", "why=because");
        kubectl.ok("label", "configmap", "c", "colour-");
        assertThat(kubectl.ok(
                        "get", "cm", "c", "-o", "jsonpath={.data} {.metadata.labels.colour} {.metadata.annotations}"))
                .isEqualTo("{\"a\":\"after\",\"b\":\"2\",\"c\":\"3\"}  {\"why\":\"because\"}");
        kubectl.ok("create", "configmap", "c2", "--from-literal=a=b", "--dry-run=server");
        assertThat(kubectl.run("get", "cm", "c2").status()).isEqualTo(1);
        kubectl.ok("replace", "-f", file("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {x: word}"));
        assertThat(kubectl.ok("describe", "cm", "c")).contains("x:");
        assertThat(kubectl.ok("get", "all")).contains("No resources found");
    }
}
