package dev.redisreplication.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of this repository are, seen from a test. */
final class Repository {

    private Repository() {}

    /** The root of the repository: given by the build, else the nearest folder above that holds {@code helm}. */
    static Path root() {
        String given = System.getProperty("project.root");
        Path at = Path.of(given == null || given.isBlank() ? "" : given).toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve("helm"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException("no folder above the working directory holds helm/");
        }
        return at;
    }

    static Path path(String relative) {
        return root().resolve(relative);
    }

    static String read(String relative) {
        return read(path(relative));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The YAML files of a folder, by name; not those of its sub-folders. */
    static List<Path> yaml(String folder) {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
