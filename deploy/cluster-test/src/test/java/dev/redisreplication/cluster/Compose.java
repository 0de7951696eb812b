package dev.redisreplication.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * One folder of {@code deploy/compose}, run by {@code docker-compose} under a name of its own with the image under test. Its compose
 * file is taken as it is; beside it stands another one, which publishes the port of each server on the loopback address.
 *
 * <p>The engine's names come and go with their containers, as the walk-throughs want it. Addresses are shared out again after a
 * stop: a container has another one only where its compose file can say so.
 */
final class Compose implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String folder;
    private final Path published;

    private Compose(String folder, Path published) {
        this.folder = folder;
        this.published = published;
    }

    /**
     * Starts nothing yet.
     *
     * @param folder below deploy/compose
     * @param services all that the file has
     */
    static Compose of(String folder, String... services) {
        Images.build();
        StringBuilder yaml = new StringBuilder("services:\n");
        for (String service : services) {
            yaml.append("  ").append(service).append(":\n    ports: ['127.0.0.1::6379']\n");
        }
        try {
            return new Compose(folder, Files.writeString(Files.createTempFile("published", ".yaml"), yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs docker-compose with these words and returns what it printed. */
    String run(String words) {
        return run(Map.of(), words);
    }

    /** The same with variables for the compose file. */
    String run(Map<String, String> environment, String words) {
        return Shell.run(
                3,
                environment,
                "cd deploy/compose/" + folder + " && docker-compose --ansi never -p test-" + folder
                        + " -f compose.yaml -f " + published + " " + words);
    }

    /**
     * What a server answers to commands, one a line, as it is on the wire.
     *
     * @throws IOException when it cannot be reached
     */
    String ask(String service, String... commands) throws IOException {
        String address = run("port " + service + " 6379").lines().toList().getLast();
        int colon = address.lastIndexOf(':');
        String lines = String.join("\r\n", commands) + "\r\nQUIT\r\n";
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    2000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What {@code redis-cli} prints in the container of a service, as the pages tell it. */
    String cli(String service, String words) {
        return run("exec -T " + service + " redis-cli " + words);
    }

    /** Waits until {@code redis-cli} prints this; it may fail meanwhile. */
    void awaitCli(String service, String words, String expected) {
        Awaitility.await("redis-cli " + words + " on " + service + " prints " + expected)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(() -> cli(service, words).contains(expected));
    }

    /** Waits until the answer has this in it; {@code ask} may fail meanwhile. */
    void await(String service, String expected, String... commands) {
        Awaitility.await(service + " says " + expected)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(() -> ask(service, commands).contains(expected));
    }

    /** Waits until the log of a service is as wanted. */
    void awaitLog(String service, String what, Predicate<String> wanted) {
        Awaitility.await(what + " in the log of " + service)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> wanted.test(run("logs --no-color " + service)));
    }

    /** Ends all of it, with its volumes. */
    @Override
    public void close() {
        run("down -v -t 5");
        try {
            Files.deleteIfExists(published);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
