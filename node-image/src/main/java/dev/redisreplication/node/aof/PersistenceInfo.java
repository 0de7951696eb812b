package dev.redisreplication.node.aof;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Stats;
import dev.redisreplication.node.info.InfoSection;
import dev.redisreplication.node.info.InfoWriter;

/**
 * INFO persistence. Dumps are made without a fork and without copying pages: whatever is about copy-on-write is 0, and
 * "fork" stands for the dump that is being made, be it for a file or for replicas.
 */
public final class PersistenceInfo implements InfoSection {
    private final Node node;
    private final Persistence persistence;
    private final AppendOnly appendOnly;
    private final Dumps dumps;

    /** That of {@code node}. */
    public PersistenceInfo(Node node, Persistence persistence) {
        this.node = node;
        this.persistence = persistence;
        this.appendOnly = persistence.appendOnly();
        this.dumps = persistence.dumps();
    }

    @Override
    public void write(InfoWriter out) {
        out.field("loading", node.loading() ? 1 : 0)
                .field("async_loading", node.stats().asyncLoads > 0 ? 1 : 0)
                .field("current_cow_peak", 0)
                .field("current_cow_size", 0)
                .field("current_cow_size_age", 0);
        progress(out);
        dumps(out);
        rewrites(out);
        out.field("module_fork_in_progress", 0).field("module_fork_last_cow_size", 0); // no modules
        if (persistence.isLogging()) {
            file(out);
        }
        if (persistence.loading() != null) {
            loading(out, persistence.loading());
        }
    }

    private static void loading(InfoWriter out, Loading now) {
        long total = now.totalBytes();
        out.field("loading_start_time", now.startedAt())
                .field("loading_total_bytes", total)
                .field("loading_rdb_used_mem", now.usedMemoryThen())
                .field("loading_loaded_bytes", now.loadedBytes())
                .ratio("loading_loaded_perc", total == 0 ? 0 : 100.0 * now.loadedBytes() / total)
                .field("loading_eta_seconds", now.secondsLeft());
    }

    private void progress(InfoWriter out) {
        Jobs jobs = persistence.jobs();
        long total = jobs.isBusy() ? jobs.keysToWrite() : 0;
        long done = jobs.isBusy() ? jobs.running().keys() : 0;
        out.ratio("current_fork_perc", total == 0 ? 0 : 100.0 * done / total)
                .field("current_save_keys_processed", done)
                .field("current_save_keys_total", total);
    }

    private void dumps(InfoWriter out) {
        Stats stats = node.stats();
        SaveRecord saves = dumps.record();
        Jobs jobs = persistence.jobs();
        out.field("rdb_changes_since_last_save", dumps.changesSinceSave())
                .field("rdb_bgsave_in_progress", jobs.isDumping() ? 1 : 0)
                .field("rdb_last_save_time", dumps.lastSave())
                .field("rdb_last_bgsave_status", saves.lastOk() ? "ok" : "err")
                .field("rdb_last_bgsave_time_sec", saves.lastSeconds())
                .field("rdb_current_bgsave_time_sec", jobs.dumpingSeconds())
                .field("rdb_saves", stats.dumps)
                .field("rdb_last_cow_size", 0)
                .field("rdb_last_load_keys_expired", 0) // a loader never expires
                .field("rdb_last_load_keys_loaded", stats.lastLoadKeys());
    }

    private void rewrites(InfoWriter out) {
        SaveRecord rewrites = appendOnly.rewrites();
        out.field("aof_enabled", persistence.isLogging() ? 1 : 0)
                .field("aof_rewrite_in_progress", rewrites.isRunning() ? 1 : 0)
                .field("aof_rewrite_scheduled", persistence.isRewriteScheduled() ? 1 : 0)
                .field("aof_last_rewrite_time_sec", rewrites.lastSeconds())
                .field("aof_current_rewrite_time_sec", rewrites.runningSeconds())
                .field("aof_last_bgrewrite_status", rewrites.lastOk() ? "ok" : "err")
                .field("aof_rewrites", node.stats().rewrites)
                .field("aof_rewrites_consecutive_failures", rewrites.failuresInARow())
                .field("aof_last_write_status", persistence.problem() == null ? "ok" : "err")
                .field("aof_last_cow_size", 0);
    }

    /** A write is never put off for a sync that still runs; "delayed" is the next sync, not the write. */
    private void file(InfoWriter out) {
        AofWriter writer = appendOnly.writer();
        out.field("aof_current_size", appendOnly.size())
                .field("aof_base_size", appendOnly.sizeAtRewrite())
                .field("aof_pending_rewrite", persistence.isRewriteScheduled() ? 1 : 0)
                .field("aof_buffer_length", persistence.unwritten())
                .field("aof_pending_bio_fsync", writer.isSyncing() ? 1 : 0)
                .field("aof_delayed_fsync", node.stats().delayedSyncs);
    }
}
