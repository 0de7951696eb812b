package dev.redisreplication.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.kubectl.Plugin.Result;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.demo.Group;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl rrg} as a user has it: a real kubectl, the launcher on its PATH, the real operator and three real nodes. */
class PluginTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private static Path home;

    private static Sandbox sandbox;
    private static Group group;
    private static Plugin plugin;

    @BeforeAll
    static void start() throws IOException {
        Path root = Path.of(System.getProperty("repository"));
        Plugin.need(Plugin.kubectlIsThere(), "kubectl is not on the PATH");
        Plugin.need(
                Files.exists(root.resolve("operator/target/quarkus-app/quarkus-run.jar"))
                        && Files.exists(root.resolve("node-image/target/node-image-0.1.0.jar")),
                "operator and node are not built; run the test command of the README, or package these modules first");
        sandbox = new Sandbox(Group.images(root), 0, Duration.ofMillis(200));
        sandbox.apply(root.resolve("crds/crd/redisreplicationgroups.yaml"));
        Group.startOperator(sandbox);
        group = Group.apply(sandbox, root.resolve("deploy/samples/orders.yaml"));
        await().atMost(PATIENCE).until(group::isReady);
        plugin = new Plugin(home, sandbox.kubeconfig());
    }

    @AfterAll
    static void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private static JsonNode json(String... arguments) throws IOException {
        return MAPPER.readTree(plugin.ok(arguments));
    }

    private static JsonNode member(JsonNode report, String pod) {
        for (JsonNode member : report.path("members")) {
            if (member.path("pod").asText().equals(pod)) {
                return member;
            }
        }
        return MAPPER.createObjectNode();
    }

    @Test
    void statusComesFromTheNodes() throws IOException, InterruptedException {
        String master = group.status("master");
        long before = member(json("status", "orders", "-o", "json"), master)
                .path("offset")
                .asLong();
        plugin.ok("cli", "orders", "--built-in", "--", "SET", "status", "x".repeat(10_000));
        // The operator writes figures alone once in ten seconds; the nodes know them at once.
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode report = json("status", "-o", "json");
            assertThat(report.path("live").asBoolean()).isTrue();
            assertThat(report.path("members")).hasSize(3);
            assertThat(member(report, master).path("role").asText()).isEqualTo("master");
            assertThat(member(report, master).path("offset").asLong()).isGreaterThan(before + 10_000);
            for (JsonNode member : report.path("members")) {
                assertThat(member.has("problem")).isFalse();
                assertThat(member.path("pod").asText().equals(master)
                                || (member.path("link").asText().equals("up")
                                        && member.path("lag").asLong() == 0))
                        .isTrue();
            }
        });
        Result real = plugin.kubectl("", "rrg", "status", "--wait", "60");
        assertThat(real.status()).as(real.err()).isZero();
        assertThat(real.out())
                .contains("default/orders   Ready   term " + group.status("term"), "accepts writes")
                .containsPattern("POD +ROLE +OFFSET +LAG +LINK +LEASE")
                .containsPattern(master + " +master +\\d+ +\\d+ ms")
                .containsPattern("orders-\\d +replica +\\d+ +0 +up")
                .doesNotContain("\u001b");
        assertThat(plugin.ok("status", master)).contains(master).doesNotContain(" replica ");
    }

    @Test
    void logsAreMergedByTime() throws IOException {
        String all = plugin.ok("logs", "--tail", "1000");
        assertThat(all.lines()).isNotEmpty().allMatch(line -> line.matches("orders-[0-2]  .*"));
        assertThat(plugin.ok("logs", "orders-1", "--tail", "2").lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("orders-1  "));
        Path out = home.resolve("followed");
        Process following = plugin.begin(out, "logs", "-f", "--tail", "1");
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(out).lines().count() >= 3);
            plugin.ok("cli", "--built-in", "--", "CONFIG", "SET", "loglevel", "notice");
            plugin.ok("cli", "--built-in", "--", "SAVE");
            await().atMost(PATIENCE).until(() -> Files.readString(out).contains("DB saved on disk"));
        } finally {
            following.destroy();
        }
        Result nothing = plugin.run("logs", "--previous");
        assertThat(nothing.status()).isEqualTo(1);
        assertThat(nothing.err()).contains("orders-0: previous terminated container");
    }

    @Test
    void topShowsWhatIsTaken() throws IOException {
        JsonNode report = json("top", "orders", "-o", "json");
        assertThat(report.path("members")).hasSize(3);
        for (JsonNode member : report.path("members")) {
            assertThat(member.path("memoryBytes").asLong()).isPositive();
            assertThat(member.path("clients").asLong()).isPositive();
            assertThat(member.has("cpuMillis")).isTrue();
            assertThat(member.has("commandsPerSecond")).isTrue();
        }
        assertThat(plugin.ok("top")).containsPattern("orders-0 +(master|replica) +\\d+m +\\d+ Mi");
    }

    @Test
    void aSessionHasThePasswordAndFindsTheMaster() throws IOException, InterruptedException {
        Result session = plugin.kubectl(
                "set session 'a b'\nget session\nlrange nothing 0 -1\nnonsense\nquit\n", "rrg", "cli", "--built-in");
        assertThat(session.out()).contains("OK\n", "a b\n", "(empty array)\n", "(error) ERR unknown command");
        assertThat(session.status()).isEqualTo(1);
        String replica = group.status("master").equals("orders-0") ? "orders-1" : "orders-0";
        Result refused = plugin.run("cli", replica, "--built-in", "--", "SET", "a", "b");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).startsWith("(error) READONLY");
    }

    @Test
    void theRoleMovesByOneWord() {
        String before = group.status("master");
        String replica = before.equals("orders-0") ? "orders-1" : "orders-0";
        assertThat(plugin.ok("switchover", replica)).startsWith(replica + " is master of term ");
        assertThat(group.status("master")).isEqualTo(replica);
        assertThat(plugin.ok("switchover", replica)).startsWith("Nothing to do: ");
        await().atMost(PATIENCE).until(group::isReady);

        assertThat(plugin.ok("switchover", "orders")).contains(" is master of term ");
        assertThat(group.status("master")).isNotEqualTo(replica);
        await().atMost(PATIENCE).until(group::isReady);

        // What force may cost is said before anything is done.
        Result unasked = plugin.run("switchover", replica, "--force");
        assertThat(unasked.status()).isEqualTo(1);
        assertThat(unasked.err()).contains(replica + " lacks ", "add --yes");
        assertThat(group.status("master")).isNotEqualTo(replica);
        assertThat(plugin.run("switchover", "orders", "--force").err()).contains("--force needs a pod");
        assertThat(plugin.ok("switchover", replica, "--force", "--yes")).startsWith(replica + " is master of term ");
        await().atMost(PATIENCE).until(group::isReady);
    }

    @Test
    void mistakesAreNamed() throws IOException, InterruptedException {
        Result unknown = plugin.run("status", "nobody");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err())
                .isEqualTo("error: \"nobody\" is neither a group nor a pod of one in the namespace default; its groups:"
                        + " orders\n");
        assertThat(plugin.run("status", "-n", "kube-system").err())
                .isEqualTo("error: there is no group in the namespace kube-system\n");
        assertThat(plugin.run("status", "--context", "none").err())
                .isEqualTo("error: --context: the kubeconfig has no context \"none\"\n");
        Result usage = plugin.run("status", "-o", "yaml");
        assertThat(usage.status()).isEqualTo(2);
        assertThat(usage.err()).contains("Invalid value for option '-o'", "[text, json]");
        assertThat(plugin.kubectl("", "rrg", "nonsense").status()).isEqualTo(2);
        Path elsewhere = Files.writeString(
                home.resolve("elsewhere"),
                Files.readString(sandbox.kubeconfig()).replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:1"));
        Result silent = plugin.run("status", "--kubeconfig", elsewhere.toString());
        assertThat(silent.status()).isEqualTo(1);
        assertThat(silent.err()).startsWith("error: the API server does not answer: ");
    }

    @Test
    void wordsAreCompleted() throws IOException, InterruptedException {
        assertThat(plugin.kubectl("", "__complete", "rrg", "").out()).contains("status\n", "cli\n", ":4");
        assertThat(plugin.kubectl("", "__complete", "rrg", "status", "orders-").out())
                .contains("orders-0\n", "orders-1\n", "orders-2\n")
                .doesNotContain("orders\n");
        assertThat(plugin.kubectl("", "rrg", "completion").out()).contains("kubectl-rrg");
    }

    @Test
    void withoutThePasswordTheStatusIsShown() {
        ObjectNode other = (ObjectNode) Json.parse("""
                {"apiVersion": "redis-replication.dev/v1alpha1", "kind": "RedisReplicationGroup",
                 "metadata": {"name": "other", "namespace": "apart"},
                 "spec": {"replicas": 1, "auth": {"secretName": "missing"}}}""");
        sandbox.apply((ObjectNode) Json.parse("""
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apart"}}"""));
        sandbox.apply(other);
        String text = plugin.ok("status", "-n", "apart");
        assertThat(text).contains("apart/other", "there is no Secret missing");
    }
}
