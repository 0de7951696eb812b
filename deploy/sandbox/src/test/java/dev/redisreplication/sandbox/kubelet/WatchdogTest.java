package dev.redisreplication.sandbox.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing of a sandbox is left when it is killed by SIGKILL. */
class WatchdogTest {
    /** A process with a sandbox in it that prints its state directory and a container's process id, and stays. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Sandbox sandbox =
                    new Sandbox(List.of(new Image("shell", List.of("sh", "-c"), Map.of())), 0, Duration.ofSeconds(1));
            sandbox.apply((ObjectNode)
                    Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":"
                            + "{\"nodeName\":\"sandbox\",\"containers\":[{\"name\":\"c\",\"image\":\"shell\","
                            + "\"args\":[\"exec sleep 600\"]}]}}"));
            while (sandbox.kubelet().pid("default", "p").isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            System.out.println(sandbox.kubeconfig().getParent());
            System.out.println(sandbox.kubelet().pid("default", "p").orElseThrow());
            TimeUnit.MINUTES.sleep(10);
        }
    }

    @Test
    void killsAndRemovesWhatASandboxLeavesBehind() throws IOException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectErrorStream(false)
                .start();
        try (BufferedReader out = victim.inputReader()) {
            Path state = Path.of(out.readLine());
            ProcessHandle container =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertThat(state).isDirectory();
            victim.destroyForcibly();
            await().until(() -> !container.isAlive() && !Files.exists(state));
        } finally {
            victim.destroyForcibly();
        }
    }
}
