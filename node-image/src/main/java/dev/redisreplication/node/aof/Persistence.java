package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.APPENDFSYNC;
import static dev.redisreplication.node.config.Directives.APPENDONLY;
import static dev.redisreplication.node.config.Directives.AUTO_AOF_REWRITE_MIN_SIZE;
import static dev.redisreplication.node.config.Directives.AUTO_AOF_REWRITE_PERCENTAGE;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;

import dev.redisreplication.node.command.Barrier;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.config.Fsync;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** Dumps and the append-only directory of one node. On the event loop. */
public final class Persistence implements Barrier.Condition {
    private static final long MOST_UNWRITTEN = 1 << 20;

    private final Node node;
    private final Replay replay;
    private final PositionSource source;
    private final Jobs jobs;
    private final Dumps dumps;
    private final AppendOnly appendOnly;
    private final RewriteLimit limit = new RewriteLimit(System::nanoTime);

    private Loading loading; // or what was loaded at the start
    private boolean rewriteScheduled;
    private boolean always;
    private long lastTry;
    private String lastProblem;
    private boolean dumpsFailed;

    /** The persistence of {@code node}, whose append-only file is executed by {@code replay}. */
    public Persistence(Node node, Replay replay, PositionSource source) {
        this.node = node;
        this.replay = replay;
        this.source = source;
        this.jobs = new Jobs(node);
        this.dumps = new Dumps(node, source, jobs);
        this.appendOnly = new AppendOnly(node, jobs, source);
        node.settings().follow(APPENDFSYNC, when -> always = when == Fsync.ALWAYS);
        node.settings().onChange(APPENDONLY, this::switchAppendOnly);
        node.barrier().add(this);
    }

    /** The dumps being made. */
    public Jobs jobs() {
        return jobs;
    }

    /** Whether effects are to be logged to the disk. */
    public boolean isLogging() {
        return appendOnly.isOn();
    }

    /** The offset up to which the append-only file on disk has everything; -1 when there is none, or it is not whole yet. */
    public long syncedOffset() {
        return appendOnly.isWhole() ? appendOnly.writer().synced() : -1;
    }

    /** The offset from which on the log is still needed here. */
    public long neededFrom() {
        return appendOnly.writer().isOpen() ? appendOnly.writer().cursor() : Long.MAX_VALUE;
    }

    /**
     * Why this node cannot keep data right now, in words, or null: a write or a force that failed, a received dump that
     * could not be kept, files that could not be made. Stays until the data are safe again. Not meant are dumps that fail
     * where save points are set, see {@link #dumpsFail}.
     */
    public String problem() {
        String files = appendOnly.problem();
        return files != null || appendOnly.isOn() ? files : dumps.problem();
    }

    /** Whether dumps are made by themselves and the last one could not be. */
    public boolean dumpsFail() {
        return !dumps.record().lastOk() && dumps.hasRules();
    }

    /** The file of SAVE and BGSAVE. */
    public Path dumpFile() {
        return dumps.file();
    }

    /** A file name for a dump that is not final yet, in the data directory. */
    public Path temporary(String purpose) {
        return dumps.temporary(purpose);
    }

    // ---- replies

    /** The offset up to which writes may be acknowledged: with {@code appendfsync always} only what is on disk. */
    @Override
    public long safe() {
        AofWriter writer = appendOnly.writer();
        return always && writer.isOpen() ? writer.synced() : Long.MAX_VALUE;
    }

    @Override
    public String broken() {
        String problem = always ? appendOnly.problem() : null;
        return problem == null ? null : "whether its writes are on disk is not known: " + problem;
    }

    // ---- start

    /**
     * Loads what is on disk.
     *
     * @param done gets the position of the data, or null when they do not say
     */
    public void load(Consumer<Position> done, Consumer<IOException> failed) {
        AofFiles files = appendOnly.files();
        files.removeTemporaryFiles();
        try {
            boolean logging = node.settings().get(APPENDONLY);
            if (logging) {
                files.takeOverSingleFile();
            }
            AofManifest manifest = logging ? files.manifest() : null;
            if (manifest != null) {
                loading = new Loading(node, replay, done, failed);
                loading.appendOnly(files.folder(), manifest);
            } else if (Files.exists(dumpFile())) {
                loading = new Loading(node, replay, done, failed);
                loading.dump(dumpFile());
            } else {
                done.accept(null);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    /** Begins logging, if so configured; the data are loaded and the position is known. */
    public void begin() throws IOException {
        dumps.loaded();
        if (!node.settings().get(APPENDONLY)) {
            return;
        }
        source.needLog();
        AofManifest manifest = appendOnly.files().manifest();
        if (manifest != null) {
            appendOnly.resume(manifest);
        } else {
            appendOnly.beginAtStart();
        }
    }

    private void switchAppendOnly(boolean on) {
        if (on == isLogging() || node.loading()) {
            return;
        }
        if (!on) {
            appendOnly.turnOff();
            rewriteScheduled = false;
            return;
        }
        source.needLog();
        appendOnly.cancelRewrite(); // one that was begun without logging makes no base for what is logged
        appendOnly.turnOn();
        if (jobs.isBusy() || !source.isAtBoundary()) {
            rewriteScheduled = true;
            return;
        }
        try {
            appendOnly.begin();
        } catch (IOException e) {
            Log.warning("The append-only file could not be begun: " + e.getMessage());
            appendOnly.turnOff();
            node.settings().record(APPENDONLY, "no");
            throw new CommandError(
                    "ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on"
                            + " AOF. Check server logs.");
        }
    }

    // ---- while the node runs

    /**
     * Writes the log's new bytes; before replies leave.
     *
     * @return whether {@link #problem} or {@link #dumpsFail} says something else than after the round before
     */
    public boolean logPhase() {
        AofWriter writer = appendOnly.writer();
        if (writer.isOpen()) {
            if (!writer.isWritten()) {
                writer.write();
            }
            if (always) {
                writer.syncLater();
            }
        }
        dumps.endOfRound();
        boolean failedBefore = dumpsFailed;
        dumpsFailed = dumpsFail();
        return noticeProblem() || dumpsFailed != failedBefore;
    }

    private boolean noticeProblem() {
        String problem = problem();
        if (Objects.equals(problem, lastProblem)) {
            return false;
        }
        if (problem == null) {
            Log.notice("The data can be kept again; before: " + lastProblem);
        } else {
            Log.warning("The data cannot be kept, writes are refused: " + problem);
        }
        lastProblem = problem;
        return true;
    }

    /** Says in the log that the history changed, at the offset where it did. */
    public void historyChanged() {
        if (appendOnly.writer().isOpen()) {
            appendOnly.writer().mark(source.position());
        }
    }

    /** FLUSHALL was executed. */
    public void flushed() {
        if (!node.loading()) {
            dumps.flushed();
        }
    }

    /**
     * A full resync brought this dump; the data, history and log in memory have been exchanged for it already.
     *
     * @param dump the file, or null where there was none: the append-only file gets its base from memory then
     */
    public void adopt(Path dump) {
        dumps.cancel();
        dumps.loaded();
        if (dump == null) {
            appendOnly.beginAnew();
            return;
        }
        if (!isLogging()) {
            appendOnly.cancelRewrite();
            dumps.adopt(dump);
            return;
        }
        try {
            appendOnly.adopt(dump);
        } catch (IOException e) {
            Log.warning("Keeping the dump that the master sent failed: " + e.getMessage());
        }
    }

    /** Ten times a second: save points, rewrites that are due, the disk. */
    public void cron() {
        long now = System.currentTimeMillis() / 1000;
        AofWriter writer = appendOnly.writer();
        if (writer.isOpen()) {
            writer.write(); // what failed is tried again; and a round may be under way, whose effects do not wait for
            // a disk
            // The log is memory: no more of it waits for a disk than is kept for replicas anyway.
            if (unwritten() > Math.max(MOST_UNWRITTEN, node.settings().get(REPL_BACKLOG_SIZE))) {
                appendOnly.giveUpIncrement();
            }
            if (always) {
                writer.syncLater();
            } else if (node.settings().get(APPENDFSYNC) == Fsync.EVERYSEC && now != lastTry) {
                lastTry = now;
                if (!writer.syncLater()) {
                    node.stats().delayedSyncs++;
                }
            }
        }
        if (!node.loading() && !jobs.isBusy()) {
            boolean asked = appendOnly.isOn() && appendOnly.baseIsDue() || rewriteScheduled;
            if (asked || growthAsksForRewrite()) {
                if (!asked) {
                    Log.notice("Starting automatic rewriting of AOF on " + growthPercent() + "% growth");
                }
                rewriteScheduled = false;
                startRewrite();
            } else {
                dumps.cron(now);
            }
        }
        noticeProblem();
    }

    private boolean growthAsksForRewrite() {
        long percent = node.settings().get(AUTO_AOF_REWRITE_PERCENTAGE);
        long size = appendOnly.size();
        if (!appendOnly.canRewrite() || percent == 0 || size < node.settings().get(AUTO_AOF_REWRITE_MIN_SIZE)) {
            return false;
        }
        return growthPercent() >= percent && !limit.holds(appendOnly.rewrites().failuresInARow());
    }

    private long growthPercent() {
        long before = Math.max(1, appendOnly.sizeAtRewrite());
        return (appendOnly.size() - before) * 100 / before;
    }

    private boolean startRewrite() {
        try {
            appendOnly.rewrite();
            return true;
        } catch (IOException e) {
            Log.warning("The rewrite of the append-only file could not begin: " + e.getMessage());
            return false;
        }
    }

    // ---- commands

    /**
     * BGREWRITEAOF.
     *
     * @return whether it began at once, and not after the dump that is being made, or the transaction that asks for it
     */
    public boolean rewriteNow() {
        if (appendOnly.isRewriting()) {
            throw new CommandError("ERR Background append only file rewriting already in progress");
        }
        if (jobs.isBusy() || !source.isAtBoundary()) {
            rewriteScheduled = true;
            appendOnly.rewrites().forgive();
            return false;
        }
        if (!startRewrite()) {
            throw new CommandError(
                    "ERR Can't execute an AOF background rewriting. Please check the server logs for more"
                            + " information.");
        }
        return true;
    }

    /**
     * BGSAVE.
     *
     * @param schedule whether to wait for another dump that is being made
     * @return whether it began at once
     */
    public boolean saveInBackground(boolean schedule) {
        return dumps.inBackground(schedule);
    }

    /** SAVE: returns when the dump is on disk. */
    public void saveNow() {
        dumps.now();
    }

    /**
     * DEBUG RELOAD: the data are those of the dump file from now on.
     *
     * @param save whether to save them there before
     * @param flush whether what is in memory goes
     * @param merge whether, when it stays, a key of the dump takes the place of one that is there
     */
    public void reload(boolean save, boolean flush, boolean merge) {
        finishJob();
        if (save) {
            saveNow();
        }
        try {
            if (flush) {
                new Reload(node, replay).replaceBy(dumpFile());
            } else {
                new Reload(node, replay).addFrom(dumpFile(), merge);
            }
        } catch (IOException e) {
            Log.warning("The dump could not be loaded again: " + reason(e));
            throw new CommandError("ERR Error trying to load the RDB dump, check server logs.");
        }
    }

    /** DEBUG LOADAOF: the data are those of the append-only directory from now on. */
    public void reloadAppendOnly() {
        finishJob();
        try {
            appendOnly.reload(new Reload(node, replay));
        } catch (IOException e) {
            Log.warning("The append-only file could not be loaded again: " + reason(e));
            throw new CommandError("ERR Error trying to load the AOF files, check server logs.");
        }
    }

    /** The data are about to be exchanged: a dump that is being made is of those before. */
    private void finishJob() {
        if (jobs.isBusy()) {
            jobs.running().finishNow();
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Unix time in seconds of the last successful save, or of the start. */
    public long lastSave() {
        return dumps.lastSave();
    }

    /**
     * Makes everything safe before the process ends.
     *
     * @param save whether to save a dump; null: if there are save points
     * @return null, or why the process should not end now
     */
    public String shutdown(Boolean save) {
        dumps.cancel();
        appendOnly.cancelRewrite();
        jobs.cancel(jobs.running());
        if (appendOnly.writer().isOpen()) {
            Log.notice("Calling fsync() on the AOF file.");
            appendOnly.writer().write();
            appendOnly.writer().syncNow();
            node.loop().wantRound(); // replies that waited for it
        }
        boolean wanted = save != null ? save : dumps.hasRules();
        if (wanted && !node.loading()) {
            Log.notice("Saving the final RDB snapshot before exiting.");
            try {
                saveNow();
            } catch (CommandError e) {
                return "the dump could not be written";
            }
        }
        return appendOnly.problem();
    }

    AppendOnly appendOnly() {
        return appendOnly;
    }

    Dumps dumps() {
        return dumps;
    }

    /** What is being loaded, or null. */
    Loading loading() {
        return node.loading() ? loading : null;
    }

    boolean isRewriteScheduled() {
        return rewriteScheduled;
    }

    /** Bytes of the log that the append-only file has not got yet. */
    long unwritten() {
        AofWriter writer = appendOnly.writer();
        return writer.isOpen() ? source.log().end() - writer.cursor() : 0;
    }
}
