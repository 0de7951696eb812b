package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import java.io.IOException;

/**
 * The part of a dump that is in memory while it is read from a source. What was pointed at stays where it is when the window
 * moves on once, which it does after some hundred kilobytes: there are two buffers in turn. One thread.
 */
final class RdbWindow implements AutoCloseable {
    private static final int SMALLEST = 256 << 10;

    private final RdbSource source;
    private long buffer;
    private long capacity;
    private long before; // the buffer of before the last move
    private long capacityBefore;

    RdbWindow(RdbSource source) {
        this.source = source;
        buffer = Memory.map(SMALLEST);
        capacity = SMALLEST;
    }

    /** Where the window begins. */
    long address() {
        return buffer;
    }

    /**
     * Adds bytes of the source behind {@code end}, as many as come at once.
     *
     * @return how many, -1 when there are no more
     */
    int more(long end) throws IOException {
        return source.read(end, (int) Math.min(buffer + capacity - end, Integer.MAX_VALUE));
    }

    /** Whether so many bytes from an address on have room in the window. */
    boolean hasRoom(long from, long bytes) {
        return buffer + capacity - from >= bytes;
    }

    /** Moves on: the window begins with what lies between the two addresses, and has room for so many bytes. */
    void move(long from, long end, long bytes) {
        long size = Math.max(SMALLEST, (bytes + SMALLEST / 2 + 4095) & -4096);
        long next = before;
        if (capacityBefore != size) {
            unmap(before, capacityBefore);
            before = 0;
            next = Memory.map(size);
        }
        Memory.copy(from, next, end - from);
        before = buffer;
        capacityBefore = capacity;
        buffer = next;
        capacity = size;
    }

    private static void unmap(long address, long length) {
        if (address != 0) {
            Memory.unmap(address, length);
        }
    }

    @Override
    public void close() {
        unmap(buffer, capacity);
        unmap(before, capacityBefore);
        buffer = 0;
        before = 0;
    }
}
