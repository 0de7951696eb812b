package dev.redisreplication.sandbox.kubelet;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A terminal for a command. Java has none to give, so {@code script} of util-linux does, where it is installed. */
final class Terminal {
    private Terminal() {}

    /** The command with a terminal of its own around it, or as it is where there is none to be had. */
    static List<String> around(List<String> command) {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(d -> Files.isExecutable(Path.of(d, "script")));
        if (!there) {
            return command;
        }
        String line = command.stream().map(Terminal::quoted).collect(Collectors.joining(" ", "exec ", ""));
        return List.of("script", "--quiet", "--flush", "--return", "--command", line, "/dev/null");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
