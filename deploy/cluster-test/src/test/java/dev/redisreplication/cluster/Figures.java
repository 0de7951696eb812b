package dev.redisreplication.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What was measured: printed, and kept in a file so that it can be found after the build. */
final class Figures {

    private static final Path FILE = Repository.path("deploy/cluster-test/target/cluster-figures.txt");

    private Figures() {}

    static synchronized void clear() {
        try {
            Files.deleteIfExists(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line or several; the format is that of {@link String#format}. */
    static synchronized void say(String format, Object... values) {
        String line = values.length == 0 ? format : String.format(format, values);
        System.out.println("[cluster] " + line.replace("\n", "\n[cluster] "));
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
