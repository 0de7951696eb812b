package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.AOF_LOAD_TRUNCATED;

import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpFile;
import dev.redisreplication.node.rdb.LoadLog;
import dev.redisreplication.node.rdb.LoadProgress;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Loads the data at the start: dumps on a thread of their own into a store nobody else sees, increments in steps on the
 * event loop, so that PING and INFO are answered meanwhile. Nothing expires meanwhile: the master decides that, later.
 */
final class Loading {
    private static final long STEP_NANOS = 5_000_000;

    private final Node node;
    private final Replay executes;
    private final Consumer<Position> done;
    private final Consumer<IOException> failed;
    private final ArrayDeque<Part> increments = new ArrayDeque<>();
    private Path directory;
    private Position position;
    private AofReplay replay;
    private final long startedAt = System.currentTimeMillis();
    private final LoadProgress dump = new LoadProgress();
    private long totalBytes;
    private long filesBytes; // of those that are done
    private String kind = "base"; // of the file that is replayed
    private long fileStartedAt;

    Loading(Node node, Replay executes, Consumer<Position> done, Consumer<IOException> failed) {
        this.node = node;
        this.executes = executes;
        this.done = done;
        this.failed = failed;
    }

    /** Loads a dump. */
    void dump(Path file) throws IOException {
        totalBytes = Files.size(file);
        inThread(file, false, loaded -> {
            Log.notice("DB loaded from disk: " + seconds(startedAt));
            finish();
        });
    }

    /** Loads an append-only directory. */
    void appendOnly(Path folder, AofManifest parts) {
        directory = folder;
        increments.addAll(parts.increments());
        try {
            for (Part part : parts.increments()) {
                totalBytes += Files.size(folder.resolve(part.name()));
            }
            if (parts.base() == null) {
                nextIncrement();
                return;
            }
            Path base = folder.resolve(parts.base().name());
            totalBytes += Files.size(base);
            if (DumpFile.isDump(base)) {
                // The single file of a server before Redis 7 may be a dump with commands after it.
                Log.notice("Reading RDB base file on AOF loading...");
                inThread(base, true, loaded -> replay(base, loaded.bytes()));
            } else {
                replay(base, 0);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    private void inThread(Path file, boolean base, Consumer<DumpFile.Loaded> then) {
        Thread.ofPlatform().name("loader").daemon().start(() -> {
            Store fresh = node.newStore();
            try {
                DumpFile.Loaded loaded = DumpFile.load(file, fresh, dump);
                node.loop().execute(() -> handOver(file, base, fresh, loaded, then));
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                fresh.close();
                IOException why = e instanceof IOException io ? io : new IOException(file + ": " + e, e);
                node.loop().execute(() -> failed.accept(why));
            }
        });
    }

    private void handOver(
            Path file, boolean base, Store fresh, DumpFile.Loaded loaded, Consumer<DumpFile.Loaded> then) {
        Store before = node.store();
        node.store(fresh);
        if (before != null) {
            before.close();
        }
        position = Position.of(loaded.facts());
        node.stats().loaded(loaded.keys());
        LoadLog.loaded(loaded, base);
        loaded.leftOut().forEach(what -> Log.warning("Not kept from " + file.getFileName() + ": " + what));
        then.accept(loaded);
    }

    private void nextIncrement() {
        Part part = increments.poll();
        if (part == null) {
            Log.notice("DB loaded from append only file: " + seconds(startedAt));
            finish();
            return;
        }
        kind = "incr";
        replay(directory.resolve(part.name()), 0);
    }

    private void replay(Path file, long from) {
        try {
            fileStartedAt =
                    from == 0 ? System.currentTimeMillis() : startedAt; // of the base, what is a dump came first
            replay = new AofReplay(node.execution(), executes, file, from, position);
        } catch (IOException e) {
            failed.accept(e);
            return;
        }
        stepReplay(file);
    }

    private void stepReplay(Path file) {
        try {
            if (!replay.step(STEP_NANOS)) {
                node.loop().after(0, () -> stepReplay(file));
                return;
            }
            position = replay.end();
            boolean torn = replay.isTorn();
            long whole = replay.safeLength();
            replay.close();
            filesBytes += replay.done();
            replay = null;
            if (torn) {
                mend(file, whole);
            }
            Log.notice("DB loaded from " + kind + " file " + file.getFileName() + ": " + seconds(fileStartedAt));
        } catch (IOException e) {
            failed.accept(e);
            return;
        }
        nextIncrement();
    }

    /** A crash may leave half a command at the end of the last file; anywhere else it is damage. */
    private void mend(Path file, long whole) throws IOException {
        long torn = Files.size(file) - whole;
        if (!increments.isEmpty()) {
            throw new IOException(file + " ends in the middle of a command, and it is not the last file");
        }
        if (!node.settings().get(AOF_LOAD_TRUNCATED)) {
            throw new IOException(
                    file + " ends in the middle of a command at byte " + whole + ", and aof-load-truncated is no");
        }
        Log.warning("!!! Warning: short read while loading the AOF file " + file.getFileName() + "!!!");
        Log.warning("!!! Truncating the AOF " + file.getFileName() + " at offset " + whole + " !!! (by " + torn
                + " bytes, to its last whole command)");
        try (DiskFile opened = node.disk().append(file)) {
            opened.truncate(whole);
            opened.force();
        }
        Log.warning("AOF " + file.getFileName() + " loaded anyway because aof-load-truncated is enabled");
    }

    private static String seconds(long since) {
        return String.format(Locale.ROOT, "%.3f seconds", (System.currentTimeMillis() - since) / 1000.0);
    }

    /** Unix time in seconds at which it began. */
    long startedAt() {
        return startedAt / 1000;
    }

    /** Bytes of all files that are loaded. */
    long totalBytes() {
        return totalBytes;
    }

    /** Bytes of them that are loaded already. */
    long loadedBytes() {
        return filesBytes + (replay != null ? replay.done() : filesBytes == 0 ? dump.bytes() : 0);
    }

    /** Memory that the data took in the server that wrote the dump; 0 when that is not known. */
    long usedMemoryThen() {
        return dump.usedMemory();
    }

    /** Seconds until the end if it goes on as until now; -1 when nothing is loaded yet. */
    long secondsLeft() {
        long loaded = loadedBytes();
        double elapsed = System.currentTimeMillis() - startedAt;
        return loaded == 0 ? -1 : (long) Math.ceil(elapsed * (totalBytes - loaded) / loaded / 1000);
    }

    private void finish() {
        done.accept(position);
    }
}
