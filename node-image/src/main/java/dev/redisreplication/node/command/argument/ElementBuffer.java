package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;

/**
 * What a visitor has found, in native memory: first all is found, then the reply's header can tell how much. It is kept and
 * filled again; a large one gives its memory back when cleared.
 */
public final class ElementBuffer {
    private static final int KEEP = 1 << 16;

    private NativeBuffer values = new NativeBuffer(1024);
    private NativeBuffer bytes = new NativeBuffer(1024);
    private int size;

    /** Adds an address that stays valid, such as that of an entry. */
    public void add(long value) {
        values.ensure(8);
        values.putPacked(value, 8);
        size++;
    }

    /** Adds a copy of bytes; read it back with {@link #address} and {@link #length}. */
    public void add(long address, int length) {
        add((long) bytes.readable() << 32 | length);
        bytes.put(address, length);
    }

    /** How many were added. */
    public int size() {
        return size;
    }

    /** Value {@code i}, as it was added. */
    public long get(int i) {
        return Memory.getLong(values.address() + 8L * i);
    }

    /** Where the bytes of element {@code i} are; valid until the next one is added. */
    public long address(int i) {
        return bytes.address() + (get(i) >>> 32);
    }

    /** How many bytes element {@code i} has. */
    public int length(int i) {
        return (int) get(i);
    }

    /** Writes all elements that were added as bytes, each as a bulk, and forgets them. */
    public void replyTo(ReplyWriter reply) {
        for (int i = 0; i < size; i++) {
            reply.bulk(address(i), length(i));
        }
        clear();
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
        values = emptied(values);
        bytes = emptied(bytes);
    }

    /** The buffer without what it held; a new one in the place of a large one, whose memory is given back. */
    static NativeBuffer emptied(NativeBuffer buffer) {
        if (buffer.capacity() <= KEEP) {
            buffer.clear();
            return buffer;
        }
        buffer.close();
        return new NativeBuffer(1024);
    }
}
