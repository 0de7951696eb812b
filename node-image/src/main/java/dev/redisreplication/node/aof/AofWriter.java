package dev.redisreplication.node.aof;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.replication.EffectLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The increment that is being written: takes the effect log from a cursor to its end, byte for byte. Writes on the event
 * loop, forces to the disk on a thread of its own unless every write is to be forced.
 */
final class AofWriter {
    private final EffectLog log;
    private final ExecutorService syncer;
    private final AtomicBoolean syncing = new AtomicBoolean();

    private FileChannel channel;
    private long cursor;
    private long fileSize;
    private boolean unsynced;
    private String writeError;
    private volatile String syncError;

    AofWriter(EffectLog log) {
        this.log = log;
        this.syncer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("aof-sync").daemon().factory());
    }

    /** Whether an increment is open. */
    boolean isOpen() {
        return channel != null;
    }

    /** The offset up to which the log was written. */
    long cursor() {
        return cursor;
    }

    /** Size of the open increment in bytes. */
    long size() {
        return fileSize;
    }

    /** What is wrong, or null. */
    String error() {
        return writeError != null ? writeError : syncError;
    }

    /** Goes on in this file from the end of the log; the one before is forced to the disk and closed. */
    void open(Path file) throws IOException {
        FileChannel next = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        next.position(next.size());
        close();
        channel = next;
        fileSize = next.size();
        cursor = log.end();
        writeError = null;
    }

    /**
     * Says where in which history the following bytes are, and which database they go to. The SELECT is not part of the
     * history: the annotation behind it sets the offset anew for a reader that counts bytes.
     */
    void mark(Position position) throws IOException {
        write();
        String db = Integer.toString(Math.max(0, position.db()));
        put("*2\r\n$6\r\nSELECT\r\n$" + db.length() + "\r\n" + db + "\r\n" + position.annotation());
    }

    private void put(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            fileSize += channel.write(bytes);
        }
        unsynced = true;
    }

    /** The log jumped to another offset, and a mark says so. */
    void jumpTo(long offset) {
        cursor = offset;
    }

    /** Hands everything new to the kernel. A failed write is tried again with the next call, from where it stopped. */
    void write() {
        if (channel == null) {
            return;
        }
        try {
            while (cursor < log.end()) {
                int length = log.contiguous(cursor);
                ByteBuffer bytes = Memory.segment(log.address(cursor), length).asByteBuffer();
                while (bytes.hasRemaining()) {
                    int done = channel.write(bytes);
                    cursor += done;
                    fileSize += done;
                    unsynced = true;
                }
            }
            writeError = null;
        } catch (IOException e) {
            writeError = e.getMessage();
        }
    }

    /** Forces what was written to the disk before it returns. */
    void syncNow() {
        if (channel == null || !unsynced) {
            return;
        }
        try {
            channel.force(false);
            unsynced = false;
            syncError = null;
        } catch (IOException e) {
            syncError = e.getMessage();
        }
    }

    /** Whether what was written is being forced to the disk elsewhere. */
    boolean isSyncing() {
        return syncing.get();
    }

    /** Has what was written forced to the disk elsewhere. False: not now, the time before is not over yet. */
    boolean syncLater() {
        if (channel == null || !unsynced) {
            return true;
        }
        if (!syncing.compareAndSet(false, true)) {
            return false;
        }
        unsynced = false;
        FileChannel which = channel;
        syncer.execute(() -> {
            try {
                which.force(false);
                syncError = null;
            } catch (ClosedChannelException e) {
                // Its successor is open, and it was forced when it was closed.
            } catch (IOException e) {
                syncError = e.getMessage();
            } finally {
                syncing.set(false);
            }
        });
        return true;
    }

    /** Writes, forces and closes. */
    void close() {
        if (channel == null) {
            return;
        }
        write();
        unsynced = true;
        syncNow();
        try {
            channel.close();
        } catch (IOException e) {
            writeError = e.getMessage();
        }
        channel = null;
    }
}
