package dev.redisreplication.kubectl.print;

import dev.redisreplication.api.v1alpha1.FailoverSteps;
import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.kubectl.group.StatusReport;
import dev.redisreplication.kubectl.group.StatusReport.ConditionReport;
import dev.redisreplication.kubectl.group.StatusReport.MemberReport;
import dev.redisreplication.kubectl.print.Table.Cell;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A {@link StatusReport} for people. */
public final class StatusText {
    private StatusText() {}

    /** The lines. */
    public static List<String> of(StatusReport report, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(Style.STRONG.of(report.namespace() + "/" + report.name()) + "   "
                + phase(report.phase()).of(report.phase()) + (report.term() == null ? "" : "   term " + report.term())
                + "   " + writes(report));
        lines.add("");
        lines.addAll(table(report, now).lines());
        if (report.note() != null) {
            lines.add("");
            lines.add(Style.CAREFUL.of("Figures of the status, up to 10 s old: " + report.note()));
        }
        lines.addAll(conditions(report, now));
        if (report.lastFailover() != null) {
            lines.add("");
            lines.addAll(failover(report.lastFailover(), now));
        }
        return lines;
    }

    private static Style phase(String phase) {
        return switch (phase) {
            case "Ready" -> Style.GOOD;
            case "FailingOver", "Waiting" -> Style.BAD;
            default -> Style.CAREFUL;
        };
    }

    private static String writes(StatusReport report) {
        return report.conditions().stream()
                .filter(c -> c.type().equals("Serving"))
                .map(c -> c.status().equals("True") ? "accepts writes" : Style.BAD.of("accepts no writes"))
                .findFirst()
                .orElse("");
    }

    private static Table table(StatusReport report, Instant now) {
        Table table = new Table("POD", "ROLE", "OFFSET", "LAG", "LINK", "LEASE", "RESTARTS", "AGE", "NODE", "PROBLEM");
        for (MemberReport member : report.members()) {
            table.add(
                    Cell.of(member.pod()),
                    new Cell(member.role(), role(member.role())),
                    Cell.of(member.offset()),
                    new Cell(
                            member.lag() == null ? "" : member.lag().toString(),
                            member.lag() == null || member.lag() == 0 ? Style.PLAIN : Style.CAREFUL),
                    new Cell(
                            member.link() == null ? "" : member.link(),
                            "up".equals(member.link()) ? Style.PLAIN : Style.CAREFUL),
                    Cell.of(member.leaseMs() == null ? "" : member.leaseMs() + " ms"),
                    Cell.of(member.restarts()),
                    Cell.of(Human.since(member.startedAt(), now)),
                    Cell.of(member.node()),
                    new Cell(member.problem() == null ? "" : member.problem(), Style.BAD));
        }
        return table;
    }

    private static Style role(String role) {
        return switch (role) {
            case "master" -> Style.GOOD;
            case "replica" -> Style.PLAIN;
            default -> Style.BAD;
        };
    }

    /** Those that are not as they should be. */
    private static List<String> conditions(StatusReport report, Instant now) {
        List<String> lines = new ArrayList<>();
        for (ConditionReport condition : report.conditions()) {
            if (!condition.status().equals("True")) {
                if (lines.isEmpty()) {
                    lines.add("");
                }
                String since = Human.since(condition.since(), now);
                lines.add(Style.BAD.of(condition.type() + "=" + condition.status()) + "  " + condition.reason()
                        + (condition.message() == null || condition.message().isEmpty()
                                ? ""
                                : ": " + condition.message())
                        + (since.isEmpty() ? "" : Style.QUIET.of("  (for " + since + ")")));
            }
        }
        return lines;
    }

    private static List<String> failover(LastFailover last, Instant now) {
        StringJoiner line = new StringJoiner(", ");
        String kind = "Switchover".equals(last.kind()) ? "Last switchover" : "Last failover";
        String what = last.from() == null ? "Promoted" : kind;
        line.add(what + ": "
                + (last.from() == null ? "" : last.from() + " -> ")
                + (last.to() == null ? "nobody yet" : last.to()));
        line.add("term " + last.term());
        line.add(last.reason());
        String since = Human.since(last.startedAt(), now);
        if (!since.isEmpty()) {
            line.add(since + " ago");
        }
        if (last.possibleLossBytes() != null) {
            line.add(last.possibleLossBytes() == 0 ? "nothing lost" : last.possibleLossBytes() + " bytes lost");
        } else if (last.knownLossBytes() != null && last.knownLossBytes() > 0) {
            line.add("at least " + last.knownLossBytes() + " bytes lost");
        }
        List<String> lines = new ArrayList<>(List.of(line.toString()));
        FailoverSteps steps = last.milliseconds();
        if (steps != null && steps.total() != null) {
            StringJoiner each = new StringJoiner(", ", "  " + steps.total() + " ms: ", "");
            step(each, "detect", steps.detect());
            step(each, "term", steps.term());
            step(each, "fence", steps.fence());
            step(each, "clear", steps.clear());
            step(each, "promote", steps.promote());
            step(each, "route", steps.route());
            lines.add(Style.QUIET.of(each.toString()));
        }
        return lines;
    }

    private static void step(StringJoiner steps, String name, Long millis) {
        if (millis != null) {
            steps.add(name + " " + millis);
        }
    }
}
