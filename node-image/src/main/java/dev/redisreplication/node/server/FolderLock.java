package dev.redisreplication.node.server;

import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two processes of a managed node out of one data directory: where a pod is deleted by force, the next one gets its
 * volume while the old process may still be there. The system gives the lock back when the process ends, however it does.
 * A node that is started by hand takes none, as redis-server does not.
 */
final class FolderLock {
    private static final String NAME = "node.lock";
    private static final long LOOK_MILLIS = 50;

    @SuppressWarnings("unused") // closing it would give the lock back
    private static FileLock held;

    private FolderLock() {}

    /**
     * Waits until no other process has the lock of {@code folder}, and keeps it from then on. Says in the log that it waits.
     * Where the file system has no locks, that is said, and the node goes on without.
     */
    static void take(Path folder) throws InterruptedException {
        try {
            FileChannel channel =
                    FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            held = channel.tryLock();
            if (held == null) {
                Log.warning("Another process uses " + folder + "; waiting until it ends");
            }
            while (held == null) {
                Thread.sleep(LOOK_MILLIS);
                held = channel.tryLock();
            }
        } catch (IOException e) {
            Log.warning("The data directory cannot be locked against other processes: " + e.getMessage());
        }
    }
}
