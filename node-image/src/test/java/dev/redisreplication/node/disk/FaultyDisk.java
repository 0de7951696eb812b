package dev.redisreplication.node.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The real disk, of which one operation fails, or all from one on; and which knows what would be left after a crash of the
 * machine: of a file what was forced, of a folder the names when it was last synced.
 */
public final class FaultyDisk implements Disk {
    /** How operations fail. */
    public enum Fault {
        /** One fails before it has done anything. */
        ONCE,
        /** A write writes half, and the next operation fails; a sync is done, and fails; others do nothing. */
        HALFWAY,
        /** All fail from one on. */
        FROM_THEN_ON
    }

    private final Disk disk = new RealDisk();

    private static final class Content {
        private byte[] forced;

        private Content(byte[] forced) {
            this.forced = forced;
        }
    }

    private final Path root;
    private final Map<Path, Content> names = new HashMap<>();
    private final Map<Path, Content> lasting = new HashMap<>();
    private Fault fault;
    private long untilFault = Long.MAX_VALUE;
    private boolean reached;
    private boolean dead;
    private CountDownLatch gate = new CountDownLatch(0);
    private long forces;

    /** A disk for the files below {@code root}; what is there now outlives a crash. */
    public FaultyDisk(Path root) throws IOException {
        this.root = root.toAbsolutePath();
        try (Stream<Path> all = Files.walk(this.root)) {
            all.filter(Files::isRegularFile).forEach(file -> names.put(file, new Content(read(file))));
        }
        lasting.putAll(names);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@code k}-th operation from here on, counted from 1, fails. */
    public synchronized void failAt(long k, Fault how) {
        fault = how;
        untilFault = k;
        reached = false;
    }

    /** Nothing fails any more. */
    public synchronized void mend() {
        untilFault = Long.MAX_VALUE;
    }

    /** Files are forced to the disk only once {@link #letForce} was called. */
    public synchronized void holdForces() {
        gate = new CountDownLatch(1);
    }

    /** Lets those who force files go on, now and later. */
    public synchronized void letForce() {
        gate.countDown();
    }

    /** How often a file was to be forced. */
    public synchronized long forces() {
        return forces;
    }

    /** Whether an operation has failed since {@link #failAt}. */
    public synchronized boolean hasFailed() {
        return reached;
    }

    /** The process ends: nothing is changed any more. */
    public synchronized void die() {
        dead = true;
    }

    /** Writes into a folder what is left after a crash of the machine. */
    public synchronized void afterCrash(Path to) throws IOException {
        for (Map.Entry<Path, Content> e : lasting.entrySet()) {
            Path target = to.resolve(root.relativize(e.getKey()));
            Files.createDirectories(target.getParent());
            Files.write(target, e.getValue().forced);
        }
    }

    private boolean fails() throws IOException {
        if (dead) {
            throw new IOException("the process has ended");
        }
        if (untilFault == Long.MAX_VALUE || --untilFault > 0) {
            return false;
        }
        if (fault != Fault.FROM_THEN_ON) {
            untilFault = Long.MAX_VALUE;
        }
        reached = true;
        return true;
    }

    private void mayFail() throws IOException {
        if (fails()) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        mayFail();
        Path path = file.toAbsolutePath();
        DiskFile made = disk.create(path);
        names.computeIfAbsent(path, x -> new Content(new byte[0]));
        return new FaultyFile(path, names.get(path), made);
    }

    @Override
    public synchronized DiskFile append(Path file) throws IOException {
        mayFail();
        Path path = file.toAbsolutePath();
        return new FaultyFile(path, names.get(path), disk.append(path));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        mayFail();
        disk.rename(from, to);
        names.put(to.toAbsolutePath(), names.remove(from.toAbsolutePath()));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        mayFail();
        disk.delete(file);
        names.remove(file.toAbsolutePath());
    }

    @Override
    public synchronized void makeFolder(Path folder) throws IOException {
        mayFail();
        disk.makeFolder(folder);
    }

    @Override
    public synchronized void sync(Path folder) throws IOException {
        boolean fails = fails();
        if (!fails || fault == Fault.HALFWAY) {
            Path path = folder.toAbsolutePath();
            lasting.keySet().removeIf(file -> file.getParent().equals(path));
            names.forEach((file, content) -> {
                if (file.getParent().equals(path)) {
                    lasting.put(file, content);
                }
            });
        }
        if (fails) {
            throw new IOException("Input/output error");
        }
    }

    private final class FaultyFile implements DiskFile {
        private final Path opened;
        private final Content content;
        private final DiskFile real;

        private FaultyFile(Path opened, Content content, DiskFile real) {
            this.opened = opened;
            this.content = content;
            this.real = real;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            synchronized (FaultyDisk.this) {
                if (fails()) {
                    if (fault == Fault.HALFWAY && bytes.remaining() > 1) {
                        int half = bytes.remaining() / 2;
                        real.write(bytes.slice(bytes.position(), half));
                        bytes.position(bytes.position() + half);
                        untilFault = 1; // as a file system does: first less than all, then an error
                        return half;
                    }
                    throw new IOException("No space left on device");
                }
                return real.write(bytes);
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return real.read(into, position);
        }

        @Override
        public void force() throws IOException {
            awaitGate();
            synchronized (FaultyDisk.this) {
                if (fails()) {
                    throw new IOException("Input/output error");
                }
                real.force();
                content.forced = bytes();
            }
        }

        private void awaitGate() throws IOException {
            CountDownLatch now;
            synchronized (FaultyDisk.this) {
                forces++;
                now = gate;
            }
            try {
                now.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private byte[] bytes() throws IOException {
            ByteBuffer all = ByteBuffer.allocate((int) real.size());
            while (all.hasRemaining() && real.read(all, all.position()) >= 0) {
                // until it is whole
            }
            return all.array();
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (FaultyDisk.this) {
                mayFail();
                real.truncate(length);
            }
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }

        @Override
        public String toString() {
            return opened.toString();
        }
    }
}
