package dev.redisreplication.sandbox;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Tools that a test needs and a machine may lack. */
public final class Tool {
    private Tool() {}

    /** Skips the test, with the reason, when the command is not on the path; in CI that is a failure. */
    public static void need(String command) {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(d -> Files.isExecutable(Path.of(d, command)));
        needs(there, command + " is not on the PATH");
    }

    /** Skips the test with the reason unless the condition holds; in CI that is a failure. */
    public static void needs(boolean condition, String reason) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        assumeTrue(condition, reason);
    }
}
