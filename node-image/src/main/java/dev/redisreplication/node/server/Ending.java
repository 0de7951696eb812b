package dev.redisreplication.node.server;

import dev.redisreplication.node.config.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the process ends: data made safe first, files of its own removed, status 0. */
final class Ending {
    private final Server server;
    private final NodeSettings settings;
    private volatile boolean safe;

    Ending(Server server, NodeSettings settings) {
        this.server = server;
        this.settings = settings;
    }

    /** SHUTDOWN has made the data safe already. */
    void byCommand() {
        safe = true;
        Log.notice("redis-node is now ready to exit, bye bye...");
        new Thread(() -> System.exit(0), "exit").start(); // the hook below needs the loop's thread to be free
    }

    /** The JVM was told to end: SIGTERM, SIGINT, or System.exit. */
    void bySignal() {
        if (!safe) {
            Log.notice("Received a signal to end, scheduling shutdown...");
            String refusal = server.stop(null, 1000 * Math.max(1, settings.number("shutdown-timeout")));
            if (refusal != null) {
                Log.warning("the data may not be safe: " + refusal);
            }
            Log.notice("redis-node is now ready to exit, bye bye...");
        }
        delete(settings.text("pidfile"));
        delete(settings.text("unixsocket"));
        Runtime.getRuntime().halt(0); // a signal would make it 143, and redis-server says 0
    }

    private static void delete(String file) {
        if (!file.isEmpty()) {
            try {
                Files.deleteIfExists(Path.of(file));
            } catch (IOException e) {
                Log.warning("cannot remove " + file + ": " + e.getMessage());
            }
        }
    }
}
