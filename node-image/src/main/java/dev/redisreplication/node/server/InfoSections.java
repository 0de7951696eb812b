package dev.redisreplication.node.server;

import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.PubSub.Space;
import dev.redisreplication.node.command.Stats;
import dev.redisreplication.node.info.Info;
import dev.redisreplication.node.info.InfoWriter;
import dev.redisreplication.node.store.Keyspace;

/** The sections of INFO that are no single part's; replication adds its own. */
final class InfoSections {
    private final Node node;
    private final Server server;

    private InfoSections(Node node, Server server) {
        this.node = node;
        this.server = server;
    }

    static void register(Node node, Server server) {
        InfoSections s = new InfoSections(node, server);
        Info info = node.info();
        info.section("Server", true, s::server);
        info.section("Clients", true, s::clients);
        info.section("Memory", true, s::memory);
        info.section("Stats", true, s::stats);
        info.section("CPU", true, s::cpu);
        info.section("Modules", true, out -> {});
        info.section("Commandstats", false, s::commandStats);
        info.section("Errorstats", true, s::errorStats);
        info.section("Latencystats", false, s::latencyStats);
        info.section("Cluster", true, out -> out.field("cluster_enabled", 0));
        info.section("Keyspace", true, s::keyspace);
    }

    private void server(InfoWriter out) {
        long uptime = (System.currentTimeMillis() - node.startedAt()) / 1000;
        out.field("redis_version", Node.REDIS_VERSION)
                .field("redis_git_sha1", "00000000")
                .field("redis_git_dirty", 0)
                .field("redis_build_id", "0")
                .field("redis_mode", "standalone")
                .field(
                        "os",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch"))
                .field("arch_bits", 64)
                .field("monotonic_clock", "System.nanoTime")
                .field("multiplexing_api", server.loop().transportName())
                .field("process_id", ProcessHandle.current().pid())
                .field("process_supervised", "no")
                .field("run_id", node.runId())
                .field("tcp_port", server.port())
                .field("server_time_usec", node.micros())
                .field("uptime_in_seconds", uptime)
                .field("uptime_in_days", uptime / 86_400)
                .field("hz", node.settings().number("hz"))
                .field("configured_hz", node.settings().number("hz"))
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
        for (var c : node.clients().all()) {
            input = Math.max(input, c.connection().unreadInput());
            output = Math.max(output, c.connection().pendingOutput());
            normal += c.isReplica() ? 0 : 1;
        }
        out.field("connected_clients", normal)
                .field("cluster_connections", 0)
                .field("maxclients", node.settings().number("maxclients"))
                .field("client_recent_max_input_buffer", input)
                .field("client_recent_max_output_buffer", output)
                .field("blocked_clients", node.blockedClients())
                .field("tracking_clients", 0)
                .field("clients_in_timeout_table", 0);
    }

    private void memory(InfoWriter out) {
        Runtime heap = Runtime.getRuntime();
        long onHeap = heap.totalMemory() - heap.freeMemory();
        long data = node.store().usedMemory();
        long reserved = node.store().reservedMemory();
        long used = data + onHeap;
        long resident = ProcessFigures.residentBytes();
        long limit = node.settings().number("maxmemory");
        long peak = Math.max(node.stats().peakMemory(), data) + onHeap;
        out.field("used_memory", used)
                .field("used_memory_human", human(used))
                .field("used_memory_rss", resident)
                .field("used_memory_rss_human", human(resident))
                .field("used_memory_peak", peak)
                .field("used_memory_peak_human", human(peak))
                .field("used_memory_overhead", onHeap)
                .field("used_memory_dataset", data)
                .field("used_memory_lua", 0)
                .field("maxmemory", limit)
                .field("maxmemory_human", human(limit))
                .field("maxmemory_policy", node.settings().text("maxmemory-policy"))
                .field("allocator_allocated", data)
                .field("allocator_active", reserved)
                .field("allocator_resident", reserved)
                .ratio("allocator_frag_ratio", data == 0 ? 1 : (double) reserved / data)
                .ratio("mem_fragmentation_ratio", used == 0 ? 0 : (double) resident / used)
                .field("mem_fragmentation_bytes", resident - used)
                .field("mem_not_counted_for_evict", 0)
                .field("mem_allocator", "slabs")
                .field("active_defrag_running", 0)
                .field("lazyfree_pending_objects", 0)
                .field("lazyfreed_objects", 0)
                .field("java_heap_used", onHeap)
                .field("java_heap_committed", heap.totalMemory());
    }

    private void stats(InfoWriter out) {
        Stats s = node.stats();
        out.field("total_connections_received", s.connectionsReceived)
                .field("total_commands_processed", s.commands)
                .field("instantaneous_ops_per_sec", s.commandsPerSecond())
                .field("total_net_input_bytes", s.netInput)
                .field("total_net_output_bytes", s.netOutput())
                .field("total_net_repl_input_bytes", s.replInput)
                .field("total_net_repl_output_bytes", s.replOutput)
                .ratio("instantaneous_input_kbps", s.inputPerSecond() / 1024.0)
                .ratio("instantaneous_output_kbps", s.outputPerSecond() / 1024.0)
                .field("rejected_connections", s.connectionsRejected)
                .field("sync_full", s.syncFull)
                .field("sync_partial_ok", s.syncPartialOk)
                .field("sync_partial_err", s.syncPartialErr)
                .field("expired_keys", s.expiredKeys)
                .field("evicted_keys", s.evictedKeys)
                .field("evicted_clients", 0)
                .field("keyspace_hits", node.store().hits())
                .field("keyspace_misses", node.store().misses())
                .field("pubsub_channels", node.pubSub().names(Space.CHANNEL).size())
                .field("pubsub_patterns", node.pubSub().names(Space.PATTERN).size())
                .field("pubsubshard_channels", node.pubSub().names(Space.SHARD).size())
                .field("latest_fork_usec", 0)
                .field("total_forks", 0)
                .field("slave_expires_tracked_keys", 0)
                .field("total_error_replies", s.errorReplies)
                .field("unexpected_error_replies", s.unexpectedErrors)
                .field("dump_payload_sanitizations", 0)
                .field("total_reads_processed", s.reads())
                .field("total_writes_processed", s.writes())
                .field("protocol_errors", s.protocolErrors);
    }

    private void cpu(InfoWriter out) {
        ProcessFigures.Cpu cpu = ProcessFigures.cpu();
        out.ratio("used_cpu_sys", cpu.system())
                .ratio("used_cpu_user", cpu.user())
                .ratio("used_cpu_sys_children", 0)
                .ratio("used_cpu_user_children", 0);
    }

    private void commandStats(InfoWriter out) {
        for (CommandRow row : node.table().rows()) {
            commandStats(out, row);
            row.subcommands().forEach(sub -> commandStats(out, sub));
        }
    }

    private static void commandStats(InfoWriter out, CommandRow row) {
        var s = row.stats();
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
        for (CommandRow row : node.table().rows()) {
            if (row.stats().calls() > 0) {
                out.field("latency_percentiles_usec_" + row.name(), row.stats().percentiles());
            }
        }
    }

    private void keyspace(InfoWriter out) {
        for (int i = 0; i < node.store().databases(); i++) {
            Keyspace db = node.store().db(i);
            if (db.size() > 0) {
                out.field(
                        "db" + i,
                        "keys=" + db.size() + ",expires=" + db.volatileSize() + ",avg_ttl=" + db.averageTtl());
            }
        }
    }

    /** Bytes as Redis prints them for people: 1.50M. */
    static String human(long bytes) {
        String[] units = {"B", "K", "M", "G", "T"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        if (unit == 0) {
            return bytes + "B";
        }
        long hundredths = Math.round(value * 100);
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10 + units[unit];
    }
}
