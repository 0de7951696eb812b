package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.memory.Memory;

/** Bytes at the very end of a mapping of their own: what reads on beyond them would not come far. */
final class Native implements AutoCloseable {
    private static final long PAGE = 4096;

    private final long mapped;
    private final long size;
    final long address;
    final int length;

    Native(byte[] bytes) {
        length = bytes.length;
        size = (length + PAGE) / PAGE * PAGE;
        mapped = Memory.map(size);
        address = mapped + size - length;
        Memory.copy(bytes, 0, address, length);
    }

    @Override
    public void close() {
        Memory.unmap(mapped, size);
    }
}
