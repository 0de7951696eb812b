package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.ExceededTime;
import dev.redisreplication.node.command.ExpiryStats;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Space;
import dev.redisreplication.node.command.Stats;
import dev.redisreplication.node.info.InfoSection;
import dev.redisreplication.node.info.InfoWriter;

/** INFO stats. */
final class StatsInfo implements InfoSection {
    private final Node node;

    StatsInfo(Node node) {
        this.node = node;
    }

    @Override
    public void write(InfoWriter out) {
        Stats s = node.stats();
        traffic(out, s);
        keys(out, s);
        out.field("pubsub_channels", node.pubSub().names(Space.CHANNEL).size())
                .field("pubsub_patterns", node.pubSub().names(Space.PATTERN).size())
                .field("pubsubshard_channels", node.pubSub().names(Space.SHARD).size());
        absent(out);
        tracking(out);
        out.field("unexpected_error_replies", s.unexpectedErrors)
                .field("total_error_replies", s.errorReplies)
                .field("dump_payload_sanitizations", 0) // every payload is checked while it is read, none before
                .field("total_reads_processed", s.reads())
                .field("total_writes_processed", s.writes())
                .field("io_threaded_reads_processed", 0) // one thread reads and writes
                .field("io_threaded_writes_processed", 0)
                .field("reply_buffer_shrinks", 0) // an idle client holds no buffer that could be resized
                .field("reply_buffer_expands", 0)
                .field("protocol_errors", s.protocolErrors);
        for (Denial.Reason reason : Denial.Reason.values()) {
            String what = reason == Denial.Reason.COMMAND ? "cmd" : reason.text();
            out.field("acl_access_denied_" + what, s.denials[reason.ordinal()]);
        }
    }

    private static void traffic(InfoWriter out, Stats s) {
        out.field("total_connections_received", s.connectionsReceived)
                .field("total_commands_processed", s.commands)
                .field("instantaneous_ops_per_sec", s.commandsPerSecond())
                .field("total_net_input_bytes", s.netInput + s.replInput)
                .field("total_net_output_bytes", s.netOutput())
                .field("total_net_repl_input_bytes", s.replInput)
                .field("total_net_repl_output_bytes", s.replOutput)
                .ratio("instantaneous_input_kbps", s.inputPerSecond() / 1024.0)
                .ratio("instantaneous_output_kbps", s.outputPerSecond() / 1024.0)
                .ratio("instantaneous_input_repl_kbps", s.replInputPerSecond() / 1024.0)
                .ratio("instantaneous_output_repl_kbps", s.replOutputPerSecond() / 1024.0)
                .field("rejected_connections", s.connectionsRejected)
                .field("sync_full", s.syncFull)
                .field("sync_partial_ok", s.syncPartialOk)
                .field("sync_partial_err", s.syncPartialErr);
    }

    private void keys(InfoWriter out, Stats s) {
        ExpiryStats expiry = s.expiry();
        ExceededTime exceededTime = s.exceededTime();
        out.field("expired_subkeys", s.expiredFields)
                .field("expired_keys", s.expiredKeys)
                .ratio("expired_stale_perc", expiry.stalePercent())
                .field("expired_time_cap_reached_count", expiry.cyclesCut())
                .field("expire_cycle_cpu_milliseconds", expiry.millis())
                .field("evicted_keys", s.evictedKeys)
                .field("evicted_clients", s.evictedClients)
                .field("total_eviction_exceeded_time", exceededTime.total())
                .field("current_eviction_exceeded_time", exceededTime.current())
                .field("keyspace_hits", node.store().hits())
                .field("keyspace_misses", node.store().misses());
    }

    private void tracking(InfoWriter out) {
        out.field("tracking_total_keys", node.tracking().keys())
                .field("tracking_total_items", node.tracking().items())
                .field("tracking_total_prefixes", node.tracking().prefixes());
    }

    /** Of what this server never does: fork, MIGRATE, defragment. */
    private static void absent(InfoWriter out) {
        out.field("latest_fork_usec", 0)
                .field("total_forks", 0)
                .field("migrate_cached_sockets", 0)
                .field("slave_expires_tracked_keys", 0)
                .field("active_defrag_hits", 0)
                .field("active_defrag_misses", 0)
                .field("active_defrag_key_hits", 0)
                .field("active_defrag_key_misses", 0)
                .field("total_active_defrag_time", 0)
                .field("current_active_defrag_time", 0);
    }
}
