package dev.redisreplication.node.aof;

import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.info.InfoSection;
import dev.redisreplication.node.rdb.DumpJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** Dumps and the append-only directory of one node. On the event loop. */
public final class Persistence {
    private final Node node;
    private final PositionSource source;
    private final Jobs jobs;
    private final AppendOnly appendOnly;

    private SaveRules rules;
    private Loading loading; // or what was loaded at the start
    private DumpJob saving;
    private boolean rewriteScheduled;
    private boolean saveScheduled;
    private long dirtyAtSave;
    private long lastSave = System.currentTimeMillis() / 1000;
    private long lastTry;
    private final SaveRecord saves = new SaveRecord();

    /** The persistence of {@code node}. */
    public Persistence(Node node, PositionSource source) {
        this.node = node;
        this.source = source;
        this.jobs = new Jobs(node);
        this.appendOnly = new AppendOnly(node, jobs, source);
        this.rules = SaveRules.parse(node.settings().text("save"));
        node.settings().onChange("save", s -> rules = SaveRules.parse(s.text("save")));
        node.settings().onChange("appendonly", s -> switchAppendOnly(s.yes("appendonly")));
    }

    /** The dumps being made. */
    public Jobs jobs() {
        return jobs;
    }

    /** Whether effects are logged to the disk. */
    public boolean isLogging() {
        return appendOnly.writer().isOpen();
    }

    /** The offset from which on the log is still needed here. */
    public long neededFrom() {
        return isLogging() ? appendOnly.writer().cursor() : Long.MAX_VALUE;
    }

    /** Why writes must be refused, or null. */
    public String writeProblem() {
        return isLogging() ? appendOnly.writer().error() : null;
    }

    /** Whether dumps are made by themselves and the last one could not be. */
    public boolean dumpsFail() {
        return !saves.lastOk() && !rules.rules().isEmpty();
    }

    private Path directory() {
        return Path.of(node.settings().text("dir"));
    }

    /** The file of SAVE and BGSAVE. */
    public Path dumpFile() {
        return directory().resolve(node.settings().text("dbfilename"));
    }

    /** A file name for a dump that is not final yet, in the data directory. */
    public Path temporary(String purpose) {
        return directory()
                .resolve("temp-" + purpose + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".rdb");
    }

    // ---- start

    /**
     * Loads what is on disk.
     *
     * @param dropExpired whether keys whose time is over are left out of a dump, as on a master
     * @param done gets the position of the data, or null when they do not say
     */
    public void load(boolean dropExpired, Consumer<Position> done, Consumer<IOException> failed) {
        Leftovers.removeFrom(directory());
        Leftovers.removeFrom(appendOnly.directory());
        try {
            boolean logging = node.settings().yes("appendonly");
            if (logging) {
                appendOnly.takeOverSingleFile();
            }
            if (logging && Files.exists(appendOnly.manifestFile())) {
                loading = new Loading(node, result -> done.accept(result.position()), failed);
                loading.appendOnly(appendOnly.directory(), AofManifest.read(appendOnly.manifestFile()));
            } else if (Files.exists(dumpFile())) {
                loading = new Loading(node, result -> done.accept(result.position()), failed);
                loading.dump(dumpFile(), dropExpired);
            } else {
                done.accept(null);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    /** Begins logging, if so configured; the data are loaded and the position is known. */
    public void begin() throws IOException {
        dirtyAtSave = node.stats().dirty;
        if (!node.settings().yes("appendonly")) {
            return;
        }
        if (Files.exists(appendOnly.manifestFile())) {
            appendOnly.resume(AofManifest.read(appendOnly.manifestFile()));
        } else {
            appendOnly.begin();
            appendOnly.finishNow();
        }
    }

    private void switchAppendOnly(boolean on) {
        if (on == isLogging() || node.loading()) {
            return;
        }
        try {
            if (on) {
                if (jobs.isBusy()) {
                    throw new CommandError("ERR a dump is being made; try again when it is done");
                }
                appendOnly.begin();
            } else {
                appendOnly.stop();
            }
        } catch (IOException e) {
            throw new CommandError("ERR the append-only directory: " + e.getMessage());
        }
    }

    // ---- while the node runs

    /** Writes the log's new bytes; before replies leave. */
    public void logPhase() {
        AofWriter writer = appendOnly.writer();
        if (!writer.isOpen() || writer.cursor() == source.log().end()) {
            return;
        }
        writer.write();
        if (node.settings().text("appendfsync").equals("always")) {
            writer.syncNow();
        }
    }

    /** Says in the log that the history changed, at the offset where it did. */
    public void historyChanged() {
        if (isLogging()) {
            mark();
        }
    }

    private void mark() {
        try {
            appendOnly.writer().mark(source.position());
        } catch (IOException e) {
            Notices.warn("The append-only file: " + e.getMessage());
        }
    }

    /** A full resync brought this dump; the data, history and log in memory have been exchanged for it already. */
    public void adopt(Path dump) {
        if (saving != null) {
            jobs.cancel(saving);
            saving = null;
            saves.giveUp();
        }
        dirtyAtSave = node.stats().dirty;
        try {
            if (isLogging()) {
                appendOnly.adopt(dump);
            } else if (rules.rules().isEmpty()) {
                Files.deleteIfExists(dump);
            } else {
                Files.move(dump, dumpFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            Notices.warn("Keeping the received dump failed: " + e.getMessage());
        }
    }

    /** Ten times a second: save points, rewrites that are due, the disk. */
    public void cron() {
        long now = System.currentTimeMillis() / 1000;
        AofWriter writer = appendOnly.writer();
        if (writer.isOpen()) {
            if (writer.error() != null) {
                writer.write();
            }
            if (node.settings().text("appendfsync").equals("everysec") && now != lastTry) {
                lastTry = now;
                if (!writer.syncLater()) {
                    node.stats().delayedSyncs++;
                }
            }
        }
        if (node.loading() || jobs.isBusy()) {
            return;
        }
        if (rewriteScheduled || growthAsksForRewrite() || appendOnly.baseIsDue()) {
            rewriteScheduled = false;
            startRewrite();
        } else if (saveScheduled || rules.due(now - lastSave, node.stats().dirty - dirtyAtSave)) {
            saveScheduled = false;
            startSave();
        }
    }

    private boolean growthAsksForRewrite() {
        long percent = node.settings().number("auto-aof-rewrite-percentage");
        long size = appendOnly.size();
        if (!isLogging() || percent == 0 || size < node.settings().number("auto-aof-rewrite-min-size")) {
            return false;
        }
        long before = Math.max(1, appendOnly.sizeAtRewrite());
        return (size - before) * 100 / before >= percent;
    }

    private void startRewrite() {
        try {
            appendOnly.rewrite();
        } catch (IOException e) {
            Notices.warn("The rewrite of the append-only file could not begin: " + e.getMessage());
        }
    }

    // ---- commands

    /**
     * BGREWRITEAOF.
     *
     * @return whether it began at once, and not after the dump that is being made
     */
    public boolean rewriteNow() {
        if (appendOnly.isRewriting()) {
            throw new CommandError("ERR Background append only file rewriting already in progress");
        }
        if (!isLogging()) {
            throw new CommandError("ERR appendonly is no: there is no append-only file to rewrite");
        }
        if (jobs.isBusy()) {
            rewriteScheduled = true;
            return false;
        }
        startRewrite();
        return true;
    }

    /**
     * BGSAVE.
     *
     * @param schedule whether to wait for another dump that is being made
     * @return whether it began at once
     */
    public boolean saveInBackground(boolean schedule) {
        if (saving != null) {
            throw new CommandError("ERR Background save already in progress");
        }
        if (jobs.isBusy()) {
            if (!schedule) {
                throw new CommandError("ERR Another dump is being made: can't BGSAVE right now. Use BGSAVE SCHEDULE in"
                        + " order to schedule a BGSAVE whenever possible.");
            }
            saveScheduled = true;
            return false;
        }
        if (!startSave()) {
            throw new CommandError("ERR the dump could not be begun; see the log");
        }
        return true;
    }

    /** SAVE: returns when the dump is on disk. */
    public void saveNow() {
        if (jobs.isBusy()) {
            throw new CommandError("ERR Background save already in progress");
        }
        if (!startSave()) {
            throw new CommandError("ERR the dump could not be begun; see the log");
        }
        saving.finishNow();
        if (!saves.lastOk()) {
            throw new CommandError("ERR the dump could not be written; see the log");
        }
    }

    private boolean startSave() {
        long dirty = node.stats().dirty;
        Path temp = temporary("save");
        saves.begin();
        node.stats().dumps++;
        try {
            saving = jobs.start(temp, source.position(), true, new DumpJob.Listener() {
                @Override
                public void finished() {
                    saving = null;
                    try {
                        Files.move(
                                temp, dumpFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                        AofManifest.syncDirectory(directory());
                        saves.end(true);
                        dirtyAtSave = dirty;
                        lastSave = System.currentTimeMillis() / 1000;
                    } catch (IOException e) {
                        failed(e.getMessage());
                    }
                }

                @Override
                public void failed(String reason) {
                    saving = null;
                    saves.end(false);
                    Notices.warn("Saving failed: " + reason);
                }
            });
            return true;
        } catch (IOException e) {
            saves.end(false);
            Notices.warn("Saving failed: " + e.getMessage());
            return false;
        }
    }

    /** Unix time in seconds of the last successful save, or of the start. */
    public long lastSave() {
        return lastSave;
    }

    /**
     * Makes everything safe before the process ends.
     *
     * @param save whether to save a dump; null: if there are save points
     * @return null, or why the process should not end now
     */
    public String shutdown(Boolean save) {
        jobs.cancel(jobs.running());
        saving = null;
        saves.giveUp();
        boolean wanted = save != null ? save : !rules.rules().isEmpty();
        if (wanted && !node.loading()) {
            try {
                saveNow();
            } catch (CommandError e) {
                return e.getMessage();
            }
        }
        if (isLogging()) {
            appendOnly.writer().write();
            appendOnly.writer().syncNow();
            return appendOnly.writer().error();
        }
        return null;
    }

    /** INFO persistence. */
    public InfoSection info() {
        return new PersistenceInfo(node, this, appendOnly);
    }

    /** What is being loaded, or null. */
    Loading loading() {
        return node.loading() ? loading : null;
    }

    SaveRecord saves() {
        return saves;
    }

    boolean isRewriteScheduled() {
        return rewriteScheduled;
    }

    long changesSinceSave() {
        return node.stats().dirty - dirtyAtSave;
    }

    /** Bytes of the log that the append-only file has not got yet. */
    long unwritten() {
        return source.log().end() - appendOnly.writer().cursor();
    }
}
