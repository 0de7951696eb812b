package dev.redisreplication.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands of this machine, each with a bound. */
final class Shell {

    private Shell() {}

    /** Whether a program of this name is on the path. */
    static boolean has(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs a command line with bash, in the root of the repository.
     *
     * @return what it printed, both streams together
     * @throws IllegalStateException when it fails, or has not ended after {@code minutes}; the message holds its output
     */
    static String run(int minutes, Map<String, String> environment, String commandLine) {
        try {
            Path output = Files.createTempFile("shell", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder("bash", "-c", "set -euo pipefail; " + commandLine)
                        .directory(Repository.root().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                String text = Files.readString(output, StandardCharsets.UTF_8);
                if (!ended || process.exitValue() != 0) {
                    throw new IllegalStateException(
                            commandLine + (ended ? " failed:\n" : " did not end in " + minutes + " minutes:\n") + text);
                }
                return text;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
