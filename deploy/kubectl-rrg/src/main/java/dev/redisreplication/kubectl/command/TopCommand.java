package dev.redisreplication.kubectl.command;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.kubectl.group.Found;
import dev.redisreplication.kubectl.group.LiveGroup;
import dev.redisreplication.kubectl.group.LiveGroup.Member;
import dev.redisreplication.kubectl.group.TopReport;
import dev.redisreplication.kubectl.group.TopReport.Row;
import dev.redisreplication.kubectl.print.Human;
import dev.redisreplication.kubectl.print.Style;
import dev.redisreplication.kubectl.print.Table;
import dev.redisreplication.kubectl.print.Table.Cell;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code kubectl rrg top}. */
@Command(
        name = "top",
        description = {
            "Show what a group's nodes do and take, over a second: processor and memory of their pods (where the cluster has a"
                    + " metrics API), memory of the data, keys, clients, commands, network."
        })
final class TopCommand extends ViewCommand {
    @Override
    int run(Found found) throws InterruptedException {
        RedisReplicationGroup group = found.read();
        try (LiveGroup live = new LiveGroup(found)) {
            List<Member> before = live.look(group);
            do {
                long began = System.nanoTime();
                TimeUnit.SECONDS.sleep(1);
                List<Member> now = live.look(group);
                double seconds = (System.nanoTime() - began) / 1e9;
                TopReport report = TopReport.of(found, before, now, seconds);
                show(report, () -> table(report));
                if (isText() && report.note() != null) {
                    err().println(report.note());
                }
                before = now;
            } while (watches());
        }
        return 0;
    }

    private static List<String> table(TopReport report) {
        Table table = new Table(
                "POD", "ROLE", "CPU", "MEMORY", "DATA", "KEYS", "CLIENTS", "COMMANDS/S", "IN/S", "OUT/S", "PROBLEM");
        for (Row row : report.members()) {
            table.add(
                    Cell.of(row.pod()),
                    Cell.of(row.role()),
                    Cell.of(row.cpuMillis() == null ? "" : row.cpuMillis() + "m"),
                    bytes(row.memoryBytes()),
                    bytes(row.dataBytes()),
                    Cell.of(row.keys()),
                    Cell.of(row.clients()),
                    Cell.of(row.commandsPerSecond()),
                    bytes(row.inPerSecond()),
                    bytes(row.outPerSecond()),
                    new Cell(row.problem() == null ? "" : row.problem(), Style.BAD));
        }
        return table.lines();
    }

    private static Cell bytes(Long value) {
        return Cell.of(value == null ? "" : Human.bytes(value));
    }
}
