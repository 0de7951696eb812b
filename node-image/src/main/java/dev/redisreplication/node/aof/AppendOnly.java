package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.AOF_USE_RDB_PREAMBLE;

import dev.redisreplication.node.aof.AofFiles.Opened;
import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The append-only directory while the node runs: which increment is written, and the rewrites that replace a base and its
 * increments by a new base.
 *
 * <p>Every change goes: make the new file and its mark; write the manifest that names it, so that it lasts; only then write
 * to the new file and delete what no manifest names. Where a step fails, the writer goes on where it was. What cannot be
 * kept that way (a received dump, an increment that could not be forced to the disk, a manifest of which nobody knows
 * whether it lasts) is made good by a new base from memory; until that is there, {@link #problem} says why.
 */
final class AppendOnly {
    private static final String AT_START = " on server start";
    private static final String ON_REWRITE = " on background rewrite";

    private final Node node;
    private final Jobs jobs;
    private final PositionSource source;
    private final Disk disk;
    private final AofFiles files;
    private final AofWriter writer;
    private final SaveRecord rewrites = new SaveRecord();
    private final Retries retries = new Retries(System::nanoTime);

    private boolean on;
    private boolean starting;
    /** What is on disk, as far as is known. */
    private AofManifest manifest = AofManifest.EMPTY;
    /** The greatest numbers that a manifest had in this run: the next ones are greater, as in Redis. */
    private long lastBase;

    private long lastIncrement;
    /** Whether that manifest and the increment being written are the data. */
    private boolean established;
    /** The increment that is written before a manifest names it: while a first base is made. */
    private Part unnamed;
    /** Files of a manifest of which is not known whether it is on disk. */
    private final List<Part> strays = new ArrayList<>();

    private String trouble;
    private DumpJob rewriteJob;
    private long sizeAtRewrite;
    private long closedSize;

    AppendOnly(Node node, Jobs jobs, PositionSource source) {
        this.node = node;
        this.jobs = jobs;
        this.source = source;
        this.disk = node.disk();
        this.files = new AofFiles(node.settings(), disk);
        this.writer = new AofWriter(source.log(), node);
    }

    AofFiles files() {
        return files;
    }

    AofWriter writer() {
        return writer;
    }

    /** Whether the node is to log, whether or not it can. */
    boolean isOn() {
        return on;
    }

    /** Why what is logged now would not be there after a crash, or null. */
    String problem() {
        return !on ? null : trouble != null ? trouble : writer.error();
    }

    boolean isRewriting() {
        return rewrites.isRunning();
    }

    /** How the rewrites went. */
    SaveRecord rewrites() {
        return rewrites;
    }

    /** Bytes of base and increments. */
    long size() {
        return closedSize + writer.size();
    }

    long sizeAtRewrite() {
        return sizeAtRewrite;
    }

    // ---- changes

    /**
     * Goes on in the last increment of a directory that was just loaded.
     *
     * @throws IOException when it cannot: the node must not start
     */
    void resume(AofManifest loaded) throws IOException {
        on = true;
        manifest(loaded);
        established = true;
        if (loaded.increments().isEmpty()) {
            nextIncrement(AT_START);
        } else {
            Log.notice("Opening AOF incr file " + loaded.increments().getLast().name() + " on server start");
            DiskFile last = disk.append(files.path(loaded.increments().getLast()));
            last.force(); // what was loaded from it is not to be less than what a next crash leaves
            writer.goOnIn(last, last.size());
            writer.mark(source.position());
        }
        files.removeLeftovers(manifest);
        forgetHistory();
        measure();
        sizeAtRewrite = size();
    }

    /** Says that the node is to log from now on; {@link #begin} follows once it can. */
    void turnOn() {
        on = true;
    }

    /** An append-only file of a node that has none at its start. */
    void beginAtStart() throws IOException {
        turnOn();
        starting = true;
        try {
            begin();
            finishNow();
        } finally {
            starting = false;
        }
        tell("Creating AOF base file " + manifest.base().name() + AT_START);
        tell("Creating AOF incr file " + manifest.increments().getLast().name() + AT_START);
    }

    /** At the start only what it has led to is said, as Redis makes no rewrite of it. */
    private void tell(String line) {
        if (!starting) {
            Log.notice(line);
        }
    }

    private void count() {
        if (!starting) {
            node.stats().rewrites++;
        }
    }

    /**
     * Begins a new base from the data as they are now, and an increment behind it. Until the base is there, what was on
     * disk before stays valid.
     */
    void begin() throws IOException {
        cancelRewrite();
        trouble = problem(); // the writer's is over with the base, and not with the file that it goes on in until then
        try {
            files.makeFolder();
            readManifest();
            Opened next = newIncrement(ON_REWRITE);
            goOnUnnamed(next);
            startJob(next.part());
        } catch (IOException e) {
            failed();
            throw trouble(e);
        }
    }

    /** Before the first change: what this node has not written itself is known only from the disk. */
    private void readManifest() throws IOException {
        AofManifest there = files.manifest();
        manifest(there == null ? AofManifest.EMPTY : there);
    }

    private void goOnUnnamed(Opened next) {
        Part before = unnamed;
        established = false;
        unnamed = next.part();
        writer.goOnIn(next.file(), next.size());
        discard(before);
    }

    /** Deletes a file that no manifest names; if that fails, the next manifest names it as history. */
    private void discard(Part part) {
        if (part != null && !files.discard(files.path(part))) {
            strays.add(part);
        }
    }

    /** The node cannot keep its data until a base is there. */
    private IOException trouble(IOException e) {
        if (on) {
            trouble = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        return e;
    }

    /** Whether the base must be made (again), and the time has come. */
    boolean baseIsDue() {
        boolean needed = on && (!established || trouble != null || writer.isDoubtful());
        return needed && !isRewriting() && retries.due();
    }

    /** Whether what is on disk, as far as it was forced there, is all of the data up to that offset. */
    boolean isWhole() {
        return on && established && trouble == null;
    }

    /** Whether a rewrite could begin of what is written now. */
    boolean canRewrite() {
        return on && established && trouble == null && !isRewriting();
    }

    /** Stops logging, as {@code CONFIG SET appendonly no} does. */
    void turnOff() {
        cancelRewrite();
        writer.write();
        writer.syncNow();
        writer.close();
        discard(unnamed);
        unnamed = null;
        on = false;
        established = false;
        trouble = null;
        retries.succeeded();
    }

    /** The running rewrite, if any, is not wanted any more. */
    void cancelRewrite() {
        if (rewriteJob != null) {
            jobs.cancel(rewriteJob);
            rewriteJob = null;
        }
        rewrites.giveUp();
    }

    /**
     * Begins a rewrite: from here on a new increment is written, and a new base is made of what was before it. Without
     * logging it makes a base only.
     */
    void rewrite() throws IOException {
        if (on && (!established || trouble != null || writer.isDoubtful())) {
            begin();
            return;
        }
        try {
            files.makeFolder(); // somebody may have taken it away
            if (on) {
                startJob(nextIncrement(ON_REWRITE));
            } else {
                readManifest();
                startJob(null);
            }
        } catch (IOException e) {
            failed();
            throw e;
        }
    }

    private Opened newIncrement(String when) throws IOException {
        Opened next = files.newIncrement(lastIncrement, source.position());
        tell("Creating AOF incr file " + next.part().name() + when);
        return next;
    }

    private Part nextIncrement(String when) throws IOException {
        writer.write();
        writer.syncNow();
        if (writer.error() != null) {
            throw new IOException(writer.error());
        }
        return goOn(newIncrement(when), next -> name(manifest.with(next), List.of(next)));
    }

    /** Has a manifest on disk that names an increment. */
    @FunctionalInterface
    private interface Naming {
        void name(Part increment) throws IOException;
    }

    /** Goes on in a new increment once a manifest names it. If none does, there is no such increment. */
    private Part goOn(Opened next, Naming naming) throws IOException {
        try {
            naming.name(next.part());
        } catch (AofManifest.Unsettled e) {
            next.file().close(); // the manifest on disk may name it
            throw e;
        } catch (IOException e) {
            next.file().close();
            discard(next.part());
            throw e;
        }
        writer.goOnIn(next.file(), next.size());
        measure();
        return next.part();
    }

    /** Makes a manifest the one on disk; {@code fresh} are the files that are new in it. */
    private void name(AofManifest next, List<Part> fresh) throws IOException {
        try {
            next.replace(disk, files.manifestFile(), manifest.data().isEmpty() ? null : manifest);
        } catch (AofManifest.Unsettled e) {
            strays.addAll(fresh);
            throw trouble(e);
        }
        manifest(next);
    }

    private void manifest(AofManifest now) {
        manifest = now;
        lastBase = Math.max(lastBase, now.lastBase());
        lastIncrement = Math.max(lastIncrement, now.lastIncrement());
    }

    private void startJob(Part first) throws IOException {
        Path temp = files.folder()
                .resolve("temp-rewriteaof-bg-" + ProcessHandle.current().pid() + ".aof");
        count();
        boolean commands = !node.settings().get(AOF_USE_RDB_PREAMBLE);
        rewriteJob = jobs.startBase(temp, source.position(), commands, new DumpJob.Listener() {
            @Override
            public void finished() {
                rewriteJob = null;
                if (!starting) {
                    Log.child("Successfully created the temporary AOF base file " + temp.getFileName());
                }
                tell("Background AOF rewrite terminated with success");
                try {
                    replaceBase(temp, commands, first);
                } catch (IOException e) {
                    Log.warning("Replacing the append-only base failed: " + e.getMessage());
                    files.discard(temp);
                    ended(e);
                }
            }

            @Override
            public void failed(String reason) {
                rewriteJob = null;
                Log.warning("Background AOF rewrite terminated with error: " + reason);
                ended(new IOException(reason));
            }
        });
        rewrites.begin(!starting);
        tell("Background append only file rewriting started by pid "
                + ProcessHandle.current().pid());
    }

    private void ended(IOException why) {
        failed();
        if (!established) {
            trouble(why);
        }
    }

    private void failed() {
        rewrites.end(false);
        retries.failed();
    }

    /** Lets the running rewrite come to its end now; for an empty node at its start. */
    void finishNow() throws IOException {
        if (rewriteJob != null) {
            rewriteJob.finishNow();
        }
        if (!established) {
            throw new IOException("the append-only file cannot be begun: " + trouble);
        }
    }

    private void replaceBase(Path made, boolean commands, Part first) throws IOException {
        List<Part> increments = List.of();
        if (first != null) {
            List<Part> all = established ? manifest.increments() : List.of(unnamed);
            increments = List.copyOf(all.subList(all.indexOf(first), all.size()));
        }
        rebase(made, commands, increments);
        rewrites.end(true);
        tell("Background AOF rewrite finished successfully");
        measure();
        sizeAtRewrite = size();
    }

    /** This file, of commands or a dump, and these increments are the data from now on. */
    private void rebase(Path made, boolean commands, List<Part> increments) throws IOException {
        Part base = files.newBase(lastBase, commands);
        disk.rename(made, files.path(base));
        tell("Successfully renamed the temporary AOF base file " + made.getFileName() + " into " + base.name());
        List<Part> fresh = new ArrayList<>(increments);
        fresh.removeAll(manifest.increments());
        fresh.add(base);
        try {
            name(manifest.rebased(base, increments, strays), fresh);
        } catch (AofManifest.Unsettled e) {
            throw e;
        } catch (IOException e) {
            discard(base);
            throw e;
        }
        strays.clear();
        unnamed = null;
        established = on;
        trouble = null;
        retries.succeeded();
        forgetHistory();
    }

    private void forgetHistory() {
        try {
            manifest = files.forgetHistory(manifest);
        } catch (AofManifest.Unsettled e) {
            // Both name the same data; the next manifest settles it.
        } catch (IOException e) {
            Log.warning("Files that the append-only file does not need any more stay for now: " + e.getMessage());
        }
    }

    /**
     * A dump that was received is the new base; the log has been restarted at its offset. Everything before is dropped in
     * one step: a crash leaves the old data or the new ones. The old increment ends here in any case, as what follows does
     * not belong to it.
     *
     * @throws IOException when it could not be kept; a base is made from memory, later
     */
    void adopt(Path dump) throws IOException {
        boolean known = established;
        dropIncrement();
        try {
            files.makeFolder();
            if (!known) {
                readManifest();
            }
            goOn(newIncrement(ON_REWRITE), next -> rebase(dump, false, List.of(next)));
            count(); // in the place of the rewrite that Redis begins then
            sizeAtRewrite = size();
        } catch (IOException e) {
            files.discard(dump);
            retries.failed();
            throw trouble(e);
        }
    }

    /** Too much waits for being written here: the increment ends, and a base from memory takes its place, later. */
    void giveUpIncrement() {
        retries.failed();
        trouble = writer.error();
        dropIncrement();
    }

    /** The data are others than those that were logged: a base from memory takes the place of all files. */
    void beginAnew() {
        dropIncrement();
        retries.succeeded();
    }

    private void dropIncrement() {
        cancelRewrite();
        writer.close();
        established = false;
        discard(unnamed);
        unnamed = null;
    }

    /** Has the data exchanged for what is logged. */
    void reload(Reload how) throws IOException {
        if (!on || !established) {
            throw new IOException(on ? "there is no base yet" : "appendonly is no");
        }
        writer.write();
        writer.syncNow();
        if (problem() != null) {
            throw new IOException(problem());
        }
        how.replaceBy(files.folder(), manifest);
    }

    private void measure() {
        try {
            List<Part> closed = new ArrayList<>(manifest.data());
            if (established && !closed.isEmpty()) {
                closed.removeLast();
            }
            closedSize = files.size(closed);
        } catch (IOException e) {
            Log.warning("The size of the append-only file is not known: " + e.getMessage());
        }
    }
}
