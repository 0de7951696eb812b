package dev.redisreplication.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        return begin(out, Map.of(), arguments);
    }

    /** The same with further environment variables. */
    public Process begin(Path out, Map<String, String> environment, String... arguments) throws IOException {
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
        builder.environment().putAll(environment);
        return builder.redirectOutput(out.toFile()).start();
    }

    /** Starts a command on a terminal of its own; what is shown on it goes into the file. */
    public Process beginOnTerminal(Path out, String... arguments) throws IOException {
        StringBuilder line = new StringBuilder(command + " --server " + server);
        for (String argument : arguments) {
            line.append(" '").append(argument.replace("'", "'\\''")).append("'");
        }
        ProcessBuilder builder =
                new ProcessBuilder("script", "--quiet", "--return", "--command", line.toString(), "/dev/null");
        builder.environment().put("KUBECONFIG", directory.resolve("none").toString());
        return builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    }

    /** Runs a command to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), new byte[0], arguments);
    }

    /** Runs a command to its end, with further environment variables and something to read. */
    public Result run(Map<String, String> environment, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Process process = begin(out, environment, arguments);
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // It has ended without reading.
        }
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
