package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Failure;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl rrg}: what its words have in common. */
@Command(
        name = "kubectl rrg",
        description = "Look at groups of Redis nodes, and change them.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "Exit status: 0 done; 1 refused or failed, with the reason; 2 wrong usage; 3 not finished in time."
        },
        version = "kubectl rrg 0.1.0",
        subcommands = {
            StatusCommand.class,
            LogsCommand.class,
            TopCommand.class,
            CliCommand.class,
            SwitchoverCommand.class,
            CompletionCommand.class,
            CompleteCommand.class
        })
public final class RrgCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version and end.")
    private boolean version;

    private final List<String> behind;

    /** @param behind what stands behind {@code --}, which is for somebody else */
    private RrgCommand(List<String> behind) {
        this.behind = List.copyOf(behind);
    }

    /** The words behind {@code --}. */
    List<String> behind() {
        return behind;
    }

    /** Runs what the arguments say, and gives the status that the process is to end with. */
    public static int execute(String... args) {
        return execute(writer(FileDescriptor.out), writer(FileDescriptor.err), args);
    }

    private static PrintWriter writer(FileDescriptor to) {
        return new PrintWriter(new PrintStream(new FileOutputStream(to), false, StandardCharsets.UTF_8), false);
    }

    /** The same with other outputs. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        List<String> all = List.of(args);
        int end = all.contains("--") && !all.getFirst().equals(CompleteCommand.NAME) ? all.indexOf("--") : all.size();
        CommandLine line = commandLine(all.subList(Math.min(end + 1, all.size()), all.size()));
        line.setOut(out);
        line.setErr(err);
        int status = end == 0 ? usage(line) : line.execute(all.subList(0, end).toArray(String[]::new));
        out.flush();
        err.flush();
        return status;
    }

    private static int usage(CommandLine line) {
        line.usage(line.getOut());
        return 0;
    }

    /** The command with all its words. */
    static CommandLine commandLine() {
        return commandLine(List.of());
    }

    private static CommandLine commandLine(List<String> behind) {
        CommandLine line = new CommandLine(new RrgCommand(behind));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            line.getOut().flush();
            command.getErr().println("error: " + message(e));
            return e instanceof Failure failure ? failure.status() : Failure.FAILED;
        });
        return line;
    }

    private static String message(Exception e) {
        if (e instanceof KubernetesClientException refused) {
            if (refused.getStatus() != null && refused.getStatus().getMessage() != null) {
                return refused.getStatus().getMessage();
            }
            Throwable cause = refused;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            return "the API server does not answer: " + what;
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
