package dev.redisreplication.node.rdb;

import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.jvm.Warmup;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Snapshot;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
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

    /**
     * How a dump is written.
     *
     * @param checksum whether it ends in one
     * @param compress whether long strings are compressed
     * @param sync whether the file is forced to the disk before it counts as finished
     */
    public record Options(boolean checksum, boolean compress, boolean sync) {}

    /** A stretch of the dump, as the event loop has written it, and what in it is to be compressed. */
    private record Stretch(NativeBuffer bytes, LongStrings strings) implements AutoCloseable {
        Stretch() {
            this(new NativeBuffer(BUFFER), new LongStrings());
        }

        void clear() {
            bytes.clear();
            strings.clear();
        }

        @Override
        public void close() {
            bytes.close();
        }
    }

    private static final int BUFFER = 256 * 1024;
    private static final int MOST_QUEUED = 8;
    private static final long STEP_NANOS = 1_000_000;

    private final Loop loop;
    private final Disk disk;
    private final Path path;
    private final Options options;
    private final Listener listener;
    private final DiskFile file;
    private final BlockingQueue<Stretch> queue = new LinkedBlockingQueue<>();
    private final BlockingQueue<Stretch> spare = new LinkedBlockingQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final Stretch end = new Stretch(new NativeBuffer(16), null);
    private Stretch current = new Stretch();
    private final DumpForm form;
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
     * @param form how it is written
     * @throws IOException when the file cannot be made
     */
    public DumpJob(Loop loop, Store store, Disk disk, Path path, DumpForm form, Options options, Listener listener)
            throws IOException {
        this.loop = loop;
        this.disk = disk;
        this.path = path;
        this.options = options;
        this.listener = listener;
        this.file = disk.create(path);
        this.form = form;
        goOnIn(current);
        form.begin(store.libraries(), store.timedHashes() > 0);
        this.snapshot = store.snapshot(form);
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
        form.end();
        handOver();
        queue.add(end);
    }

    private void handOver() {
        int readable = current.bytes.readable();
        if (readable == 0 || (readable < BUFFER / 2 && !emitted)) {
            return;
        }
        queued.incrementAndGet();
        queue.add(current);
        Stretch next = spare.poll();
        goOnIn(next != null ? next : new Stretch());
    }

    private void goOnIn(Stretch next) {
        current = next;
        form.into(next.bytes, options.compress ? next.strings : null);
    }

    /** The writer thread. */
    private void write() {
        try (Packer packer = new Packer()) {
            long crc = 0;
            Warmup warmup = new Warmup();
            for (Stretch stretch = queue.take(); stretch != end; stretch = queue.take()) {
                warmup.pause();
                crc = write(stretch, packer, crc);
                loop.execute(this::progress);
            }
            if (form.hasChecksum()) {
                ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(last.putLong(0, options.checksum ? crc : 0));
            }
            if (options.sync) {
                file.force();
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new IOException("cancelled", e);
        }
        loop.execute(this::settle);
    }

    private long write(Stretch stretch, Packer packer, long crcBefore) throws IOException {
        boolean kept = false;
        try {
            NativeBuffer bytes = packer.pack(stretch.bytes, stretch.strings);
            long crc = options.checksum ? Crc64.update(crcBefore, bytes.address(), bytes.readable()) : 0;
            writeAll(Memory.segment(bytes.address(), bytes.readable()).asByteBuffer());
            kept = stretch.bytes.capacity() <= 4 * BUFFER && spare.isEmpty();
            return crc;
        } finally {
            if (kept) {
                stretch.clear();
                spare.add(stretch);
            } else {
                stretch.close();
            }
            queued.decrementAndGet();
        }
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
        current.close();
        queue.remove(end);
        end.close();
        spare.forEach(Stretch::close);
        queue.forEach(Stretch::close);
    }
}
