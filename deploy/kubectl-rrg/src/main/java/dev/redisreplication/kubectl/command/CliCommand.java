package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Found;
import dev.redisreplication.kubectl.group.Password;
import dev.redisreplication.kubectl.node.Forwarder;
import dev.redisreplication.kubectl.node.LineClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl rrg cli}. */
@Command(
        name = "cli",
        customSynopsis = "kubectl rrg cli [OPTIONS] [TARGET] [-- COMMAND [ARGUMENT...]]",
        description = {
            "Talk to a group's master, or to the pod named, with the group's password: a session, or the one command behind --.",
            "Uses redis-cli where it is on the PATH, and a plain client of its own otherwise. New connections of a session lead to whoever"
                    + " is master then."
        })
final class CliCommand extends GroupCommand {
    @Option(names = "--built-in", description = "Use the plain client even where there is a redis-cli.")
    private boolean builtIn;

    @Override
    boolean takesMore() {
        return true;
    }

    @Override
    int run(Found found) throws IOException, InterruptedException {
        String password = Password.of(found, found.read());
        found.podOrMaster();
        try (Forwarder forwarder = new Forwarder(
                () -> found.client().pods().inNamespace(found.namespace()).withName(found.podOrMaster()))) {
            Path redisCli = onPath("redis-cli");
            if (builtIn || redisCli == null) {
                return new LineClient(forwarder.port(), password, out()).run(behind());
            }
            List<String> line = new ArrayList<>(
                    List.of(redisCli.toString(), "-h", "127.0.0.1", "-p", Integer.toString(forwarder.port()), "-e"));
            line.addAll(behind());
            ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
            // Not as an argument: others on this machine see those.
            builder.environment().put("REDISCLI_AUTH", password);
            return builder.start().waitFor();
        }
    }

    private static Path onPath(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
