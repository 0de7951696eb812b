package dev.redisreplication.sandbox.demo;

import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.demo.Failover.Outcome;
import dev.redisreplication.sandbox.json.Json;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@code ./run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        version = "redis-replication 0.1.0",
        sortOptions = false,
        description = {
            "Starts a whole system on this machine, kills the master of a group of three and shows what happens.",
            "Then stays up until Ctrl-C."
        })
public final class RunCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    @Option(
            names = "--once",
            description = "End after the failover; exit status 0 only if writes were acknowledged before it,"
                    + " it worked, and no write that master and replica had acknowledged was lost.")
    private boolean once;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Kill the master N times, print the times from kill to first accepted write, and end.")
    private int kills;

    @Option(names = "--no-kill", description = "Only start the system and stay up.")
    private boolean noKill;

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description = "The group to apply. Default: deploy/samples/orders.yaml")
    private Path sample;

    @Option(names = "--api-port", paramLabel = "PORT", description = "Port of the API server. Default: a free one.")
    private int apiPort;

    @Option(
            names = "--redis-port",
            paramLabel = "PORT",
            description = "Port of the read-write Service. Default: a free one.")
    private int redisPort;

    @Option(names = "--plain", description = "Plain lines instead of a table, as when the output is not a terminal.")
    private boolean plain;

    @Option(names = "--root", hidden = true, defaultValue = ".")
    private Path root;

    private final PrintStream out = System.out;

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new RunCommand());
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            line.getErr().println("failed: " + e.getMessage());
            return 1;
        });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        Path absolute = root.toAbsolutePath().normalize();
        // The bench kills each pod many times; the pause of a crash loop would be measured with it.
        Duration backOff = kills > 0 ? Duration.ofMillis(1) : Duration.ofSeconds(10);
        try (Sandbox sandbox = new Sandbox(Group.images(absolute), apiPort, backOff)) {
            Thread hook = new Thread(() -> {
                sandbox.close();
                end.countDown();
            });
            Runtime.getRuntime().addShutdownHook(hook);
            int status = show(sandbox, absolute);
            if (status != 0 || once || kills > 0) {
                return status;
            }
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private int show(Sandbox sandbox, Path at) throws IOException {
        long started = System.nanoTime();
        out.println("API server at " + sandbox.url() + "; starting the operator and three nodes ...");
        sandbox.apply(at.resolve("crds/crd/redisreplicationgroups.yaml"));
        Group.startOperator(sandbox);
        Group group = Group.apply(sandbox, sample == null ? at.resolve("deploy/samples/orders.yaml") : sample);
        if (!Group.await(START_LIMIT, group::isReady)) {
            complain(sandbox, group, "the group is not Ready after " + START_LIMIT.toSeconds() + " s");
            return 1;
        }
        out.printf("Group %s is Ready, %.1f s after the start.%n", group.name(), (System.nanoTime() - started) / 1e9);
        int port = sandbox.proxy().forward(redisPort, Group.NAMESPACE, group.readWriteService(), Group.REDIS_PORT);
        int status = 0;
        if (!noKill) {
            try (Writer writer = new Writer(group.readWriteAddress(), Group.REDIS_PORT, group.password(), "sandbox:")) {
                status = kills > 0 ? bench(group, writer) : demonstrate(group, writer);
            } catch (IllegalStateException e) {
                complain(sandbox, group, e.getMessage());
                return 1;
            }
        }
        if (status == 0 && !once && kills == 0) {
            sayHowToLook(sandbox, group, port);
        }
        return status;
    }

    private int demonstrate(Group group, Writer writer) throws IOException {
        boolean terminal = !plain && System.console() instanceof Console console && console.isTerminal();
        Failover failover = new Failover(group, writer);
        Outcome outcome;
        boolean back;
        try (LiveTable table = new LiveTable(group, writer, out, terminal)) {
            Failover.write(Duration.ofSeconds(3));
            failover.awaitWrites();
            table.note(
                    "kill -9 " + group.pid(group.status("master")) + "   (" + group.status("master") + ", the master)");
            outcome = failover.run("KILL");
            table.note("first accepted write " + outcome.toFirstWrite().toMillis() + " ms after the kill; "
                    + outcome.to() + " was promoted");
            back = failover.awaitReady();
            table.note(back ? outcome.from() + " is back as a replica" : outcome.from() + " has not come back");
            Failover.write(Duration.ofSeconds(1));
        }
        report(failover, outcome);
        if (!back) {
            out.println("The group did not become whole again in a minute: "
                    + Json.write(group.resource().path("status").path("conditions")));
        }
        return outcome.replicatedMissing() == 0 && back ? 0 : 1;
    }

    private void report(Failover failover, Outcome outcome) {
        out.println();
        out.printf(
                "  kill to first accepted write          %d ms%n",
                outcome.toFirstWrite().toMillis());
        out.printf("  promoted                              %s at offset %s%n", outcome.to(), outcome.offset());
        out.printf("  acknowledged writes before the kill   %d%n", outcome.acknowledged());
        out.printf("    of these missing now                %d%n", outcome.missing());
        out.printf("  known to be at a replica, too (WAIT)  %d%n", outcome.replicated());
        out.printf("    of these missing now                %d%n", outcome.replicatedMissing());
        // The last steps reach the status a moment after the client's first write.
        String steps = failover.steps();
        if (!steps.isEmpty()) {
            out.println("  the operator's steps, ms              " + steps);
        }
        out.println();
    }

    private int bench(Group group, Writer writer) throws IOException {
        Failover failover = new Failover(group, writer);
        List<Long> times = new ArrayList<>();
        int lost = 0;
        int lostReplicated = 0;
        for (int i = 1; i <= kills; i++) {
            if (!failover.awaitReady()) {
                throw new IllegalStateException("not Ready again before kill " + i);
            }
            Failover.write(Duration.ofSeconds(1));
            failover.awaitWrites();
            int before = lost;
            Outcome outcome = failover.run("KILL");
            lost = outcome.missing();
            lostReplicated = outcome.replicatedMissing();
            times.add(outcome.toFirstWrite().toMillis());
            out.printf(
                    "kill %3d  %-10s -> %-10s %5d ms (%s)  acknowledged %d, newly missing %d%n",
                    i,
                    outcome.from(),
                    outcome.to(),
                    outcome.toFirstWrite().toMillis(),
                    outcome.steps(),
                    outcome.acknowledged(),
                    lost - before);
        }
        Collections.sort(times);
        out.println();
        out.printf(
                "%d kills: p50 %d ms, p99 %d ms, most %d ms from kill to first accepted write%n",
                kills, percentile(times, 50), percentile(times, 99), times.getLast());
        out.printf("missing of all acknowledged writes: %d; of those at a replica, too: %d%n", lost, lostReplicated);
        return lostReplicated == 0 ? 0 : 1;
    }

    /** The nearest-rank percentile of sorted values. */
    static long percentile(List<Long> sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    private void complain(Sandbox sandbox, Group group, String what) throws IOException {
        out.println("Failed: " + what);
        out.println("status: " + Json.write(group.resource().path("status")));
        group.pods()
                .forEach(pod ->
                        out.println(Json.name(pod) + ": " + Json.write(Json.at(pod, "status", "containerStatuses"))));
        Path log = Group.operatorLog(sandbox);
        if (Files.exists(log)) {
            List<String> lines = Files.readAllLines(log);
            out.println("the operator's last lines:");
            lines.subList(Math.max(0, lines.size() - 20), lines.size()).forEach(l -> out.println("  " + l));
        }
    }

    private void sayHowToLook(Sandbox sandbox, Group group, int port) {
        out.println("The system stays up. To look at it:");
        out.println("  export KUBECONFIG=" + sandbox.kubeconfig());
        out.println("  kubectl get rrg -w");
        out.println("  kubectl get rrg " + group.name() + " -o wide");
        out.println("  redis-cli -p " + port + " -a " + group.password());
        out.println("Ctrl-C ends it and removes everything.");
        out.flush();
    }
}
