package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.Memory;

/**
 * One request: slices of native memory, valid until its connection reads on. Argument 0 is the command's name.
 *
 * <p>One object serves every connection of a loop, as a request is executed before another one is looked for. Where the
 * first arguments stand is kept on the heap; where the rest of a long request stands, outside of it: a client decides how
 * many there are, and the heap is small.
 */
public final class Request implements AutoCloseable {
    private static final int ON_HEAP = 64;
    private static final int KEPT = 1 << 20; // bytes of memory that a long request may leave to the next one

    private final int[] offsets;
    private final int[] lengths;
    private NativeBuffer more; // null until a request is long: offset and length of each argument from ON_HEAP on
    private long moreAt;
    private int room = ON_HEAP;
    private int first; // of a tail
    private long base;
    private int frameLength;
    private boolean canonical;
    private int argc;

    /** A request without arguments. */
    public Request() {
        this.offsets = new int[ON_HEAP];
        this.lengths = new int[ON_HEAP];
    }

    private Request(Request whole, int first) {
        this.offsets = whole.offsets;
        this.lengths = whole.lengths;
        this.moreAt = whole.moreAt;
        this.first = whole.first + first;
        this.argc = Math.max(whole.argc - first, 0);
        this.base = whole.base;
        this.frameLength = whole.frameLength;
    }

    void reset() {
        this.argc = 0;
    }

    void add(int offset, int length) {
        if (argc == room) {
            grow();
        }
        if (argc < ON_HEAP) {
            offsets[argc] = offset;
            lengths[argc] = length;
        } else {
            long at = at(argc);
            Memory.putInt(at, offset);
            Memory.putInt(at + 4, length);
        }
        argc++;
    }

    private long at(int i) {
        return moreAt + 8L * (i - ON_HEAP);
    }

    private void grow() {
        int used = 8 * (argc - ON_HEAP);
        if (more == null) {
            more = new NativeBuffer(4096);
        } else {
            more.clear();
            more.wrote(used);
            more.ensure(Math.max(used, 4096));
        }
        moreAt = more.base();
        room = ON_HEAP + (int) (more.capacity() / 8);
    }

    void complete(long base, int frameLength, boolean canonical) {
        this.base = base;
        this.frameLength = frameLength;
        this.canonical = canonical;
    }

    /** Gives back what a very long request took; its arguments are not to be asked for any more. */
    public void trim() {
        if (more != null && more.capacity() > KEPT) {
            close();
        }
    }

    @Override
    public void close() {
        if (more != null) {
            more.close();
            more = null;
            moreAt = 0;
            room = ON_HEAP;
            argc = 0;
        }
    }

    /** The arguments from {@code first} on, valid as long as this one; not to be logged, and not to be closed. */
    public Request tail(int first) {
        return new Request(this, first);
    }

    /** Number of arguments, the command's name included. */
    public int argc() {
        return argc;
    }

    /** Address of argument {@code i}. */
    public long address(int i) {
        int n = first + i;
        return base + (n < ON_HEAP ? offsets[n] : Memory.getInt(at(n)));
    }

    /** Length of argument {@code i} in bytes. */
    public int length(int i) {
        int n = first + i;
        return n < ON_HEAP ? lengths[n] : Memory.getInt(at(n) + 4);
    }

    /** Whether the request as it came is what Redis itself would write: an array of bulks, and no line of words. */
    public boolean canonical() {
        return canonical;
    }

    /** Address of the first byte of the request as it came. */
    public long frameAddress() {
        return base;
    }

    /** Length of the request as it came. */
    public int frameLength() {
        return frameLength;
    }
}
