package dev.redisreplication.node.command.watch;

import static dev.redisreplication.node.config.Directives.LATENCY_MONITOR_THRESHOLD;
import static dev.redisreplication.node.config.Directives.SLOWLOG_LOG_SLOWER_THAN;

import dev.redisreplication.node.command.Latency;
import dev.redisreplication.node.command.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** LATENCY DOCTOR: what was seen, in figures, and what may help. */
final class LatencyReport {
    private LatencyReport() {}

    static String of(Node node) {
        if (!node.latency().isOn()) {
            return "Latency monitoring is off. CONFIG SET latency-monitor-threshold <milliseconds> turns it on.\n";
        }
        Map<String, Latency.Series> events = node.latency().events();
        if (events.isEmpty()) {
            return "No latency spike was observed since the monitoring was turned on or last reset.\n";
        }
        StringBuilder out = new StringBuilder("Latency spikes were observed:\n\n");
        Set<String> advice = new LinkedHashSet<>();
        int number = 0;
        for (Map.Entry<String, Latency.Series> event : events.entrySet()) {
            out.append(line(++number, event.getKey(), event.getValue()));
            advise(node, event.getKey(), advice);
        }
        out.append("\nAdvice:\n\n");
        advice.forEach(text -> out.append("- ").append(text).append('\n'));
        return out.toString();
    }

    private static String line(int number, String event, Latency.Series series) {
        List<Latency.Sample> samples = series.samples();
        double mean =
                samples.stream().mapToLong(Latency.Sample::millis).average().orElse(0);
        double deviation = samples.stream()
                .mapToDouble(s -> Math.abs(s.millis() - mean))
                .average()
                .orElse(0);
        long span = System.currentTimeMillis() / 1000 - samples.getFirst().at();
        double period = Math.max(1, span) / (double) samples.size();
        return String.format(
                Locale.ROOT,
                "%d. %s: %d latency spikes (average %dms, mean deviation %dms, period %.2f sec)."
                        + " Worst all time event %dms.%n",
                number,
                event,
                samples.size(),
                (long) mean,
                (long) deviation,
                period,
                series.worst());
    }

    private static void advise(Node node, String event, Set<String> advice) {
        if (event.equals("command") || event.equals("fast-command")) {
            long slowerThan = node.settings().get(SLOWLOG_LOG_SLOWER_THAN);
            long threshold = node.settings().get(LATENCY_MONITOR_THRESHOLD);
            if (slowerThan < 0 || slowerThan / 1000 > threshold) {
                advice.add("CONFIG SET slowlog-log-slower-than " + threshold * 1000
                        + " has the slow log show which commands these are.");
            } else {
                advice.add("SLOWLOG GET shows which commands these are.");
            }
            advice.add("A command on a large value takes as long as the value is large, its deletion too: several"
                    + " smaller values keep the others waiting less.");
        }
        if (event.equals("fast-command")) {
            advice.add(
                    "Commands that are fast by themselves were not: look for a machine that swaps, or gives this"
                            + " process too little time. `redis-cli --intrinsic-latency 100` on the same machine shows what it costs.");
        }
        if (event.startsWith("aof-")) {
            advice.add("The disk is slow for what is written: appendfsync everysec instead of always, a faster disk, or"
                    + " fewer writers beside it.");
        }
        if (event.startsWith("expire") || event.startsWith("eviction")) {
            advice.add("Many keys, or large ones, went at once: spread their times to live, or keep smaller values.");
        }
        if (advice.isEmpty()) {
            advice.add("LATENCY HISTORY " + event + " shows when it was.");
        }
    }
}
