package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.HZ;
import static dev.redisreplication.node.config.Directives.LATENCY_TRACKING;
import static dev.redisreplication.node.config.Directives.LATENCY_TRACKING_INFO_PERCENTILES;
import static dev.redisreplication.node.config.Directives.MAXCLIENTS;

import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandRows;
import dev.redisreplication.node.command.CommandStats;
import dev.redisreplication.node.command.LatencyHistogram;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.info.Info;
import dev.redisreplication.node.info.InfoWriter;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.script.Functions;
import dev.redisreplication.node.script.Scripts;
import dev.redisreplication.node.store.Keyspace;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntSupplier;

/** The small sections of INFO that are no single part's; replication and persistence add their own. */
final class InfoSections {
    private final Node node;
    private final CommandRows table;
    private final String transport;
    private final IntSupplier port;

    private InfoSections(Node node, CommandRows table, String transport, IntSupplier port) {
        this.node = node;
        this.table = table;
        this.transport = transport;
        this.port = port;
    }

    static void register(
            Node node,
            CommandRows table,
            Replication replication,
            Scripts scripts,
            Functions functions,
            String transport,
            IntSupplier port) {
        InfoSections s = new InfoSections(node, table, transport, port);
        Info info = node.info();
        info.section("Server", true, s::server);
        info.section("Clients", true, s::clients);
        info.section("Memory", true, new MemoryInfo(node, replication, scripts, functions));
        info.section("Stats", true, new StatsInfo(node));
        info.section("CPU", true, s::cpu);
        info.section("Modules", true, out -> {});
        info.section("Commandstats", false, s::commandStats);
        info.section("Errorstats", true, s::errorStats);
        info.section("Latencystats", false, s::latencyStats);
        info.section("Cluster", true, out -> out.field("cluster_enabled", 0));
        info.section("Keyspace", true, s::keyspace);
    }

    /** Those that a Sentinel has; its own is added by itself. */
    static void registerForSentinel(Node node, CommandRows table, String transport, IntSupplier port) {
        InfoSections s = new InfoSections(node, table, transport, port);
        node.info().section("Server", true, s::server);
        node.info().section("Clients", true, s::clients);
        node.info().section("Stats", true, new StatsInfo(node));
        node.info().section("CPU", true, s::cpu);
    }

    private void server(InfoWriter out) {
        long uptime = (System.currentTimeMillis() - node.startedAt()) / 1000;
        out.field("redis_version", Node.REDIS_VERSION)
                .field("redis_git_sha1", "00000000")
                .field("redis_git_dirty", 0)
                .field("redis_build_id", "0")
                .field("redis_mode", node.mode().word())
                .field(
                        "os",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch"))
                .field("arch_bits", 64)
                .field("monotonic_clock", "System.nanoTime")
                .field("multiplexing_api", transport)
                .field("atomicvar_api", "java.util.concurrent.atomic")
                .field("gcc_version", "0.0.0") // what Redis says when another compiler made it
                .field("process_id", ProcessHandle.current().pid())
                .field("process_supervised", "no")
                .field("run_id", node.runId())
                .field("tcp_port", port.getAsInt())
                .field("server_time_usec", node.micros())
                .field("uptime_in_seconds", uptime)
                .field("uptime_in_days", uptime / 86_400)
                .field("hz", node.settings().get(HZ))
                .field("configured_hz", node.settings().get(HZ))
                .field("lru_clock", System.currentTimeMillis() / 1000 & 0xff_ffff)
                .field("executable", System.getProperty("java.class.path"))
                .field("config_file", node.settings().file())
                .field("io_threads_active", 0)
                .field("redis_node_version", Main.VERSION)
                .field("java_version", System.getProperty("java.version"));
    }

    private void clients(InfoWriter out) {
        long output = 0;
        long input = 0;
        int normal = 0;
        int withLimit = 0;
        for (var c : node.clients().all()) {
            input = Math.max(input, c.connection().unreadInput());
            output = Math.max(output, c.connection().pendingOutput());
            normal += c.isReplica() ? 0 : 1;
            withLimit += c.waitsForLimitedTime() ? 1 : 0;
        }
        out.field("connected_clients", normal)
                .field("cluster_connections", 0)
                .field("maxclients", node.settings().get(MAXCLIENTS))
                .field("client_recent_max_input_buffer", input)
                .field("client_recent_max_output_buffer", output)
                .field("blocked_clients", node.blockedClients())
                .field("tracking_clients", node.tracking().clients())
                .field("clients_in_timeout_table", withLimit);
    }

    private void cpu(InfoWriter out) {
        ProcessFigures.Cpu cpu = ProcessFigures.cpu();
        out.ratio("used_cpu_sys", cpu.system())
                .ratio("used_cpu_user", cpu.user())
                .ratio("used_cpu_sys_children", 0)
                .ratio("used_cpu_user_children", 0);
        ProcessFigures.Cpu thread = ProcessFigures.cpuOfThisThread();
        out.ratio("used_cpu_sys_main_thread", thread.system()).ratio("used_cpu_user_main_thread", thread.user());
    }

    private void commandStats(InfoWriter out) {
        for (CommandRow row : table.withSubcommands()) {
            commandStats(out, row);
        }
    }

    private void commandStats(InfoWriter out, CommandRow row) {
        CommandStats s = node.stats().of(row);
        if (s.calls() == 0 && s.rejected() == 0) {
            return;
        }
        long perCall = s.calls() == 0 ? 0 : s.micros() * 100 / s.calls();
        out.field(
                "cmdstat_" + row.name(),
                "calls=" + s.calls() + ",usec=" + s.micros() + ",usec_per_call=" + perCall / 100 + "."
                        + perCall / 10 % 10 + perCall % 10 + ",rejected_calls=" + s.rejected() + ",failed_calls="
                        + s.failed());
    }

    private void errorStats(InfoWriter out) {
        node.stats().errors().forEach((code, count) -> out.field("errorstat_" + code, "count=" + count[0]));
    }

    private void latencyStats(InfoWriter out) {
        if (!node.settings().get(LATENCY_TRACKING)) {
            return;
        }
        List<Double> percentiles = node.settings().get(LATENCY_TRACKING_INFO_PERCENTILES);
        for (CommandRow row : table.withSubcommands()) {
            latencyStats(out, row, percentiles);
        }
    }

    private void latencyStats(InfoWriter out, CommandRow row, List<Double> percentiles) {
        LatencyHistogram times = node.stats().of(row).latencies();
        if (times.total() == 0) {
            return;
        }
        StringJoiner text = new StringJoiner(",");
        for (double percentile : percentiles) {
            text.add("p" + DoubleText.of(percentile) + "=" + micros(times.percentile(percentile)));
        }
        out.field("latency_percentiles_usec_" + row.name(), text.toString());
    }

    private static String micros(long nanos) {
        return nanos / 1000 + "." + Long.toString(1000 + nanos % 1000).substring(1);
    }

    private void keyspace(InfoWriter out) {
        for (int i = 0; i < node.store().databases(); i++) {
            Keyspace db = node.store().db(i);
            if (db.size() > 0) {
                out.field(
                        "db" + i,
                        "keys=" + db.size() + ",expires=" + db.volatileSize() + ",avg_ttl="
                                + node.store().averageTtl(i)
                                + (db.timedHashes() == 0 ? "" : ",subexpiry=" + db.timedHashes()));
            }
        }
    }
}
