package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.LATENCY_MONITOR_THRESHOLD;
import static dev.redisreplication.node.config.Directives.LATENCY_TRACKING;
import static dev.redisreplication.node.config.Directives.SLOWLOG_LOG_SLOWER_THAN;
import static dev.redisreplication.node.config.Directives.SLOWLOG_MAX_LEN;

import dev.redisreplication.node.config.Settings;

/** What becomes of the time that a command took: by the directives, it is tracked, logged, noted as an event. On the event loop. */
final class SlowCommands {
    private static final long MICRO = 1000; // nanoseconds

    private final Stopwatch stopwatch;
    private final SlowLog log;
    private final Latency latency;
    private long slowerThan; // microseconds
    private long logged;
    private boolean tracking;

    SlowCommands(Settings settings, Stopwatch stopwatch, SlowLog log, Latency latency) {
        this.stopwatch = stopwatch;
        this.log = log;
        this.latency = latency;
        settings.follow(SLOWLOG_MAX_LEN, most -> logged = most);
        settings.follow(LATENCY_TRACKING, on -> tracking = on);
        settings.follow(SLOWLOG_LOG_SLOWER_THAN, micros -> slowerThan = micros);
        settings.follow(LATENCY_MONITOR_THRESHOLD, latency::threshold);
        settings.follow(SLOWLOG_LOG_SLOWER_THAN, _ -> limit());
        settings.follow(LATENCY_MONITOR_THRESHOLD, _ -> limit());
    }

    private void limit() {
        long forLog = slowerThan < 0 || slowerThan > Long.MAX_VALUE / MICRO ? Long.MAX_VALUE : slowerThan * MICRO;
        stopwatch.limit(Math.min(forLog, latency.thresholdNanos()));
    }

    /** Whether the times of commands are kept for LATENCY HISTOGRAM and INFO latencystats. */
    boolean tracking() {
        return tracking;
    }

    /** A command was executed that took longer than the shortest limit. */
    void add(Call call, long nanos) {
        if (!call.client().origin().isShown()) {
            return;
        }
        if (slowerThan >= 0 && nanos / MICRO >= slowerThan && !call.row().has(Flag.SKIP_SLOWLOG)) {
            log.add(call.client(), call.request(), call::isRedacted, call.now() / 1000, nanos / MICRO, logged);
        }
        latency.add(call.row().has(Flag.FAST) ? "fast-command" : "command", nanos);
    }
}
