package dev.redisreplication.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Tool;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    private record Result(int status, String out) {}

    @BeforeEach
    void start() throws IOException {
        Tool.need("kubectl");
        server = new TestApi();
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private Process begin(Path out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "kubectl",
                "--server",
                server.url(),
                "--cache-dir",
                directory.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", directory.resolve("none").toString());
        return builder.redirectOutput(out.toFile()).start();
    }

    private Result kubectl(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Process process = begin(out, arguments);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "kubectl " + String.join(" ", arguments) + " does not end: " + Files.readString(out));
        }
        return new Result(process.exitValue(), Files.readString(out));
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "in", ".yaml"), text)
                .toString();
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
        assertThat(kubectl("describe", "rrg", "orders").out())
                .contains("Replicas:  5")
                .contains("Events:");
        assertThat(kubectl("explain", "rrg.spec").out())
                .contains("replicas\t<integer>")
                .contains("persistence");
        assertThat(kubectl("explain", "sts.spec.template.spec.containers").out())
                .contains("readinessProbe");

        assertThat(kubectl("delete", "rrg", "orders"))
                .isEqualTo(new Result(0, "redisreplicationgroup.redis-replication.dev \"orders\" deleted\n"));
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
        Process watch = begin(out, "get", "rrg", "-w");
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
}
