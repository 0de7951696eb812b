package dev.redisreplication.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A stock kubectl at work on an API server: the one of the path, or the one that {@code KUBECTL} names. A test that has
 * none is skipped with the reason, which in CI is a failure.
 */
public final class Kubectl {
    private static final long LIMIT_SECONDS = 60;

    private final String command;
    private final String server;
    private final Path directory;

    /** What a command has done; its standard output and standard error as they came. */
    public record Result(int status, String out) {}

    /**
     * @param server the API server's URL
     * @param directory for caches and outputs
     */
    public Kubectl(String server, Path directory) {
        String given = System.getenv("KUBECTL");
        if (given == null || given.isEmpty()) {
            Tool.need("kubectl");
            command = "kubectl";
        } else {
            command = given;
        }
        this.server = server;
        this.directory = directory;
    }

    /** Starts a command, whose output goes into the file. */
    public Process begin(Path out, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                command,
                "--server",
                server,
                "--cache-dir",
                directory.resolve("cache").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", directory.resolve("none").toString());
        // As a user's own editor: it puts one word for another.
        builder.environment().put("KUBE_EDITOR", "sed -i s/before/after/");
        return builder.redirectOutput(out.toFile()).start();
    }

    /** Runs a command to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Process process = begin(out, arguments);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "kubectl " + String.join(" ", arguments) + " does not end: " + Files.readString(out));
        }
        return new Result(process.exitValue(), Files.readString(out));
    }

    /** Runs a command that has to succeed, and gives its output. */
    public String ok(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        assertThat(result.status())
                .as("kubectl %s: %s", String.join(" ", arguments), result.out())
                .isZero();
        return result.out();
    }

    /** A file with the text, for {@code -f}. */
    public String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "in", ".yaml"), text)
                .toString();
    }
}
