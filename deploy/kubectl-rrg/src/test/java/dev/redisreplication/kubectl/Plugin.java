package dev.redisreplication.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redisreplication.kubectl.command.RrgCommand;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** The launcher as it is on the PATH of a real kubectl, in front of the classes that are tested. */
final class Plugin {
    private static final long LIMIT_SECONDS = 120;

    private final String kubectl;
    private final Path home;
    private final Path kubeconfig;

    /** What a command has done. */
    record Result(int status, String out, String err) {}

    /**
     * @param home an empty folder to lay it out in
     * @param kubeconfig of the cluster
     */
    Plugin(Path home, Path kubeconfig) throws IOException {
        this.home = home;
        this.kubeconfig = kubeconfig;
        String given = System.getenv("KUBECTL");
        kubectl = given == null || given.isEmpty() ? "kubectl" : given;
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path launcher = Path.of(System.getProperty("repository"), "deploy/kubectl-rrg/bin/kubectl-rrg");
        Path placed = Files.copy(launcher, bin.resolve("kubectl-rrg"));
        assertThat(placed.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(bin.resolve("kubectl_complete-rrg"), Path.of("kubectl-rrg"));
        Files.createDirectories(home.resolve("target/lib"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
        try (OutputStream file = Files.newOutputStream(home.resolve("target/kubectl-rrg-0.1.0.jar"));
                JarOutputStream _ = new JarOutputStream(file, manifest)) {
            // A jar that names where the classes are.
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    /** Skips the test with a reason unless kubectl is there; in CI that is a failure. */
    static void need(boolean condition, String reason) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        assumeTrue(condition, reason);
    }

    static boolean kubectlIsThere() {
        String given = System.getenv("KUBECTL");
        return (given != null && !given.isEmpty())
                || Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(d -> Files.isExecutable(Path.of(d, "kubectl")));
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> line = new ArrayList<>(List.of(kubectl));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().merge("PATH", home.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return builder;
    }

    /** Starts {@code kubectl rrg} with its output into the file. */
    Process begin(Path out, String... arguments) throws IOException {
        return builder(with("rrg", arguments))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** Runs it in this process, which is what {@code kubectl rrg} comes to and takes a tenth of the time. */
    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--kubeconfig")) {
            all.addAll(1, List.of("--kubeconfig", kubeconfig.toString()));
        }
        int status = RrgCommand.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return new Result(status, out.toString(), err.toString());
    }

    /** Runs kubectl to its end. */
    Result kubectl(String input, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(home, "out", "");
        Path err = Files.createTempFile(home, "err", "");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading.
        }
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("kubectl " + String.join(" ", arguments) + " does not end: "
                    + Files.readString(out) + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Runs it, and it has to succeed; gives its output. */
    String ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.status())
                .as("kubectl rrg %s: %s%s", String.join(" ", arguments), result.out(), result.err())
                .isZero();
        return result.out();
    }

    private static String[] with(String first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(String[]::new);
    }
}
