package dev.redisreplication.node.command.watch;

import dev.redisreplication.node.command.Latency;
import java.util.List;

/** LATENCY GRAPH: the samples as columns of characters, below each of them how long ago it was. */
final class LatencyGraph {
    private static final int COLUMNS = 80;
    private static final int ROWS = 4;
    private static final String TOPS = "_o#"; // a third, two thirds, the whole of a row

    private LatencyGraph() {}

    /** @param now Unix time in seconds */
    static String of(String event, Latency.Series series, long now) {
        List<Latency.Sample> samples = series.samples();
        long high = samples.stream().mapToLong(Latency.Sample::millis).max().orElse(0);
        long low = samples.stream().mapToLong(Latency.Sample::millis).min().orElse(0);
        StringBuilder out = new StringBuilder();
        out.append(event).append(" - high ").append(high).append(" ms, low ").append(low);
        out.append(" ms (all time high ").append(series.worst()).append(" ms)\n");
        out.append("-".repeat(COLUMNS)).append('\n');
        for (int from = 0; from < samples.size(); from += COLUMNS) {
            if (from > 0) {
                out.append('\n');
            }
            columns(out, samples.subList(from, Math.min(samples.size(), from + COLUMNS)), low, high, now);
        }
        return out.toString();
    }

    private static void columns(StringBuilder out, List<Latency.Sample> samples, long low, long high, long now) {
        long range = Math.max(1, high - low);
        int steps = ROWS * TOPS.length();
        for (int row = ROWS - 1; row >= 0; row--) {
            for (Latency.Sample sample : samples) {
                long step = Math.min(steps - 1, (sample.millis() - low) * steps / range);
                long inRow = step - (long) row * TOPS.length();
                out.append(inRow < 0 ? ' ' : inRow < TOPS.length() ? TOPS.charAt((int) inRow) : '|');
            }
            out.append('\n');
        }
        out.append(" ".repeat(samples.size())).append('\n');
        List<String> ages = samples.stream().map(s -> age(now - s.at())).toList();
        int longest = ages.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (String age : ages) {
                out.append(i < age.length() ? age.charAt(i) : ' ');
            }
            out.append('\n');
        }
    }

    private static String age(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
