package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.DBFILENAME;
import static dev.redisreplication.node.config.Directives.DIR;
import static dev.redisreplication.node.config.Directives.MANAGED;
import static dev.redisreplication.node.config.Directives.RDB_DEL_SYNC_FILES;
import static dev.redisreplication.node.config.Directives.SAVE;

import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.SaveRules;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The dump file: SAVE, BGSAVE, save points, and a dump that was received. On the event loop. */
final class Dumps {
    /** Redis' pause between a save that failed and the next one that nobody asked for. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String SAVED = "DB saved on disk";
    private static final CommandError IN_PROGRESS = new CommandError("ERR Background save already in progress");
    /** Redis says no more; the log says why. */
    private static final CommandError FAILED = new CommandError("ERR");

    private final Node node;
    private final PositionSource source;
    private final Jobs jobs;
    private final Disk disk;
    private final SaveRecord record = new SaveRecord();

    private SaveRules rules;
    private DumpJob saving;
    private boolean scheduled;
    private boolean flushed;
    private long dirtyAtSave;
    private long lastSave = System.currentTimeMillis() / 1000;
    private long failedAt;
    private String notKept;

    Dumps(Node node, PositionSource source, Jobs jobs) {
        this.node = node;
        this.source = source;
        this.jobs = jobs;
        this.disk = node.disk();
        node.settings().follow(SAVE, now -> rules = now);
    }

    Path folder() {
        return Path.of(node.settings().get(DIR)).toAbsolutePath();
    }

    Path file() {
        return folder().resolve(node.settings().get(DBFILENAME));
    }

    Path temporary(String purpose) {
        return folder().resolve(
                        "temp-" + purpose + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".rdb");
    }

    SaveRecord record() {
        return record;
    }

    boolean hasRules() {
        return !rules.rules().isEmpty();
    }

    /** Why a received dump that was to be kept is not on disk, nor a later one; null when nothing is missing. */
    String problem() {
        return hasRules() ? notKept : null;
    }

    long lastSave() {
        return lastSave;
    }

    long changesSinceSave() {
        return node.stats().dirty - dirtyAtSave;
    }

    /** What is in memory now was loaded from disk. */
    void loaded() {
        dirtyAtSave = node.stats().dirty;
    }

    // ---- commands

    /** BGSAVE; whether it began at once. What goes wrong then is no matter of the reply, as in Redis. */
    boolean inBackground(boolean schedule) {
        if (jobs.isDumping()) {
            throw IN_PROGRESS;
        }
        boolean later = !source.isAtBoundary();
        if (jobs.isBusy() && !schedule && !later) {
            throw new CommandError(
                    "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in"
                            + " order to schedule a BGSAVE whenever possible.");
        }
        if (jobs.isBusy() || later) {
            scheduled = true;
            return false;
        }
        startInBackground();
        return true;
    }

    /** SAVE: returns when the dump is on disk. A base that is being made is finished before, as one job has the snapshot. */
    void now() {
        if (jobs.isDumping()) {
            throw IN_PROGRESS;
        }
        jobs.finishBase();
        boolean before = record.lastOk();
        if (start(false)) {
            saving.finishNow();
        }
        if (!record.lastOk()) {
            record.failedAloud(before); // that of dumps in the background, as in Redis
            throw FAILED;
        }
    }

    /** FLUSHALL was executed: a save that runs has what is gone, and where there are save points the keys must not come back. */
    void flushed() {
        cancel();
        flushed = hasRules();
    }

    /** Before replies leave: makes the dump that FLUSHALL asks for. Later when another one is being made. */
    void endOfRound() {
        if (flushed && !jobs.isBusy()) {
            flushed = false;
            if (start(false)) {
                saving.finishNow();
            }
        }
    }

    /** The running save is not wanted any more. */
    void cancel() {
        if (saving != null) {
            jobs.cancel(saving);
            saving = null;
        }
        record.giveUp();
    }

    // ---- by itself

    /** Begins what is due; no other dump is being made. */
    void cron(long nowSeconds) {
        boolean waits = !record.lastOk() && System.nanoTime() - failedAt < RETRY_NANOS;
        Optional<SaveRules.Rule> rule = rules.due(nowSeconds - lastSave, changesSinceSave());
        boolean asked = scheduled || flushed || problem() != null;
        if ((asked || rule.isPresent()) && !waits) {
            if (!asked) {
                Log.notice(rule.get().changes() + " changes in " + rule.get().seconds() + " seconds. Saving...");
            }
            scheduled = false;
            flushed = false;
            startInBackground();
        }
    }

    /**
     * A dump that was received, and is what is in memory now, becomes the dump file; without save points too, as in Redis,
     * unless {@code rdb-del-sync-files} is yes. A managed node without save points never keeps it: no later dump would take
     * its place, and a restart is not to bring back data of the last full resync, however old.
     */
    void adopt(Path dump) {
        if (!hasRules()
                && (node.settings().get(RDB_DEL_SYNC_FILES) || node.settings().get(MANAGED))) {
            discard(dump);
            return;
        }
        try {
            disk.rename(dump, file());
            disk.sync(folder());
            notKept = null;
        } catch (IOException e) {
            notKept = "keeping the dump that the master sent failed: " + reason(e);
            Log.warning(notKept);
            discard(dump);
            ended(false);
        }
    }

    private void discard(Path temp) {
        try {
            disk.delete(temp);
        } catch (IOException e) {
            Log.warning(temp + " stays: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void startInBackground() {
        if (start(true)) {
            Log.notice("Background saving started by pid "
                    + ProcessHandle.current().pid());
        }
    }

    private boolean start(boolean background) {
        long dirty = node.stats().dirty;
        Path temp = temporary("save");
        record.begin(background);
        node.stats().dumps++;
        try {
            saving = jobs.start(temp, source.position(), true, new DumpJob.Listener() {
                @Override
                public void finished() {
                    saving = null;
                    try {
                        disk.rename(temp, file());
                        disk.sync(folder());
                        notKept = null;
                        dirtyAtSave = dirty;
                        lastSave = System.currentTimeMillis() / 1000;
                        saved(background);
                        ended(true);
                    } catch (IOException e) {
                        discard(temp);
                        failed(reason(e));
                    }
                }

                @Override
                public void failed(String reason) {
                    saving = null;
                    Log.warning((background ? "Background saving error: " : "Error trying to save the DB: ") + reason);
                    ended(false);
                }
            });
            return true;
        } catch (IOException e) {
            Log.warning("Failed opening the temp RDB file " + temp + " for saving: " + reason(e));
            ended(false);
            return false;
        }
    }

    /** In Redis a child saves in the background, and its parent learns of it. */
    private static void saved(boolean background) {
        if (background) {
            Log.child(SAVED);
            Log.notice("Background saving terminated with success");
        } else {
            Log.notice(SAVED);
        }
    }

    private void ended(boolean ok) {
        record.end(ok);
        if (!ok) {
            failedAt = System.nanoTime();
        }
    }
}
