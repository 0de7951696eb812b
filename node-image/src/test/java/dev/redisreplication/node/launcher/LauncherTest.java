package dev.redisreplication.node.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script with a Java that only prints what it is given. */
class LauncherTest {

    @TempDir
    private Path dir;

    @Test
    void itsPathMayHaveBlanks() throws Exception {
        Path home = dir.resolve("a b");
        Path script = copy(home);
        Path cache = Files.createFile(home.resolve("target/redis-node.aot"));
        Files.setLastModifiedTime(cache, Files.getLastModifiedTime(home.resolve("target/node-image-0.1.0.jar")));

        List<String> arguments = run(script, "--requirepass", "two words", "--save", "");

        Path real = home.toRealPath();
        assertThat(arguments).contains("-XX:AOTCache=" + real.resolve("target/redis-node.aot"));
        assertThat(arguments)
                .endsWith(
                        "-jar",
                        real.resolve("target/node-image-0.1.0.jar").toString(),
                        "--requirepass",
                        "two words",
                        "--save",
                        "");
    }

    @Test
    void aCacheOlderThanTheJarIsNotUsed() throws Exception {
        Path home = dir.resolve("node");
        Path script = copy(home);

        assertThat(run(script)).noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
    }

    private static Path copy(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("target"));
        Files.createFile(home.resolve("target/node-image-0.1.0.jar"));
        return Files.copy(Path.of("bin/redis-node"), home.resolve("bin/redis-node"));
    }

    private List<String> run(Path script, String... flags) throws Exception {
        Path jdk = dir.resolve("a jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Path java = Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(flags));
        Path out = dir.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }
}
