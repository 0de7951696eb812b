package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Failure;
import dev.redisreplication.kubectl.group.Found;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** What {@code kubectl_complete-rrg} asks: the words that may stand in the place of the last one, as kubectl reads them. */
@Command(name = CompleteCommand.NAME, hidden = true)
final class CompleteCommand implements Callable<Integer> {
    static final String NAME = "__complete";

    /** Tells kubectl that names of files make no sense here. */
    private static final String NO_FILES = ":4";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*")
    private List<String> words = new ArrayList<>();

    @Unmatched
    private List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
        List<String> all = new ArrayList<>(words);
        all.addAll(rest);
        candidates(all).forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().println(NO_FILES);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static List<String> candidates(List<String> words) {
        String begun = words.isEmpty() ? "" : words.getLast();
        Map<String, CommandLine> commands = RrgCommand.commandLine().getSubcommands();
        CommandLine command = words.size() < 2 ? null : commands.get(words.getFirst());
        TreeSet<String> candidates = new TreeSet<>();
        if (command == null) {
            commands.forEach((name, each) -> {
                if (!each.getCommandSpec().usageMessage().hidden()) {
                    candidates.add(name);
                }
            });
        } else if (begun.startsWith("-")) {
            command.getCommandSpec().options().forEach(option -> candidates.addAll(List.of(option.names())));
        } else if (command.getCommand() instanceof GroupCommand) {
            candidates.addAll(targets());
        }
        return candidates.stream().filter(c -> c.startsWith(begun)).toList();
    }

    /** Groups of the context's namespace, and their pods; nothing when the cluster does not answer. */
    private static List<String> targets() {
        ClusterOptions cluster = new ClusterOptions();
        List<String> targets = new ArrayList<>();
        try (KubernetesClient client = cluster.client()) {
            String namespace = cluster.namespace(client);
            for (String group : Found.names(client, namespace)) {
                targets.add(group);
                new Found(client, namespace, group, "")
                        .pods()
                        .forEach(pod -> targets.add(pod.getMetadata().getName()));
            }
        } catch (KubernetesClientException | Failure e) {
            return List.of();
        }
        return targets;
    }
}
