package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.PIDFILE;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are there while the process is. */
final class ProcessFiles {
    private ProcessFiles() {}

    /** Writes the pid file, if there is to be one. */
    static void pid(NodeSettings settings) throws IOException {
        String file = settings.get(PIDFILE);
        if (!file.isEmpty()) {
            Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n");
        }
    }

    /**
     * Removes a file, unless it has no name.
     *
     * @param line what the log says of it
     */
    static void remove(String file, String line) {
        if (!file.isEmpty()) {
            Log.notice(line);
            try {
                Files.deleteIfExists(Path.of(file));
            } catch (IOException e) {
                Log.warning("cannot remove " + file + ": " + e.getMessage());
            }
        }
    }
}
