package dev.redisreplication.kubectl.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl rrg completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script for bash or zsh that completes kubectl-rrg. For kubectl rrg nothing is needed but that"
                    + " kubectl_complete-rrg is on the PATH, and kubectl's own completion."
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean help;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(AutoComplete.bash("kubectl-rrg", RrgCommand.commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
