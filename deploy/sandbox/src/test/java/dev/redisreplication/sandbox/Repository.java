package dev.redisreplication.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie in the repository. */
public final class Repository {
    private Repository() {}

    /** The root, found from the system property that the build sets or from the working directory upwards. */
    public static Path root() {
        String given = System.getProperty("repository", "");
        Path at = given.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(given);
        while (!Files.exists(at.resolve("crds/pom.xml"))) {
            at = at.getParent();
        }
        return at;
    }

    public static Path crd() {
        return root().resolve("crds/crd/redisreplicationgroups.yaml");
    }
}
