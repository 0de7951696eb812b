package dev.redisreplication.sandbox.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Kubectl;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.Tool;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stock kubectl does inside of pods, over WebSockets as it does today and over SPDY as it did before. */
class KubectlStreamsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern FORWARDING = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> (\\d+)");

    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Image image = new Image(
                "test/shell", List.of("sh", "-c"), Map.of(), Map.of("greet", "#!/bin/sh\necho hello from $NAME $1\n"));
        sandbox = new Sandbox(List.of(image), 0, Duration.ofMillis(50));
        kubectl = new Kubectl(sandbox.url(), directory);
        sandbox.apply((ObjectNode) Json.parse("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"app": "web"}},
                 "spec": {"nodeName": "sandbox", "containers": [
                   {"name": "c", "image": "test/shell", "args": ["exec sleep 600"],
                    "env": [{"name": "NAME", "value": "p"}]},
                   {"name": "d", "image": "test/shell", "args": ["exec sleep 600"],
                    "env": [{"name": "NAME", "value": "other"}]}]}}"""));
        kubectl.ok("wait", "pod", "p", "--for=condition=Ready", "--timeout=60s");
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private ObjectNode pod() {
        Api api = sandbox.api();
        ObjectNode found = api.find(api.type("pods"), "default", "p");
        return found == null ? Json.object() : found;
    }

    private static Map<String, String> over(String protocol) {
        String sockets = Boolean.toString(protocol.equals("WebSocket"));
        return Map.of("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", sockets, "KUBECTL_PORT_FORWARD_WEBSOCKETS", sockets);
    }

    private Kubectl.Result exec(String protocol, String input, String... arguments)
            throws IOException, InterruptedException {
        return kubectl.run(over(protocol), input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void aCommandRunsInAContainersPlace(String protocol) throws IOException, InterruptedException {
        assertThat(exec(protocol, "", "exec", "p", "-c", "c", "--", "sh", "-c", "echo $NAME; pwd; hostname"))
                .satisfies(r -> assertThat(r.status()).isZero())
                .satisfies(r -> assertThat(r.out()).startsWith("p\n").contains("/home"));
        assertThat(exec(protocol, "", "exec", "p", "-c", "d", "--", "greet", "you")
                        .out())
                .isEqualTo("hello from other you\n");

        // Its status is kubectl's, and both outputs arrive.
        Kubectl.Result failed =
                exec(protocol, "", "exec", "p", "-c", "c", "--", "sh", "-c", "echo a; echo b >&2; exit 7");
        assertThat(failed.status()).isEqualTo(7);
        assertThat(failed.out()).contains("a\n", "b\n", "command terminated with exit code 7");

        Kubectl.Result unknown = exec(protocol, "", "exec", "p", "-c", "c", "--", "no-such-command");
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.out()).contains("no-such-command", "No such file");
        assertThat(exec(protocol, "", "exec", "p", "-c", "e", "--", "true").out())
                .contains("container e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void standardInputReachesACommandAndEnds(String protocol) throws IOException, InterruptedException {
        String much = "0123456789abcdef\n".repeat(40_000);
        Kubectl.Result copied = exec(protocol, much, "exec", "-i", "p", "-c", "c", "--", "cat");
        assertThat(copied.out()).isEqualTo(much);
        // A command that does not read all of it is not waited for.
        assertThat(exec(protocol, much, "exec", "-i", "p", "-c", "c", "--", "head", "-n", "1")
                        .out())
                .startsWith("0123456789abcdef\n");
    }

    @Test
    void aTerminalIsOne() throws IOException, InterruptedException {
        Tool.need("script");
        assertThat(kubectl.run("exec", "-i", "p", "-c", "c", "--", "sh", "-c", "test -t 1 && echo yes || echo no")
                        .out())
                .isEqualTo("no\n");
        // kubectl asks for a terminal only when it has one itself.
        Path inner = directory.resolve("typescript");
        Process process = kubectl.beginOnTerminal(
                inner, "exec", "-it", "p", "-c", "c", "--", "sh", "-c", "test -t 1 && echo y''es");
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(inner)).contains("yes\r\n");
    }

    @Test
    void filesAreCopied() throws IOException, InterruptedException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path local = Files.write(directory.resolve("local"), bytes);
        String there = directory.resolve("there").toString();
        kubectl.ok("cp", local.toString(), "p:" + there, "-c", "c");
        assertThat(Files.readAllBytes(Path.of(there))).isEqualTo(bytes);
        Path back = directory.resolve("back");
        kubectl.ok("cp", "p:" + there, back.toString(), "-c", "c");
        assertThat(Files.readAllBytes(back)).isEqualTo(bytes);
    }

    @Test
    void whatRunsInAPodEndsWithIt() throws IOException, InterruptedException {
        Path began = directory.resolve("began");
        Path out = directory.resolve("out");
        Process running =
                kubectl.begin(out, "exec", "p", "-c", "c", "--", "sh", "-c", "echo $$ >" + began + "; exec sleep 600");
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(began) && Files.size(began) > 0);
            long pid = Long.parseLong(Files.readString(began).strip());
            assertThat(ProcessHandle.of(pid)).isPresent();
            ProcessHandle.of(sandbox.kubelet().pid("default", "p").orElseThrow())
                    .orElseThrow()
                    .destroyForcibly();
            await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
            await().atMost(PATIENCE).until(() -> !running.isAlive());
        } finally {
            running.destroyForcibly();
        }

        // One whose client goes ends as well.
        Files.delete(began);
        Process left =
                kubectl.begin(out, "exec", "p", "-c", "d", "--", "sh", "-c", "echo $$ >" + began + "; exec sleep 600");
        await().atMost(PATIENCE).until(() -> Files.exists(began) && Files.size(began) > 0);
        long pid = Long.parseLong(Files.readString(began).strip());
        left.destroyForcibly();
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void portsAreForwarded(String protocol) throws Exception {
        String ip = Json.text(pod(), "status", "podIP");
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral(ip))) {
            Thread.ofVirtual().start(() -> echo(server));
            Path out = directory.resolve("forwarded");
            Process forward = kubectl.begin(out, over(protocol), "port-forward", "p", ":" + server.getLocalPort());
            try {
                int port = forwardedPort(out);
                byte[] bytes = new byte[500_000];
                new Random(2).nextBytes(bytes);
                // One after the other, and several at once.
                for (int i = 0; i < 3; i++) {
                    assertThat(exchanged(port, bytes)).isTrue();
                }
                List<Thread> threads = List.of(
                        Thread.ofVirtual().start(() -> exchanged(port, bytes)),
                        Thread.ofVirtual().start(() -> exchanged(port, bytes)));
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(exchanged(port, bytes)).isTrue();
            } finally {
                forward.destroy();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void aPortWhereNobodyListensIsSaid(String protocol) throws Exception {
        Path out = directory.resolve("refused");
        Process forward = kubectl.begin(out, over(protocol), "port-forward", "p", ":1");
        try {
            int port = forwardedPort(out);
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            await().atMost(PATIENCE).until(() -> Files.readString(out).contains("error forwarding port 1 to pod p"));
        } finally {
            forward.destroy();
        }
    }

    private static int forwardedPort(Path out) {
        await().atMost(PATIENCE)
                .until(() -> FORWARDING.matcher(Files.readString(out)).find());
        try {
            Matcher matcher = FORWARDING.matcher(Files.readString(out));
            assertThat(matcher.find()).isTrue();
            return Integer.parseInt(matcher.group(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void echo(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The other side has gone.
                    }
                });
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static boolean exchanged(int port, byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            Thread.ofVirtual().start(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(bytes);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    // What comes back tells.
                }
            });
            InputStream in = socket.getInputStream();
            return Arrays.equals(in.readNBytes(bytes.length), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void usageIsShown() throws IOException, InterruptedException {
        assertThat(kubectl.ok("top", "pods"))
                .containsPattern("NAME +CPU\\(cores\\) +MEMORY\\(bytes\\)")
                .containsPattern("p +\\d+m +\\d+Mi");
        assertThat(kubectl.ok("top", "pod", "p", "--containers"))
                .containsPattern("p +c ")
                .containsPattern("p +d ");
        assertThat(kubectl.ok("top", "pods", "-l", "app=web", "--no-headers").lines())
                .hasSize(1);
        assertThat(kubectl.run("top", "pods", "-l", "app=other").out()).contains("No resources found");
        assertThat(kubectl.run("top", "pod", "nobody").out()).contains("pods \"nobody\" not found");
        assertThat(kubectl.ok("top", "nodes")).containsPattern("sandbox +\\d+m +\\d+% +\\d+Mi +\\d+%");
    }
}
