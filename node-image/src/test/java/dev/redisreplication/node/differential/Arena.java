package dev.redisreplication.node.differential;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@code redis-server} and a node in this process, both empty, both on loopback ports of their own, from before the first test of
 * a class to behind the last one. Where there is no {@code redis-server} the class is skipped.
 */
final class Arena implements BeforeAllCallback, AfterAllCallback {
    private enum Replica {
        NONE,
        ALWAYS,
        WHEN_COMPARED
    }

    private final Replica replica;
    private final String program;
    private RealRedis redis;
    private Path folder;
    private Server node;
    private Aftermath aftermath;

    private Arena(Replica replica, String program) {
        this.replica = replica;
        this.program = program;
    }

    private Arena(Replica replica) {
        this(replica, "redis-server");
    }

    Arena() {
        this(Replica.NONE);
    }

    /** With a node that logs, and has a replica: see {@link #aftermath}. */
    static Arena followed() {
        return new Arena(Replica.ALWAYS);
    }

    /** The same beside a newer real server, such as {@code redis8-server}. */
    static Arena followed(String program) {
        return new Arena(Replica.ALWAYS, program);
    }

    /** The same, for programs that would see the replica: it follows only while it is compared. */
    static Arena logged() {
        return new Arena(Replica.WHEN_COMPARED);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        RealRedis.assumeInstalled(program);
        redis = RealRedis.startProgram(program);
        if (replica == Replica.NONE) {
            folder = Files.createTempDirectory("node");
            String[] flags = {"--port", "0", "--bind", "127.0.0.1", "--save", "", "--enable-debug-command", "yes"};
            node = Server.start(Stream.concat(Arrays.stream(flags), Stream.of("--dir", folder.toString()))
                    .toArray(String[]::new));
        } else {
            aftermath = Aftermath.open(replica == Replica.ALWAYS);
            node = aftermath.master();
        }
    }

    RealRedis redis() {
        return redis;
    }

    Server node() {
        return node;
    }

    /** The ports of both, that of the real server first. */
    List<Integer> ports() {
        return List.of(redis.port(), node.port());
    }

    /** Two connections, all data dropped. */
    Duel duel(int protocol) throws IOException {
        return new Duel(redis.port(), node.port(), protocol);
    }

    /** The node's replica, dump and log. */
    Aftermath aftermath() {
        return aftermath;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (aftermath != null) {
            aftermath.close();
        } else if (node != null) {
            node.close();
            RealRedis.delete(folder);
        }
        if (redis != null) {
            redis.close();
        }
    }
}
