package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_MAX_LAG;
import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_TO_WRITE;
import static dev.redisreplication.node.config.Directives.REPLICA_ANNOUNCED;
import static dev.redisreplication.node.config.Directives.REPLICA_PRIORITY;
import static dev.redisreplication.node.config.Directives.REPLICA_READ_ONLY;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.MasterAddress;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.info.InfoSection;
import dev.redisreplication.node.info.InfoWriter;
import java.util.List;

/** INFO replication: the fields of Redis 7.0, and those of a managed node. */
final class ReplicationInfo implements InfoSection {
    private final Node node;
    private final Replication replication;

    ReplicationInfo(Node node, Replication replication) {
        this.node = node;
        this.replication = replication;
    }

    @Override
    public void write(InfoWriter out) {
        long now = node.loop().now();
        boolean master = replication.isMaster();
        out.field("role", master ? "master" : "slave");
        if (!master) {
            replica(out, now);
        }
        replicas(out, now);
        History history = replication.history();
        out.field("master_failover_state", replication.failover().state().text());
        out.field("master_replid", history.replid());
        out.field("master_replid2", history.replid2());
        out.field("master_repl_offset", replication.log().end());
        out.field("second_repl_offset", history.secondOffset());
        boolean backlog = replication.keepsBacklog();
        out.field("repl_backlog_active", backlog ? 1 : 0);
        out.field("repl_backlog_size", node.settings().get(REPL_BACKLOG_SIZE));
        out.field("repl_backlog_first_byte_offset", backlog ? replication.log().start() + 1 : 0);
        out.field("repl_backlog_histlen", backlog ? replication.log().size() : 0);
        if (replication.isManaged()) {
            managed(out, now);
        }
    }

    private void replica(InfoWriter out, long now) {
        MasterLink link = replication.link();
        boolean up = link != null && link.isUp();
        MasterAddress address = replication.master();
        out.field("master_host", address == null ? "" : address.host());
        out.field("master_port", address == null ? 0 : address.port());
        out.field("master_link_status", up ? "up" : "down");
        out.field("master_last_io_seconds_ago", up ? (now - link.lastByte()) / 1000 : -1);
        long end = replication.log().end();
        boolean syncing = link != null && link.isSyncing();
        out.field("master_sync_in_progress", syncing ? 1 : 0);
        boolean placed = up || replication.isPlaced(); // Redis shows 1 where it has no master, not even a former one
        out.field("slave_read_repl_offset", !placed ? 1 : up ? link.readOffset() : end);
        out.field("slave_repl_offset", placed ? end : 1);
        if (syncing) {
            long total = link.announced();
            long left = total == 0 ? 0 : total - link.received();
            out.field("master_sync_total_bytes", total);
            out.field("master_sync_read_bytes", link.received());
            out.field("master_sync_left_bytes", left);
            // of the -1 that nothing was announced by yet, Redis makes a zero below zero
            out.field(
                    "master_sync_perc",
                    total < 0 ? "-0.00" : InfoWriter.twoDecimals(total == 0 ? 0 : 100.0 * link.received() / total));
            out.field("master_sync_last_io_seconds_ago", (now - link.lastByte()) / 1000);
        }
        if (!up) {
            out.field("master_link_down_since_seconds", link == null ? -1 : link.secondsDown());
        }
        out.field("slave_priority", node.settings().get(REPLICA_PRIORITY));
        out.field("slave_read_only", replication.isManaged() || node.settings().get(REPLICA_READ_ONLY) ? 1 : 0);
        out.field("replica_announced", node.settings().get(REPLICA_ANNOUNCED) ? 1 : 0);
    }

    private void replicas(InfoWriter out, long now) {
        List<ReplicaLink> links = replication.replicas().links();
        out.field("connected_slaves", links.size());
        long wanted = node.settings().get(MIN_REPLICAS_TO_WRITE);
        long lag = node.settings().get(MIN_REPLICAS_MAX_LAG);
        if (wanted > 0 && lag > 0) {
            out.field("min_slaves_good_slaves", replication.replicas().countGood(lag));
        }
        for (int i = 0; i < links.size(); i++) {
            ReplicaLink link = links.get(i);
            out.field(
                    "slave" + i,
                    "ip=" + link.address() + ",port=" + link.port() + ",state=" + link.stateName() + ",offset="
                            + link.acked() + ",lag=" + (link.isOnline() ? link.secondsSinceAck(now) : 0));
        }
    }

    private void managed(InfoWriter out, long now) {
        Managed managed = replication.managed();
        long clock = managed.clock();
        long heard = replication.heardAt();
        out.field("managed", 1);
        out.field("managed_role", managed.state().roleName());
        out.field("managed_role_before", managed.state().roleBeforeFence().text());
        out.field("handing_over", replication.isHandingOver() ? 1 : 0);
        out.field("yields_for_ms", replication.yieldsFor());
        out.field("term", managed.state().term());
        out.field("lease_ms", managed.state().lease().remaining(clock));
        out.field("managed_clock", clock);
        out.field("run_id", node.runId());
        out.field("managed_master_silent_ms", replication.link() == null || heard < 0 ? -1 : now - heard);
        out.field("managed_started_ms", managed.startedAt());
        if (!managed.unloadable().isEmpty()) {
            out.field("managed_unloadable", managed.unloadable());
        }
        out.field("managed_synced", replication.isSynced() ? 1 : 0);
        String problem = replication.keeping().problem();
        out.field("storage_error", problem == null ? "" : problem.replaceAll("\\s+", " "));
    }
}
