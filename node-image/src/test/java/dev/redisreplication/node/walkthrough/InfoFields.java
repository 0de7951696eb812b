package dev.redisreplication.node.walkthrough;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.util.List;
import java.util.regex.Pattern;

/** INFO as it can be compared between our server and the real one, field by field and in its order. */
final class InfoFields {
    /** Fields whose value is each server's own. They must be there, in their place. */
    private static final Pattern OWN = Pattern.compile(String.join(
            "|",
            // the program, the machine, the process
            "redis_version|redis_git_sha1|redis_build_id|os|monotonic_clock|atomicvar_api|gcc_version|multiplexing_api",
            "process_id|run_id|executable|config_file|hz|configured_hz|lru_clock|server_time_usec|uptime_in_.*",
            "total_system_memory.*|mem_allocator|maxmemory.*",
            // memory
            "used_memory.*|allocator_.*|rss_overhead_.*|mem_.*|current_cow_.*|.*_cow_size|client_recent_.*",
            // what time it is, and how long something took
            ".*_seconds_ago|.*_since_seconds|.*_time_sec|rdb_last_save_time|instantaneous_.*|used_cpu_.*|latest_fork_usec",
            // traffic and turns of the loop: clients of a test ask until something is true
            "total_connections_received|total_commands_processed|total_net_.*|total_reads_.*|total_writes_.*|total_forks",
            "evicted_scripts|keyspace_hits|keyspace_misses|active_defrag_.*|expire_cycle_.*|io_threaded_.*",
            "total_eviction_exceeded_time|total_active_defrag_time|total_error_replies|reply_buffer_.*"));

    /** Fields that Redis 7.0 has not. */
    private static final Pattern OURS = Pattern.compile(String.join(
            "|",
            "redis_node_version|java_.*",
            // those of later versions of Redis
            "protocol_errors|acl_access_denied_.*|expired_subkeys"));

    private InfoFields() {}

    /** The lines of a section: {@code name:value}, or {@code name} where the value is each server's own. */
    static List<String> of(ServerProcess server, String section) {
        return ((String) server.call("INFO", section))
                .lines()
                .filter(line -> line.contains(":"))
                .filter(line -> !OURS.matcher(name(line)).matches())
                .map(line -> OWN.matcher(name(line)).matches() ? name(line) : line)
                .map(line -> line.replaceAll("\\blag=\\d+", "lag=#"))
                .toList();
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf(':'));
    }
}
