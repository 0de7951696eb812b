package dev.redisreplication.node.aof;

import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.rdb.DumpJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The append-only directory while the node runs: which increment is written, and the rewrites that replace a base and its
 * increments by a new base.
 */
final class AppendOnly {
    private static final long RETRY_NANOS = 5_000_000_000L;

    private final Node node;
    private final Jobs jobs;
    private final PositionSource source;
    private final AofWriter writer;

    private AofManifest manifest = AofManifest.EMPTY;
    private boolean established; // the manifest on disk and the increments after it are the data
    private final SaveRecord rewrites = new SaveRecord();
    private DumpJob rewriteJob;
    private long sizeAtRewrite;
    private long closedSize;
    private long lastFailure;

    AppendOnly(Node node, Jobs jobs, PositionSource source) {
        this.node = node;
        this.jobs = jobs;
        this.source = source;
        this.writer = new AofWriter(source.log());
    }

    private Path base(long sequence) {
        return directory().resolve(name() + "." + sequence + ".base.rdb");
    }

    private Path increment(long sequence) {
        return directory().resolve(name() + "." + sequence + ".incr.aof");
    }

    private String name() {
        return node.settings().text("appendfilename");
    }

    Path directory() {
        return Path.of(node.settings().text("dir")).resolve(node.settings().text("appenddirname"));
    }

    Path manifestFile() {
        return directory().resolve(name() + ".manifest");
    }

    AofWriter writer() {
        return writer;
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

    /**
     * A server before Redis 7 kept one file, beside where the directory is now: it becomes the base. The manifest is
     * there first, so that a crash in between loses sight of nothing.
     */
    void takeOverSingleFile() throws IOException {
        Path single = Path.of(node.settings().text("dir")).resolve(name());
        if (!Files.isRegularFile(single)) {
            return;
        }
        AofManifest taken = new AofManifest(new Part(name(), 1), List.of());
        if (!Files.exists(manifestFile())) {
            Files.createDirectories(directory());
            taken.writeTo(manifestFile());
        } else if (!AofManifest.read(manifestFile()).equals(taken)
                || Files.exists(directory().resolve(name()))) {
            return;
        }
        Files.move(single, directory().resolve(name()), StandardCopyOption.ATOMIC_MOVE);
        AofManifest.syncDirectory(directory());
        Notices.note(single + " is of a server before Redis 7 and was moved to " + directory());
    }

    /** Goes on in the last increment of a directory that was just loaded. */
    void resume(AofManifest loaded) throws IOException {
        manifest = loaded;
        established = true;
        if (loaded.increments().isEmpty()) {
            switchIncrement();
            manifest.writeTo(manifestFile());
        } else {
            writer.open(directory().resolve(loaded.increments().getLast().name()));
            writer.mark(source.position());
        }
        measure();
        sizeAtRewrite = size();
    }

    /** Begins a directory from the data as they are now. Until the base is there, what was on disk before stays valid. */
    void begin() throws IOException {
        Files.createDirectories(directory());
        writer.close();
        established = false;
        manifest = Files.exists(manifestFile()) ? AofManifest.read(manifestFile()) : AofManifest.EMPTY;
        switchIncrement();
        startJob();
    }

    /** Whether the base that {@link #begin} wanted could not be made and is to be tried again. */
    boolean baseIsDue() {
        return writer.isOpen() && !established && !isRewriting() && System.nanoTime() - lastFailure > RETRY_NANOS;
    }

    /** Stops logging, as {@code CONFIG SET appendonly no} does. */
    void stop() {
        if (rewriteJob != null) {
            jobs.cancel(rewriteJob);
            rewriteJob = null;
            rewrites.giveUp();
        }
        writer.close();
    }

    /** Whether a rewrite could begin. */
    boolean canRewrite() {
        return writer.isOpen() && !isRewriting() && !jobs.isBusy();
    }

    /** Begins a rewrite: from here on a new increment is written, and a new base is made of what was before it. */
    void rewrite() throws IOException {
        switchIncrement();
        if (established) {
            manifest.writeTo(manifestFile());
        }
        startJob();
    }

    private void switchIncrement() throws IOException {
        long sequence = manifest.nextSequence();
        while (!established && (Files.exists(increment(sequence)) || Files.exists(base(sequence)))) {
            sequence++; // files that no manifest names may be all that somebody has left
        }
        Path file = increment(sequence);
        Files.deleteIfExists(file);
        writer.open(file);
        manifest = manifest.with(new Part(file.getFileName().toString(), sequence));
        writer.mark(source.position());
        measure();
    }

    private void startJob() throws IOException {
        Part first = manifest.increments().getLast();
        Path temp =
                directory().resolve("temp-rewriteaof-" + ProcessHandle.current().pid() + ".rdb");
        rewrites.begin();
        node.stats().rewrites++;
        try {
            rewriteJob = jobs.start(temp, source.position(), true, new DumpJob.Listener() {
                @Override
                public void finished() {
                    done(temp, first);
                }

                @Override
                public void failed(String reason) {
                    ended(false);
                }
            });
        } catch (IOException e) {
            ended(false);
            throw e;
        }
    }

    private void ended(boolean ok) {
        rewriteJob = null;
        rewrites.end(ok);
        if (!ok) {
            lastFailure = System.nanoTime();
        }
    }

    /** Lets the running rewrite come to its end now; for an empty node at its start. */
    void finishNow() {
        if (rewriteJob != null) {
            rewriteJob.finishNow();
        }
    }

    private void done(Path temp, Part first) {
        List<Part> all = manifest.increments();
        try {
            replaceBase(temp, all.subList(all.indexOf(first), all.size()));
            ended(true);
        } catch (IOException e) {
            ended(false);
            Notices.warn("Replacing the append-only base failed: " + e.getMessage());
        }
    }

    private void replaceBase(Path dump, List<Part> increments) throws IOException {
        AofManifest before = manifest;
        long sequence = manifest.nextSequence();
        Path file = base(sequence);
        Files.move(dump, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        manifest = new AofManifest(new Part(file.getFileName().toString(), sequence), List.copyOf(increments));
        manifest.writeTo(manifestFile());
        established = true;
        List<Part> old = new ArrayList<>(before.increments());
        old.removeAll(increments);
        if (before.base() != null) {
            old.add(before.base());
        }
        for (Part part : old) {
            Files.deleteIfExists(directory().resolve(part.name()));
        }
        measure();
        sizeAtRewrite = size();
    }

    /**
     * A dump that was received is the new base; the log has been restarted at its offset. Everything before is dropped in
     * one step: a crash leaves the old data or the new ones.
     */
    void adopt(Path dump) throws IOException {
        if (rewriteJob != null) {
            jobs.cancel(rewriteJob);
            rewriteJob = null;
            rewrites.giveUp();
        }
        writer.jumpTo(source.log().end());
        switchIncrement();
        replaceBase(dump, List.of(manifest.increments().getLast()));
    }

    private void measure() throws IOException {
        closedSize = 0;
        if (manifest.base() != null) {
            closedSize += Files.size(directory().resolve(manifest.base().name()));
        }
        for (int i = 0; i + 1 < manifest.increments().size(); i++) {
            closedSize +=
                    Files.size(directory().resolve(manifest.increments().get(i).name()));
        }
    }
}
