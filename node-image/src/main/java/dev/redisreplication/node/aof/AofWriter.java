package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.AOF_TIMESTAMP_ENABLED;
import static dev.redisreplication.node.config.Directives.APPENDFSYNC;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.Fsync;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * The increment that is being written: takes the effect log from a cursor to its end, byte for byte, and the marks in
 * between. Writes on the event loop, forces to the disk on a thread of its own.
 *
 * <p>A write that failed is tried again from where it stopped, and its error is over once everything is written. A force
 * that failed cannot be tried again, as the kernel may have dropped what it could not write: that error is over only with
 * another file.
 */
final class AofWriter {
    private final EffectLog log;
    private final Node node;
    private final Loop loop;
    private final ExecutorService syncer;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    private DiskFile file;
    private long cursor;
    private boolean timestamps;
    private long stampedSecond;
    private long synced;
    private long size;
    private long syncedSize;
    private Future<String> syncing; // or null; gives what is wrong, or null
    private String writeError;
    private String syncError;

    /** Bytes that are not of the log, to be written once the log is written up to an offset. */
    private record Mark(long offset, ByteBuffer bytes) {}

    AofWriter(EffectLog log, Node node) {
        this.log = log;
        this.node = node;
        this.loop = node.loop();
        this.syncer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("aof-sync").daemon().factory());
        node.settings().follow(AOF_TIMESTAMP_ENABLED, on -> timestamps = on);
    }

    /** Whether an increment is open. */
    boolean isOpen() {
        return file != null;
    }

    /** The offset up to which the log was written. */
    long cursor() {
        return cursor;
    }

    /** The offset up to which the log is on the disk. */
    long synced() {
        return synced;
    }

    /** Size of the open increment in bytes. */
    long size() {
        return size;
    }

    /** What is wrong, or null. */
    String error() {
        return syncError != null ? syncError : writeError;
    }

    /** Whether a force failed: what this file holds is not known any more. */
    boolean isDoubtful() {
        return syncError != null;
    }

    /** Whether everything there is was handed to the kernel. */
    boolean isWritten() {
        return cursor == log.end() && marks.isEmpty();
    }

    /** Whether the kernel has everything on the disk that it was handed. */
    boolean isSynced() {
        return syncedSize == size;
    }

    /**
     * Goes on in this file from the end of the log. The one before is closed as it is, its error forgotten: the caller knows
     * that it is whole, or that it does not matter any more.
     *
     * @param opened at its end; what it holds is on the disk
     */
    void goOnIn(DiskFile opened, long length) {
        close();
        file = opened;
        size = length;
        syncedSize = length;
        cursor = log.end();
        synced = cursor;
        stampedSecond = 0;
        marks.clear();
        writeError = null;
        syncError = null;
    }

    /** What follows in the log is of this position: said in the file before its next byte. */
    void mark(Position position) {
        marks.add(new Mark(log.end(), ByteBuffer.wrap(position.mark())));
        write();
    }

    /** Hands everything new to the kernel, as far as that goes. */
    void write() {
        if (file == null) {
            return;
        }
        if (isWritten()) {
            writeError = null;
            return;
        }
        long began = System.nanoTime();
        if (timestamps && writeError == null) { // the cursor is between two commands
            stamp(System.currentTimeMillis() / 1000);
        }
        try {
            while (!isWritten()) {
                writeSome();
            }
            writeError = null;
        } catch (IOException e) {
            writeError = reason(e);
        }
        node.latency().add("aof-write", System.nanoTime() - began);
    }

    /** What follows was written at this time, in seconds: said once a second, so that the file can be cut there. */
    private void stamp(long second) {
        if (second > stampedSecond) {
            stampedSecond = second;
            byte[] text = ("#TS:" + second + "\r\n").getBytes(StandardCharsets.US_ASCII);
            marks.addFirst(new Mark(cursor, ByteBuffer.wrap(text)));
        }
    }

    private void writeSome() throws IOException {
        Mark mark = marks.peek();
        if (mark != null && mark.offset == cursor) {
            size += file.write(mark.bytes);
            if (!mark.bytes.hasRemaining()) {
                marks.remove();
            }
            return;
        }
        int length = log.contiguous(cursor);
        if (mark != null) {
            length = (int) Math.min(length, mark.offset - cursor);
        }
        int done = file.write(Memory.segment(log.address(cursor), length).asByteBuffer());
        cursor += done;
        size += done;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Forces what was written to the disk before it returns. */
    void syncNow() {
        if (file == null || isSynced() || isDoubtful()) {
            return;
        }
        try {
            // The kernel tells of an error once: one that is under way elsewhere may be the one that is told.
            syncError = syncing == null ? null : syncing.get();
            if (syncError != null) {
                return;
            }
            file.force();
            synced = cursor;
            syncedSize = size;
        } catch (IOException e) {
            syncError = reason(e);
        } catch (ExecutionException e) {
            syncError = e.getCause().toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            syncError = "interrupted";
        }
    }

    /** Whether what was written is being forced to the disk elsewhere. */
    boolean isSyncing() {
        return syncing != null;
    }

    /**
     * Has what was written forced to the disk elsewhere; a round of the loop follows when that is done. False: not now, the
     * time before is not over yet.
     */
    boolean syncLater() {
        if (file == null || isSynced() || isDoubtful()) {
            return true;
        }
        if (syncing != null) {
            return false;
        }
        DiskFile which = file;
        long offset = cursor;
        long length = size;
        syncing = syncer.submit(() -> {
            String error = null;
            long began = System.nanoTime();
            try {
                which.force();
            } catch (IOException e) {
                error = reason(e);
            }
            String outcome = error;
            long took = System.nanoTime() - began;
            try {
                loop.execute(() -> {
                    noteSync(took);
                    forced(which, offset, length, outcome);
                });
            } catch (RejectedExecutionException e) {
                // The loop has ended, and nobody waits for it any more.
            }
            return outcome;
        });
        return true;
    }

    /** Replies have waited for it. */
    private void noteSync(long nanos) {
        if (node.settings().get(APPENDFSYNC) == Fsync.ALWAYS) {
            node.latency().add("aof-fsync-always", nanos);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very file
    private void forced(DiskFile which, long offset, long length, String error) {
        if (which == file) { // its successor says itself how far it is
            syncing = null;
            if (error != null) {
                syncError = error;
            } else {
                synced = Math.max(synced, offset);
                syncedSize = Math.max(syncedSize, length);
            }
        }
        loop.wantRound();
    }

    /** Closes the file as it is. */
    void close() {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            Log.warning("Closing an increment of the append-only file failed: " + reason(e));
        }
        file = null;
        syncing = null; // what becomes of it says nothing of the next file
        marks.clear();
        writeError = null;
        syncError = null;
    }
}
