package dev.redisreplication.kubectl.command;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.kubectl.group.Failure;
import dev.redisreplication.kubectl.group.Found;
import dev.redisreplication.kubectl.group.LiveGroup;
import dev.redisreplication.kubectl.group.StatusReport;
import dev.redisreplication.kubectl.print.StatusText;
import dev.redisreplication.kubectl.print.Style;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl rrg status}. */
@Command(
        name = "status",
        description = "Show a group: its members as their nodes say it now, what is wrong, and the last failover.")
final class StatusCommand extends ViewCommand {
    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Show it when the group is Ready, or after so many seconds with status 3.")
    private int patience;

    @Override
    int run(Found found) throws InterruptedException {
        boolean ready = patience == 0 || awaitReady(found);
        try (LiveGroup live = new LiveGroup(found)) {
            do {
                StatusReport report = report(found, live);
                show(report, () -> StatusText.of(report, Instant.now()));
            } while (watches() && pause());
        }
        return ready ? 0 : Failure.NOT_YET;
    }

    private boolean awaitReady(Found found) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience);
        while (!isReady(found.read())) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return true;
    }

    /** Of the present spec, too. */
    private static boolean isReady(RedisReplicationGroup group) {
        return group.getStatus().conditions().stream()
                .anyMatch(c -> c.getType().equals("Ready")
                        && c.getStatus().equals("True")
                        && c.getObservedGeneration() != null
                        && c.getObservedGeneration() >= group.getMetadata().getGeneration());
    }

    private static StatusReport report(Found found, LiveGroup live) {
        RedisReplicationGroup group = found.read();
        try {
            return StatusReport.of(found, group, live.look(group));
        } catch (Failure e) {
            return StatusReport.of(found, group, e.getMessage());
        }
    }

    private boolean pause() throws InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        if (isText() && !Style.onTerminal()) {
            out().println();
        }
        return true;
    }
}
