package dev.redisreplication.node.rdb;

import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/** Reads dumps from files, by mapping them. Any thread that owns the store. */
public final class DumpFile {
    private DumpFile() {}

    /**
     * What came out of a dump.
     *
     * @param facts its own facts, such as {@code repl-id}
     * @param leftOut what it holds and the node does not keep
     * @param keys keys loaded
     * @param bytes length of the dump; the file may go on
     */
    public record Loaded(Map<String, String> facts, Set<String> leftOut, long keys, long bytes) {}

    /**
     * Fills a store from a dump.
     *
     * @param progress is told how far it has come
     * @throws RdbException when the dump is broken; the store is then to be closed
     */
    public static Loaded load(Path file, Store store, LoadProgress progress) throws IOException {
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                StoreLoader loader = new StoreLoader(store, progress)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long length = new RdbReader(bytes.address(), bytes.byteSize(), loader).read();
            return new Loaded(loader.facts(), loader.leftOut(), loader.keys(), length);
        }
    }

    /**
     * Checks that a dump arrived whole: its header, end mark and checksum.
     *
     * @throws RdbException when it did not
     */
    public static void verify(Path file) throws IOException {
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            RdbReader.verifyTransfer(bytes.address(), bytes.byteSize());
        }
    }

    /** Whether a file begins as a dump does. */
    public static boolean isDump(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(5);
            return channel.read(start, 0) == 5 && new String(start.array(), StandardCharsets.US_ASCII).equals("REDIS");
        }
    }
}
