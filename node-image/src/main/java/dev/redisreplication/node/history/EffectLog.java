package dev.redisreplication.node.history;

import dev.redisreplication.node.memory.Memory;

/**
 * Every effect on the data set, as the bytes that go to replicas and to the append-only file, in chunks of native memory.
 * Offsets are absolute: {@link #end} is what Redis calls {@code master_repl_offset}, and byte {@code n} of the history is
 * the one that takes the offset from {@code n} to {@code n + 1}. Event-loop thread only.
 */
public final class EffectLog implements AutoCloseable {
    /** Bytes of a chunk. */
    public static final int CHUNK = 1 << 16;

    private static final int CHUNK_BITS = 16;

    /** A ring of chunk addresses; the first one holds offset {@code base}. */
    private long[] ring = new long[16];

    private int head;
    private int count;
    /** A freed chunk kept for the next one: in a steady state no memory comes or goes. */
    private long spare;

    private long base;
    private long start;
    private long end;

    /** The offset after the newest byte. */
    public long end() {
        return end;
    }

    /** The oldest offset that can still be read. */
    public long start() {
        return start;
    }

    /** Bytes that can be read. */
    public long size() {
        return end - start;
    }

    /** Native memory taken, in bytes. */
    public long memory() {
        return (count + (spare != 0 ? 1L : 0L)) << CHUNK_BITS;
    }

    /** Appends bytes of native memory. */
    public void append(long address, long length) {
        long from = address;
        long left = length;
        while (left > 0) {
            long room = room();
            long part = Math.min(room, left);
            Memory.copy(from, tail(), part);
            end += part;
            from += part;
            left -= part;
        }
    }

    /** Appends bytes of the heap. */
    public void append(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            int part = (int) Math.min(room(), bytes.length - from);
            Memory.copy(bytes, from, tail(), part);
            end += part;
            from += part;
        }
    }

    /** Room in the last chunk; a new one is added when it is full. */
    private long room() {
        long used = end - base;
        if (used == (long) count << CHUNK_BITS) {
            addChunk();
        }
        return CHUNK - (used & (CHUNK - 1));
    }

    private long tail() {
        return address(end);
    }

    private void addChunk() {
        if (count == ring.length) {
            long[] wider = new long[ring.length * 2];
            for (int i = 0; i < count; i++) {
                wider[i] = ring[(head + i) & (ring.length - 1)];
            }
            ring = wider;
            head = 0;
        }
        ring[(head + count) & (ring.length - 1)] = spare != 0 ? spare : Memory.map(CHUNK);
        spare = 0;
        count++;
    }

    /** Where in memory the byte at an offset between {@link #start} and {@link #end} is. */
    public long address(long offset) {
        long from = offset - base;
        return ring[(head + (int) (from >>> CHUNK_BITS)) & (ring.length - 1)] + (from & (CHUNK - 1));
    }

    /** How many bytes from an offset on lie next to each other: 0 at the end. */
    public int contiguous(long offset) {
        long inChunk = CHUNK - ((offset - base) & (CHUNK - 1));
        return (int) Math.min(inChunk, end - offset);
    }

    /** Forgets what lies before an offset; chunks that hold nothing else are freed. */
    public void trimTo(long offset) {
        start = Math.max(start, Math.min(offset, end));
        while (count > 0 && start - base >= CHUNK) {
            removeFirst();
            base += CHUNK;
        }
    }

    private void removeFirst() {
        if (spare == 0) {
            spare = ring[head];
        } else {
            Memory.unmap(ring[head], CHUNK);
        }
        head = (head + 1) & (ring.length - 1);
        count--;
    }

    /** Forgets everything and goes on at another offset, as after a full resync. */
    public void restartAt(long offset) {
        while (count > 0) {
            removeFirst();
        }
        base = offset;
        start = offset;
        end = offset;
    }

    @Override
    public void close() {
        restartAt(end);
        if (spare != 0) {
            Memory.unmap(spare, CHUNK);
            spare = 0;
        }
    }
}
