package dev.redisreplication.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./run} shows of its first build. Maven, the node and Java are scripts that say what the real ones say. */
class RunScriptTest {
    @TempDir
    private Path directory;

    private record Result(int status, String out) {}

    @BeforeEach
    void prepare() throws IOException {
        Path root = Repository.root();
        Files.createDirectories(directory.resolve(".mvn"));
        for (String folder : List.of("crds", "operator", "deploy/sandbox")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Files.writeString(directory.resolve("pom.xml"), "");
        for (String file : List.of("run", ".mvn/jdk25.sh", ".mvn/build.sh")) {
            Files.copy(root.resolve(file), directory.resolve(file));
        }
        script("run", Files.readString(root.resolve("run")));
        script("jdk/bin/javac", "");
        script("jdk/bin/java", "#!/bin/sh\necho started\n");
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        script("node-image/bin/redis-node", "#!/bin/sh\nexit 0\n");
    }

    private void script(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void maven(String text) throws IOException {
        script("bin/mvn", "#!/bin/sh\n" + text);
    }

    private Result run() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(directory.resolve("run").toString()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().merge("PATH", directory.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        builder.environment()
                .put("TMPDIR", Files.createDirectories(directory.resolve("tmp")).toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        try (var left = Files.list(directory.resolve("tmp"))) {
            assertThat(left).as("files left behind").isEmpty();
        }
        return new Result(status, out);
    }

    @Test
    void theBuildShowsEachModuleWithItsTime() throws IOException, InterruptedException {
        maven("""
                echo '[INFO] Scanning for projects...'
                echo '[INFO] Building crds 0.1.0                                            [1/2]'
                echo '[INFO] Building node-image 0.1.0                                      [2/2]'
                mkdir -p deploy/sandbox/target/lib operator/target/quarkus-app
                touch operator/target/quarkus-app/quarkus-run.jar
                """);
        Result first = run();
        assertThat(first.status()).isZero();
        assertThat(first.out())
                .containsSubsequence("[1/2] crds ...\n", "[2/2] node-image ...\n", "start-up cache of the node ...\n")
                .containsPattern("\n  \\[1/2] crds +[0-9]+ s\n")
                .containsPattern("\n  \\[2/2] node-image +[0-9]+ s\n")
                .containsPattern("\n  start-up cache of the node +[0-9]+ s\n")
                .endsWith("\nstarted\n")
                .doesNotContain("\u001b");
        assertThat(run()).isEqualTo(new Result(0, "started\n"));
    }

    @Test
    void aBuildThatFailsSaysWhyAndWhatHelps() throws IOException, InterruptedException {
        maven("""
                echo '[INFO] Building crds 0.1.0                                            [1/2]'
                echo '[ERROR] Failed to execute goal on project crds: Could not resolve dependencies: repo.example'
                echo '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.'
                exit 1
                """);
        Result result = run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("[1/2] crds")
                .contains("[ERROR] Failed to execute goal on project crds")
                .doesNotContain("re-run Maven")
                .contains("Hint: Maven could not download")
                .contains("deploy/sandbox/target/build.log")
                .doesNotContain("started");
        assertThat(directory.resolve("deploy/sandbox/target/build.log"))
                .content()
                .contains("Building crds");
    }
}
