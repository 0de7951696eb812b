package dev.redisreplication.node.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.replication.system.LogEvents;
import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** One server of a {@link Cast}. */
final class Actor {
    private final Cast cast;
    private final String name;
    private final ServerProcess server;
    private final LogEvents log;

    private Actor(Cast cast, String name, ServerProcess server) {
        this.cast = cast;
        this.name = name;
        this.server = server;
        this.log = new LogEvents(server);
    }

    static Actor start(Cast cast, String name, List<String> before, String program, Path file, int port)
            throws IOException {
        String password = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("requirepass "))
                .map(line -> line.substring("requirepass ".length()).replace("\"", ""))
                .findFirst()
                .orElse(null);
        return new Actor(cast, name, ServerProcess.configured(before, program, file, port, password));
    }

    /** Its process, for what is done to it and for what is not written down. */
    ServerProcess server() {
        return server;
    }

    LogEvents log() {
        return log;
    }

    String port() {
        return Integer.toString(server.port());
    }

    /** A command whose reply is written down. */
    Object call(String... words) {
        Object reply;
        try {
            reply = server.call(words);
        } catch (JedisDataException e) {
            reply = "(error) " + e.getMessage();
        }
        cast.note(name + "> " + String.join(" ", words), reply);
        return reply;
    }

    /** A command whose reply is written down, and is this one. An error begins with {@code (error)}. */
    void says(String reply, String... words) {
        assertThat(String.valueOf(call(words)))
                .as("%s> %s", name, String.join(" ", words))
                .isEqualTo(reply);
    }

    /** A command that ends the process; the status that a shell would see is written down. */
    void crashes(String... words) throws InterruptedException {
        assertThatThrownBy(() -> server.call(words)).isInstanceOf(JedisConnectionException.class);
        cast.note(name + "> " + String.join(" ", words), "status " + server.awaitEnd());
    }

    /** A line more in its file of settings, which it reads when it starts again. */
    void setting(String line) throws IOException {
        Path file = server.directory().resolve("redis.conf");
        Files.writeString(file, cast.adapted(line) + "\n", StandardOpenOption.APPEND);
    }

    /** Waits until a field of INFO has a value. */
    void has(String field, String value) {
        server.awaitInfo(field, value);
    }

    /** Waits until the log of this chapter has a line with these words. */
    void logs(String words) {
        log.await(words);
    }

    /** Waits until it has all that its master has, and the master knows it. */
    void awaitServedBy(Actor master) {
        server.awaitCaughtUp(master.server);
        Awaitility.await("acknowledgement by " + name)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> ((String) master.server.call("INFO", "replication"))
                        .lines()
                        .anyMatch(line -> line.contains(
                                "port=" + port() + ",state=online,offset=" + master.server.offset() + ",")));
    }

    /** Writes down the names of all files in its folder, subfolders included, but the file of settings and the log. */
    void files() throws IOException {
        try (Stream<Path> all = Files.walk(server.directory())) {
            cast.note(
                    "files of " + name,
                    all.filter(Files::isRegularFile)
                            .map(file -> server.directory().relativize(file).toString())
                            .filter(file -> !file.equals("redis.conf") && !file.startsWith("server.log"))
                            .sorted()
                            .toList());
        }
    }
}
