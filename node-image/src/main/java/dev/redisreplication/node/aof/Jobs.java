package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.AOF_TIMESTAMP_ENABLED;
import static dev.redisreplication.node.config.Directives.RDBCHECKSUM;
import static dev.redisreplication.node.config.Directives.RDBCOMPRESSION;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpForm;
import dev.redisreplication.node.rdb.DumpJob;
import dev.redisreplication.node.rdb.RdbForm;
import java.io.IOException;
import java.nio.file.Path;

/** Sees to it that one dump is made at a time, and remembers at which position the running one began. */
public final class Jobs {
    private final Node node;
    private DumpJob running;
    private Position began;
    private boolean base; // of an append-only file, and not a dump
    private long since;
    private long keysToWrite;

    Jobs(Node node) {
        this.node = node;
    }

    /** Whether a dump is being made. */
    public boolean isBusy() {
        return running != null;
    }

    /** Whether it is a dump, for a file or for replicas, and not the base of an append-only file. */
    boolean isDumping() {
        return running != null && !base;
    }

    /** How long that dump has taken, in seconds, or -1. */
    long dumpingSeconds() {
        return isDumping() ? (System.nanoTime() - since) / 1_000_000_000 : -1;
    }

    /** The dump being made, or null. */
    public DumpJob running() {
        return running;
    }

    /** Where in the history the running dump began, or null when changes were not logged then. */
    public Position began() {
        return began;
    }

    /** How many keys the running dump is about. */
    long keysToWrite() {
        return keysToWrite;
    }

    /**
     * Begins a dump of the data as they are now.
     *
     * @throws IOException when the file cannot be made
     * @throws IllegalStateException when one is running
     */
    public DumpJob start(Path path, Position position, boolean sync, DumpJob.Listener listener) throws IOException {
        return start(path, position, sync, false, new RdbForm(DumpFacts.of(node, position, false)), listener);
    }

    /**
     * The same for the base of an append-only file.
     *
     * @param commands whether it is one of commands
     */
    DumpJob startBase(Path path, Position position, boolean commands, DumpJob.Listener listener) throws IOException {
        DumpForm form =
                commands ? new CommandForm(position, timestamp()) : new RdbForm(DumpFacts.of(node, position, true));
        return start(path, position, true, true, form, listener);
    }

    private long timestamp() {
        return node.settings().get(AOF_TIMESTAMP_ENABLED) ? System.currentTimeMillis() / 1000 : 0;
    }

    private DumpJob start(
            Path path, Position position, boolean sync, boolean isBase, DumpForm form, DumpJob.Listener listener)
            throws IOException {
        if (running != null) {
            throw new IllegalStateException("a dump is being made already");
        }
        DumpJob[] self = new DumpJob[1];
        self[0] = new DumpJob(
                node.loop(),
                node.store(),
                node.disk(),
                path,
                form,
                new DumpJob.Options(
                        node.settings().get(RDBCHECKSUM), node.settings().get(RDBCOMPRESSION), sync),
                new DumpJob.Listener() {
                    @Override
                    public void progress() {
                        listener.progress();
                    }

                    @Override
                    public void finished() {
                        running = null;
                        listener.finished();
                    }

                    @Override
                    public void failed(String reason) {
                        running = null;
                        Log.warning("Writing " + path + " failed: " + reason);
                        listener.failed(reason);
                    }
                });
        running = self[0];
        base = isBase;
        since = System.nanoTime();
        began = position;
        keysToWrite = node.store().size();
        return running;
    }

    /** Lets a base that is being made come to its end now. */
    void finishBase() {
        if (running != null && base) {
            running.finishNow();
        }
    }

    /** Ends the running dump, if any; its listener is not told. The store is about to be exchanged or the process to end. */
    public void cancel(DumpJob job) {
        if (running == job && job != null) {
            running = null;
            job.cancel();
        }
    }
}
