package dev.redisreplication.node.rdb;

import dev.redisreplication.node.jvm.Warmup;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/** Reads dumps from files. Any thread that owns the store. */
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
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return load((address, room) -> channel.read(segment(address, room)), store, progress);
        }
    }

    private static ByteBuffer segment(long address, int length) {
        return Memory.segment(address, length).asByteBuffer();
    }

    /**
     * The same from wherever the bytes come. Nothing behind the dump's end is needed, though some of it may be read.
     *
     * @throws RdbException when the dump is broken; the store is then to be closed
     */
    public static Loaded load(RdbSource source, Store store, LoadProgress progress) throws RdbException {
        Warmup warmup = new Warmup();
        RdbSource paced = (address, room) -> {
            warmup.pause();
            return source.read(address, room);
        };
        try (RdbWindow window = new RdbWindow(paced);
                StoreLoader loader = new StoreLoader(store, progress)) {
            long length = new RdbReader(window, loader).read();
            return new Loaded(loader.facts(), loader.leftOut(), loader.keys(), length);
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
