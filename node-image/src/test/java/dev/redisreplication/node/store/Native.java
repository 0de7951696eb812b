package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Text in native memory for tests: each call takes the next of a few buffers, so that some arguments can live side by side. */
public final class Native {
    private static final int BUFFERS = 8;
    private final MemorySegment[] buffers = new MemorySegment[BUFFERS];
    private int next;

    /** Puts text into a buffer; {@link Slice#address} and {@link Slice#length} are the arguments. */
    public Slice of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int i = next++ % BUFFERS;
        if (buffers[i] == null || buffers[i].byteSize() < bytes.length) {
            buffers[i] = Arena.ofAuto().allocate(Math.max(64, bytes.length));
        }
        Memory.copy(bytes, 0, buffers[i].address(), bytes.length);
        return new Slice().point(buffers[i].address(), bytes.length);
    }

    /** The text at an address. */
    public static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
    }

    /** The key of an entry. */
    public static String key(long entry) {
        return text(Entry.keyAddress(entry), Entry.keyLength(entry));
    }
}
