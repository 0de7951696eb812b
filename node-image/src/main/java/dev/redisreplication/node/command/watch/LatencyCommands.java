package dev.redisreplication.node.command.watch;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Latency;
import dev.redisreplication.node.command.LatencyHistogram;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LATENCY: what kept the event loop, and how long commands take. */
final class LatencyCommands {
    private static final String[] HELP = {
        "LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "DOCTOR",
        "    Return a human readable latency analysis report.",
        "GRAPH <event>",
        "    Return an ASCII latency graph for the <event> class.",
        "HISTORY <event>",
        "    Return time-latency samples for the <event> class.",
        "LATEST",
        "    Return the latest latency samples for all events.",
        "RESET [<event> ...]",
        "    Reset latency data of one or more <event> classes.",
        "    (default: reset all data for all event classes)",
        "HISTOGRAM [COMMAND ...]",
        "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
        "    If no commands are specified then all histograms are replied.",
    };

    private LatencyCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder latency = t.row("latency", -2, t.help(HELP));
        t.sub(latency, "doctor", 2, LatencyCommands::doctor).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(latency, "graph", 3, LatencyCommands::graph).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(latency, "help", 2, t.help(HELP)).is(LOADING, STALE);
        t.sub(latency, "histogram", -2, LatencyCommands::histogram).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(latency, "history", 3, LatencyCommands::history).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(latency, "latest", 2, LatencyCommands::latest).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(latency, "reset", -2, LatencyCommands::reset).is(ADMIN, NOSCRIPT, LOADING, STALE);
        // spotless:on
    }

    private static Map<String, Latency.Series> events(Call call) {
        return call.node().latency().events();
    }

    private static void latest(Call call) {
        ReplyWriter reply = call.reply();
        reply.array(events(call).size());
        events(call).forEach((event, series) -> {
            reply.array(4);
            reply.bulk(event);
            reply.integer(series.samples().getLast().at());
            reply.integer(series.samples().getLast().millis());
            reply.integer(series.worst());
        });
    }

    private static void history(Call call) {
        Latency.Series series = events(call).get(call.asString(2));
        List<Latency.Sample> samples = series == null ? List.of() : series.samples();
        ReplyWriter reply = call.reply();
        reply.array(samples.size());
        for (Latency.Sample sample : samples) {
            reply.array(2);
            reply.integer(sample.at());
            reply.integer(sample.millis());
        }
    }

    private static void graph(Call call) {
        Latency.Series series = events(call).get(call.asString(2));
        if (series == null) {
            throw new CommandError("ERR No samples available for event '" + call.shown(2) + "'");
        }
        call.reply().verbatim("txt", LatencyGraph.of(call.asString(2), series, System.currentTimeMillis() / 1000));
    }

    private static void doctor(Call call) {
        call.reply().verbatim("txt", LatencyReport.of(call.node()));
    }

    private static void reset(Call call) {
        int removed = 0;
        if (call.argc() == 2) {
            removed = events(call).size();
            events(call).clear();
        }
        for (int i = 2; i < call.argc(); i++) {
            removed += events(call).remove(call.asString(i)) == null ? 0 : 1;
        }
        call.reply().integer(removed);
    }

    private static void histogram(Call call) {
        Map<String, LatencyHistogram> histograms = new LinkedHashMap<>();
        if (call.argc() == 2) {
            call.table().withSubcommands().forEach(row -> take(call, row, histograms));
        }
        for (int i = 2; i < call.argc(); i++) {
            CommandRow row = call.table().find(call.asString(i));
            if (row != null) {
                take(call, row, histograms);
                row.subcommands().forEach(sub -> take(call, sub, histograms));
            }
        }
        ReplyWriter reply = call.reply();
        reply.map(histograms.size());
        histograms.forEach((name, histogram) -> write(reply, name, histogram));
    }

    private static void take(Call call, CommandRow row, Map<String, LatencyHistogram> into) {
        LatencyHistogram histogram = call.node().stats().of(row).latencies();
        if (histogram.total() > 0) {
            into.put(row.name(), histogram);
        }
    }

    private static void write(ReplyWriter reply, String name, LatencyHistogram histogram) {
        List<long[]> steps = new ArrayList<>();
        histogram.distribution((micros, count) -> steps.add(new long[] {micros, count}));
        reply.bulk(name);
        reply.map(2);
        reply.bulk("calls");
        reply.integer(histogram.total());
        reply.bulk("histogram_usec");
        reply.map(steps.size());
        for (long[] step : steps) {
            reply.integer(step[0]);
            reply.integer(step[1]);
        }
    }
}
