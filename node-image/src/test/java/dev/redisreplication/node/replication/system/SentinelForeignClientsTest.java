package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients in other languages find the master by way of our Sentinels and follow a failover. Each is a program of
 * {@code src/test/clients}; what it needs is installed into {@code target} by the tools of its language. Those whose tools are
 * missing, or cannot reach their registry, are left out, and the test is skipped in the end with the reason.
 */
class SentinelForeignClientsTest {
    private static final Path TARGET = Path.of("target", "clients");
    private static final long INSTALL_MINUTES = 5;

    @TempDir
    private Path folder;

    /** The commands that install a client and run it, in its folder. */
    private record Language(String client, List<String> install, List<String> run) {}

    private static final List<Language> LANGUAGES = List.of(
            new Language(
                    "redis-py",
                    List.of("python3", "-m", "pip", "install", "-q", "--target", ".", "-r", "requirements.txt"),
                    List.of("python3", "follow.py")),
            new Language(
                    "ioredis",
                    List.of("npm", "install", "--silent", "--no-audit", "--no-fund"),
                    List.of("node", "follow.js")),
            new Language("go-redis", List.of("go", "build", "-o", "follow", "."), List.of("./follow")));

    /** Copies the program and installs what it needs; null when that is done, else why not. */
    private static String install(Language language) {
        if (!isThere(language.install.getFirst())) {
            return language.client + " needs " + language.install.getFirst() + " on the PATH";
        }
        try {
            Path to = Files.createDirectories(TARGET.resolve(language.client));
            try (Stream<Path> files = Files.list(Path.of("src", "test", "clients", language.client))) {
                for (Path file : files.toList()) {
                    Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
                }
            }
            Path log = to.resolve("install.log");
            Process process = new ProcessBuilder(language.install)
                    .directory(to.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return language.client + " was not installed within minutes";
            }
            return process.exitValue() == 0 ? null : language.client + " cannot be installed: " + Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return language.client + ": interrupted";
        }
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    /** A client that runs. */
    private record Running(String name, Process process, BufferedReader out) {
        static Running of(Language language, List<String> addresses) throws IOException {
            List<String> command = new ArrayList<>(language.run);
            command.add(SentinelGroup.NAME);
            command.addAll(addresses);
            Process process = new ProcessBuilder(command)
                    .directory(TARGET.resolve(language.client).toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Running(language.client, process, process.inputReader());
        }

        void says(String line) throws Exception {
            CompletableFuture<String> read = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return out.readLine();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    task -> Thread.ofPlatform().daemon().start(task));
            assertThat(read.get(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(name)
                    .isEqualTo(line);
        }

        void goOn() throws IOException {
            process.outputWriter().write("\n");
            process.outputWriter().flush();
        }
    }

    @Test
    void theyFindTheMasterAndFollowIt() throws Exception {
        List<Language> installed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Language language : LANGUAGES) {
            String reason = install(language);
            for (int again = 0; reason != null && isThere(language.install.getFirst()) && again < 2; again++) {
                reason = install(language); // a registry may be busy for a moment
            }
            if (reason == null) {
                installed.add(language);
            } else {
                missing.add(reason);
            }
        }
        if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail(String.join("; ", missing));
        }
        if (!installed.isEmpty()) {
            follow(installed);
        }
        Assumptions.assumeTrue(missing.isEmpty(), () -> String.join("; ", missing));
    }

    private void follow(List<Language> languages) throws Exception {
        List<Running> clients = new ArrayList<>();
        try (SentinelGroup group = new SentinelGroup(folder, i -> "node", i -> "node-sentinel", 4000)) {
            List<String> addresses = group.sentinels.stream()
                    .map(sentinel -> "127.0.0.1:" + sentinel.port())
                    .toList();
            for (Language language : languages) {
                clients.add(Running.of(language, addresses));
            }
            for (Running client : clients) {
                client.says("before");
            }
            ServerProcess old = group.awaitSettled();
            old.kill();
            for (Running client : clients) {
                client.goOn();
            }
            for (Running client : clients) {
                client.says("after");
            }
            ServerProcess master = group.named(group.sentinels.getFirst());
            assertThat(master).isNotSameAs(old);
            for (Running client : clients) {
                assertThat(master.call("GET", client.name)).as(client.name).isEqualTo("after");
            }
        } finally {
            clients.forEach(client -> client.process.destroyForcibly());
        }
    }
}
