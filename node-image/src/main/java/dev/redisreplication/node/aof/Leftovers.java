package dev.redisreplication.node.aof;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Dumps that were never completed, because the node ended before: they are of no use to anybody. */
final class Leftovers {
    private Leftovers() {}

    /** Deletes them from a folder, if there is one. */
    static void removeFrom(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "temp-*.rdb")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            Notices.warn("Temporary files in " + folder + " stay: " + e.getMessage());
        }
    }
}
