package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.MAXCLIENTS;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.log.Log;
import java.io.IOException;

/**
 * Keeps {@code maxclients} within what the system gives file descriptors for, as Redis does at its start. One client too
 * many can then be told so; without a descriptor it could not even be accepted. (The JVM has raised the soft limit to the
 * hard one already.)
 */
final class FileLimit {
    private static final int RESERVED =
            32; // for sockets that listen, links, the append-only file and dumps, as in Redis

    private FileLimit() {}

    /**
     * Lowers {@code maxclients} if need be, and says so in the log.
     *
     * @throws IOException when there are not enough descriptors for a single client
     */
    static void apply(NodeSettings settings) throws IOException {
        apply(settings, ProcessFigures.mostDescriptors(), ProcessFigures.descriptors() + RESERVED);
    }

    static void apply(NodeSettings settings, long most, int reserved) throws IOException {
        long wanted = settings.get(MAXCLIENTS);
        long possible = most - reserved;
        if (possible < 1) {
            throw new IOException("Your current 'ulimit -n' of " + most
                    + " is not enough for the server to start. Please increase your open file limit to at least "
                    + (reserved + 1));
        }
        settings.bound(
                MAXCLIENTS,
                possible,
                "The operating system is not able to handle the specified number of clients, try with " + possible);
        if (wanted > possible) {
            Log.warning("You requested maxclients of " + wanted + " requiring at least " + (wanted + reserved)
                    + " max file descriptors.");
            Log.warning("Current maximum open files is " + most + ". maxclients has been reduced to " + possible
                    + " to compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.");
            settings.record(MAXCLIENTS, Long.toString(possible));
        }
    }
}
