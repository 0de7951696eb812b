package dev.redisreplication.node.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What has kept the event loop for {@code latency-monitor-threshold} milliseconds or longer, by kinds of events. On the event loop
 * only.
 */
public final class Latency {
    private static final int SAMPLES = 160; // kept of each event
    private static final long MILLI = 1_000_000; // nanoseconds

    /**
     * The longest of one second.
     *
     * @param at Unix time in seconds
     * @param millis how long it took
     */
    public record Sample(long at, long millis) {}

    /** The samples of one event. */
    public static final class Series {
        private final ArrayList<Sample> samples = new ArrayList<>();
        private long worst;

        private void add(long at, long millis) {
            worst = Math.max(worst, millis);
            Sample last = samples.isEmpty() ? null : samples.getLast();
            if (last != null && last.at == at) {
                samples.set(samples.size() - 1, new Sample(at, Math.max(millis, last.millis)));
                return;
            }
            if (samples.size() == SAMPLES) {
                samples.removeFirst();
            }
            samples.add(new Sample(at, millis));
        }

        /** Those that are kept, the oldest first; at least one. */
        public List<Sample> samples() {
            return samples;
        }

        /** The longest ever, in milliseconds. */
        public long worst() {
            return worst;
        }
    }

    private final Map<String, Series> events = new TreeMap<>();
    private long thresholdNanos = Long.MAX_VALUE;

    /** Sets from how many milliseconds on events are noted; 0 for none. */
    void threshold(long millis) {
        thresholdNanos =
                millis == 0 ? Long.MAX_VALUE : millis > Long.MAX_VALUE / MILLI ? Long.MAX_VALUE : millis * MILLI;
    }

    long thresholdNanos() {
        return thresholdNanos;
    }

    /** Whether anything is noted. */
    public boolean isOn() {
        return thresholdNanos != Long.MAX_VALUE;
    }

    /** Something is over that took so long. */
    public void add(String event, long nanos) {
        if (nanos >= thresholdNanos) {
            events.computeIfAbsent(event, _ -> new Series()).add(System.currentTimeMillis() / 1000, nanos / MILLI);
        }
    }

    /** All events that were noted, by name. */
    public Map<String, Series> events() {
        return events;
    }
}
