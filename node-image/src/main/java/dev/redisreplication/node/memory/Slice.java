package dev.redisreplication.node.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;

/**
 * A reusable view of some native bytes: the out-parameter of reads that must not allocate. It either points into a
 * value (valid until the next write to the store) or at its own buffer (valid until the slice is filled again).
 * Make one per place that needs one and keep it. Not thread-safe.
 */
public final class Slice {
    /** Automatic arenas share the JVM's limit of direct memory, which is as small as its heap: they are for little only. */
    private static final int LITTLE = 1 << 16;

    private MemorySegment buffer = Arena.ofAuto().allocate(32);
    private Cleaner.Cleanable large;
    private long address;
    private int length;

    /** Where the bytes are; meaningless while nothing was set. */
    public long address() {
        return address;
    }

    /** How many bytes. */
    public int length() {
        return length;
    }

    /** Points at bytes owned by somebody else. */
    public Slice point(long at, int size) {
        address = at;
        length = size;
        return this;
    }

    /** Copies the bytes into this slice's own buffer, so that they outlive their source. */
    public Slice copyOf(long from, int size) {
        long to = reserve(size);
        Memory.copy(from, to, size);
        return point(to, size);
    }

    /** Copies heap bytes into this slice's own buffer. */
    public Slice copyOf(byte[] from) {
        long to = reserve(from.length);
        Memory.copy(from, 0, to, from.length);
        return point(to, from.length);
    }

    /** Renders the decimal digits of an integer into this slice's own buffer. */
    public Slice decimal(long value) {
        long to = reserve(Decimal.MAX_LENGTH);
        return point(to, Decimal.render(value, to));
    }

    /** Makes the own buffer at least this large (what it held is lost) and returns its address. */
    public long reserve(int size) {
        if (buffer.byteSize() < size) {
            allocate(Math.max(size, 2L * Math.min(buffer.byteSize(), 1 << 20)));
        }
        return buffer.address();
    }

    @SuppressWarnings("MustBeClosedChecker") // the cleaner does, when the slice is gone or needs more
    private void allocate(long size) {
        if (large != null) {
            buffer = MemorySegment.NULL; // in case there is no memory for the next one
            large.clean();
            large = null;
        }
        if (size <= LITTLE) {
            buffer = Arena.ofAuto().allocate(size);
        } else {
            Arena arena = Arena.ofShared();
            buffer = arena.allocate(size);
            large = Large.CLEANER.register(this, arena::close);
        }
    }

    /** Made when it is needed: it has a thread. */
    private static final class Large {
        static final Cleaner CLEANER = Cleaner.create();
    }

    /** The bytes on the heap; for cold paths. */
    public byte[] toBytes() {
        return Memory.bytes(address, length);
    }

    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.ISO_8859_1);
    }
}
