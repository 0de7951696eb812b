package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.FreePort;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A {@code redis-server} process of the version on the path, on a free loopback port, without persistence. */
public final class RealRedis implements Closeable {

    private final Process process;
    private final int port;
    private final Path folder;

    private RealRedis(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /**
     * Skips the calling test with a reason where no {@code redis-server} is on the path; under {@code CI=true} that is a failure.
     */
    public static void assumeInstalled() {
        boolean found = onPath("redis-server");
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as("redis-server is on the path").isTrue();
        }
        Assumptions.assumeTrue(found, "redis-server is not on the path: nothing to compare the node with");
    }

    /** The same for a newer server such as {@code redis8-server}, which CI need not have. */
    static void assumeInstalled(String program) {
        if (program.equals("redis-server")) {
            assumeInstalled();
        }
        Assumptions.assumeTrue(onPath(program), program + " is not on the path: nothing to compare the node with");
    }

    /** Starts a server and waits until it answers; {@code flags} are added to its command line. */
    public static RealRedis start(String... flags) throws IOException {
        return startProgram("redis-server", flags);
    }

    /** The same of a newer server. */
    static RealRedis startProgram(String program, String... flags) throws IOException {
        for (int attempt = 0; ; attempt++) {
            int port = FreePort.next();
            List<String> command = new ArrayList<>(List.of(program, "--port", "" + port, "--bind", "127.0.0.1"));
            command.addAll(List.of("--save", "", "--appendonly", "no", "--enable-debug-command", "yes"));
            command.addAll(List.of("--maxmemory", "512mb"));
            command.addAll(List.of(flags));
            Path folder = Files.createTempDirectory("redis");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Awaitility.await(program + " answers or ends")
                    .until(() -> !process.isAlive() || answers(port, process.pid()));
            if (process.isAlive()) {
                return new RealRedis(process, port, folder);
            }
            Files.delete(folder);
            if (attempt == 3) {
                throw new IOException(program + " ended at once: " + String.join(" ", command));
            }
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    /** A folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Whether it is this process that answers, and not another that got the port first. */
    private static boolean answers(int port, long pid) {
        try (Wire wire = new Wire(port)) {
            return wire.call("INFO", "server").text().contains("\r\nprocess_id:" + pid + "\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean onPath(String tool) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}
