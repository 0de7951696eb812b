package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A growing stretch of native memory with a read and a write position: the input and the output of a connection. Not
 * thread-safe. Growing may move the content, so an address got before a put is void after it.
 */
public final class NativeBuffer implements AutoCloseable {
    private static final long MAX = 0x7fff_0000L;

    private static final int PAGE = 4096;

    private Arena arena;
    private long base;
    private long capacity;
    private long start;
    private long end;

    /** A buffer of {@code capacity} bytes to begin with. */
    public NativeBuffer(int capacity) {
        allocate(capacity);
    }

    /** Not by {@link Memory#map}: its first call costs tens of milliseconds, which the start has not got. */
    @SuppressWarnings("MustBeClosedChecker") // close() does
    private void allocate(long size) {
        capacity = (size + PAGE - 1) & -PAGE;
        arena = Arena.ofShared();
        base = arena.allocate(capacity, Long.BYTES).address();
    }

    /** Address of the first unread byte. */
    public long address() {
        return base + start;
    }

    /** Bytes that were written and not yet consumed. */
    public int readable() {
        return (int) (end - start);
    }

    /** Bytes that can be written before the buffer has to grow or move. */
    public int writable() {
        return (int) (capacity - end);
    }

    /** Size of the memory held, in bytes. */
    public long capacity() {
        return capacity;
    }

    /** The byte {@code offset} after {@link #address()}. */
    public byte get(int offset) {
        return Memory.getByte(base + start + offset);
    }

    /** Drops the first {@code n} unread bytes. */
    public void consume(int n) {
        start += n;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    /** Cuts what was written behind the first {@code readable} unread bytes. */
    public void truncate(int readable) {
        end = start + readable;
    }

    /** Empties the buffer; the memory stays. */
    public void clear() {
        start = 0;
        end = 0;
    }

    /** Makes sure that {@code n} bytes can be written behind the last one. */
    public void ensure(int n) {
        if (n > capacity - end) {
            makeRoom(n);
        }
    }

    private void makeRoom(int n) {
        long used = end - start;
        if (used + n <= capacity && used <= capacity / 2) {
            Memory.copy(base + start, base, used);
        } else {
            long want = Math.max(used + n, Math.min(capacity * 2, capacity + (64L << 20)));
            if (want > MAX) {
                throw new OutOfMemoryError("a connection's buffer of " + want + " bytes");
            }
            long old = base;
            Arena oldArena = arena;
            allocate(want);
            Memory.copy(old + start, base, used);
            oldArena.close();
        }
        start = 0;
        end = used;
    }

    /** Appends one byte. */
    public void put(int b) {
        ensure(1);
        Memory.putByte(base + end++, b);
    }

    /** Appends {@code length} bytes of native memory. */
    public void put(long address, int length) {
        ensure(length);
        Memory.copy(address, base + end, length);
        end += length;
    }

    /** Appends {@code bytes}. */
    public void put(byte[] bytes) {
        ensure(bytes.length);
        Memory.copy(bytes, 0, base + end, bytes.length);
        end += bytes.length;
    }

    /** Appends {@code text} as UTF-8. */
    public void put(String text) {
        int n = text.length();
        ensure(n);
        long at = base + end;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                put(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            Memory.putByte(at + i, c);
        }
        end += n;
    }

    /** Appends {@code text}, a byte a character (ISO-8859-1); characters beyond become question marks. */
    public void putLatin(String text) {
        put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Appends {@code value} as decimal digits. */
    public void putDecimal(long value) {
        ensure(20);
        end += Decimal.render(value, base + end);
    }

    /** Appends 8 bytes, lowest first, of which only the first {@code length} count. */
    public void putPacked(long bytes, int length) {
        ensure(8);
        Memory.putLong(base + end, bytes);
        end += length;
    }

    /** The whole memory, from the first byte held to the last that could be; void once the buffer has grown. */
    public ByteBuffer whole() {
        return Memory.segment(base, capacity).asByteBuffer();
    }

    /** Address of the whole memory; another one after the buffer has grown. */
    public long base() {
        return base;
    }

    /** Counts {@code n} bytes that were put into the free space from outside. */
    public void wrote(int n) {
        end += n;
    }

    @Override
    public void close() {
        arena.close();
    }
}
