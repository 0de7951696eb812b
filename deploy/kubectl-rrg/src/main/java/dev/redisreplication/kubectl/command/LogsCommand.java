package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.group.Failure;
import dev.redisreplication.kubectl.group.Found;
import dev.redisreplication.kubectl.print.MergedLog;
import dev.redisreplication.kubectl.print.Style;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl rrg logs}. */
@Command(
        name = "logs",
        description =
                "Show the logs of a group's nodes in one, in the order of their times; each line says whose it is.")
final class LogsCommand extends GroupCommand {
    private static final Style[] STYLES = {Style.GOOD, Style.CAREFUL, Style.STRONG, Style.PLAIN};

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--tail", paramLabel = "LINES", defaultValue = "20", description = "Of each node (default 20).")
    private int tail;

    @Option(
            names = {"-p", "--previous"},
            description = "Of the process before the present one.")
    private boolean previous;

    @Override
    int run(Found found) throws InterruptedException {
        List<Pod> pods = found.pods();
        if (pods.isEmpty()) {
            throw new Failure("the group " + found.name() + " has no pods");
        }
        if (follow && previous) {
            throw new Failure("--previous: a process that has ended cannot be followed");
        }
        return follow ? follow(found, pods) : show(found, pods);
    }

    private int show(Found found, List<Pod> pods) {
        MergedLog log = new MergedLog();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < pods.size(); i++) {
            String name = pods.get(i).getMetadata().getName();
            try {
                PodResource pod =
                        found.client().pods().inNamespace(found.namespace()).withName(name);
                String text = previous
                        ? pod.terminated().tailingLines(tail).getLog()
                        : pod.tailingLines(tail).getLog();
                log.add(prefix(name, i), text);
            } catch (KubernetesClientException e) {
                problems.add(name + ": "
                        + (e.getStatus() == null
                                ? e.getMessage()
                                : e.getStatus().getMessage()));
            }
        }
        say(log.lines());
        problems.forEach(problem -> err().println("error: " + problem));
        return problems.size() == pods.size() ? Failure.FAILED : 0;
    }

    private int follow(Found found, List<Pod> pods) throws InterruptedException {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < pods.size(); i++) {
            String name = pods.get(i).getMetadata().getName();
            String prefix = prefix(name, i);
            readers.add(Thread.ofVirtual().start(() -> follow(found, name, prefix)));
        }
        for (Thread reader : readers) {
            reader.join();
        }
        return 0;
    }

    private void follow(Found found, String name, String prefix) {
        PodResource pod = found.client().pods().inNamespace(found.namespace()).withName(name);
        try (LogWatch watch = pod.tailingLines(tail).watchLog();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String whole = prefix + line;
                synchronized (this) {
                    say(List.of(whole));
                }
            }
        } catch (IOException | KubernetesClientException e) {
            err().println("error: " + name + ": " + e.getMessage());
        }
    }

    private static String prefix(String pod, int number) {
        return STYLES[number % STYLES.length].of(pod) + "  ";
    }
}
