package dev.redisreplication.node.rdb;

import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Snapshot;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes a dump of a store, as it is when the job begins, to a file: in steps of about a millisecond on the event loop,
 * while a thread of its own computes the checksum and writes. The file can be read while it grows, so that any number of
 * replicas are served from one job.
 */
public final class DumpJob {
    /** What becomes of the job; called on the event loop. */
    public interface Listener {
        /** More bytes can be read. */
        default void progress() {}

        /** The file is complete. */
        void finished();

        /** The file is useless. */
        void failed(String reason);
    }

    private static final int BUFFER = 256 * 1024;
    private static final int MOST_QUEUED = 8;
    private static final long STEP_NANOS = 1_000_000;

    private final Loop loop;
    private final Disk disk;
    private final Path path;
    private final boolean sync;
    private final boolean checksum;
    private final Listener listener;
    private final DiskFile file;
    private final BlockingQueue<NativeBuffer> queue = new LinkedBlockingQueue<>();
    private final BlockingQueue<NativeBuffer> spare = new LinkedBlockingQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final NativeBuffer lastBuffer = new NativeBuffer(16);
    private final RdbWriter writer;
    private final Snapshot snapshot;
    private final Thread thread;

    private volatile long written;
    private volatile IOException failure;
    private int users = 1;
    private boolean emitted;
    private boolean over;
    private boolean complete;

    /**
     * Begins a dump of everything that is in the store now.
     *
     * @param facts what the header says, such as {@code repl-id}
     * @param sync whether the file is forced to the disk before it counts as finished
     * @throws IOException when the file cannot be made
     */
    public DumpJob(
            Loop loop,
            Store store,
            Disk disk,
            Path path,
            Map<String, String> facts,
            boolean checksum,
            boolean sync,
            Listener listener)
            throws IOException {
        this.loop = loop;
        this.disk = disk;
        this.path = path;
        this.sync = sync;
        this.checksum = checksum;
        this.listener = listener;
        this.file = disk.create(path);
        this.writer = new RdbWriter(new NativeBuffer(BUFFER));
        writer.header(facts);
        store.libraries().forEach(writer::library);
        this.snapshot = store.snapshot(new StoreSaver(writer));
        this.thread = Thread.ofPlatform().name("dump").daemon().unstarted(this::write);
        thread.start();
        loop.after(0, this::step);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** Bytes that can be read so far. */
    public long written() {
        return written;
    }

    /** Whether all bytes are there. */
    public boolean isComplete() {
        return complete;
    }

    /** Entries emitted so far. */
    public long keys() {
        return snapshot.emitted();
    }

    /** Another reader of the file; {@link #release} ends it. On the event loop. */
    public void retain() {
        users++;
    }

    /** One reader less; with the last one the file is closed (not deleted). On the event loop. */
    public void release() {
        if (--users == 0) {
            try {
                file.close();
            } catch (IOException e) {
                // Only read from here on; nothing is lost with it.
            }
        }
    }

    /** Reads from a place of the file; see {@link DiskFile#read}. */
    public int read(ByteBuffer into, long position) throws IOException {
        return file.read(into, position);
    }

    private void step() {
        if (over || emitted) {
            return;
        }
        if (failure != null) {
            fail(failure.getMessage());
            return;
        }
        if (queued.get() < MOST_QUEUED) {
            emitted = snapshot.step(STEP_NANOS);
            handOver();
        }
        if (emitted) {
            finishWriting();
        } else {
            loop.after(1, this::step);
        }
    }

    /** Emits and writes everything that is left before it returns; the event loop stands still meanwhile. */
    public void finishNow() {
        while (!over && !emitted) {
            emitted = snapshot.step(1_000 * STEP_NANOS);
            handOver();
            if (emitted) {
                finishWriting();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settle();
    }

    private void finishWriting() {
        writer.end();
        handOver();
        queue.add(lastBuffer);
    }

    private void handOver() {
        NativeBuffer full = writer.buffer();
        if (full.readable() == 0 || (full.readable() < BUFFER / 2 && !emitted)) {
            return;
        }
        queued.incrementAndGet();
        queue.add(full);
        NativeBuffer next = spare.poll();
        writer.into(next != null ? next : new NativeBuffer(BUFFER));
    }

    /** The writer thread. */
    private void write() {
        try {
            long crc = 0;
            while (true) {
                NativeBuffer buffer = queue.take();
                if (buffer == lastBuffer) {
                    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                    writeAll(end.putLong(0, checksum ? crc : 0));
                    if (sync) {
                        file.force();
                    }
                    break;
                }
                if (checksum) {
                    crc = Crc64.update(crc, buffer.address(), buffer.readable());
                }
                writeAll(Memory.segment(buffer.address(), buffer.readable()).asByteBuffer());
                buffer.clear();
                if (buffer.capacity() > 4 * BUFFER || !spare.isEmpty()) {
                    buffer.close();
                } else {
                    spare.add(buffer);
                }
                queued.decrementAndGet();
                loop.execute(this::progress);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new IOException("cancelled", e);
        }
        loop.execute(this::settle);
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            long before = written; // by this thread only
            written = before + file.write(bytes);
        }
    }

    private void progress() {
        if (!over) {
            listener.progress();
        }
    }

    private void settle() {
        if (over) {
            return;
        }
        if (failure != null) {
            fail(failure.getMessage());
            return;
        }
        over = true;
        complete = true;
        closeBuffers();
        listener.finished();
        release();
    }

    private void fail(String reason) {
        if (over) {
            return;
        }
        end();
        listener.failed(reason);
    }

    /** Ends the job early and deletes the file; the listener is not called again. */
    public void cancel() {
        if (!over) {
            end();
        }
    }

    private void end() {
        over = true;
        snapshot.cancel();
        thread.interrupt();
        try {
            thread.join();
            disk.delete(path);
        } catch (IOException e) {
            // A file of a failed job may stay; its name says that it is temporary.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeBuffers();
        release();
    }

    private void closeBuffers() {
        writer.buffer().close();
        lastBuffer.close();
        for (NativeBuffer buffer = spare.poll(); buffer != null; buffer = spare.poll()) {
            buffer.close();
        }
        for (NativeBuffer buffer = queue.poll(); buffer != null; buffer = queue.poll()) {
            if (buffer != lastBuffer) {
                buffer.close();
            }
        }
    }
}
