package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Found;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A word about one group. */
abstract class GroupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TARGET",
            defaultValue = "",
            description = "A group, or one of its pods. May be left out where the namespace has only one group.")
    private String target;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean help;

    @ParentCommand
    private RrgCommand parent;

    @Override
    public final Integer call() throws Exception {
        if (!behind().isEmpty() && !takesMore()) {
            throw new ParameterException(
                    spec.commandLine(), spec.name() + " takes nothing behind --: " + String.join(" ", behind()));
        }
        try (KubernetesClient client = cluster.client()) {
            return run(Found.find(client, cluster.namespace(client), target));
        }
    }

    /** Does it, and gives the status that the process ends with. */
    abstract int run(Found found) throws Exception;

    /** What stands behind {@code --}. */
    final List<String> behind() {
        return parent.behind();
    }

    /** Whether something may stand behind {@code --}. */
    boolean takesMore() {
        return false;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Writes whole lines at once, so that whoever reads along sees them. */
    final void say(Iterable<String> lines) {
        lines.forEach(out()::println);
        out().flush();
    }
}
