package dev.redisreplication.node.resp;

import java.util.Arrays;

/**
 * One request: slices of native memory, valid until its connection reads on. Argument 0 is the command's name.
 */
public final class Request {
    private long base;
    private int frameLength;
    private boolean canonical;
    private int argc;
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    void reset() {
        this.canonical = true;
        this.argc = 0;
    }

    void notCanonical() {
        canonical = false;
    }

    void add(int offset, int length) {
        if (argc == offsets.length) {
            offsets = Arrays.copyOf(offsets, argc * 2);
            lengths = Arrays.copyOf(lengths, argc * 2);
        }
        offsets[argc] = offset;
        lengths[argc++] = length;
    }

    void complete(long base, int frameLength) {
        this.base = base;
        this.frameLength = frameLength;
    }

    /** Gives the room of a very long request back. */
    void trim() {
        if (offsets.length > 1024) {
            offsets = new int[16];
            lengths = new int[16];
        }
    }

    /** The arguments from {@code first} on; not to be logged. */
    public Request tail(int first) {
        Request tail = new Request();
        tail.reset();
        tail.notCanonical();
        for (int i = first; i < argc; i++) {
            tail.add(offsets[i], lengths[i]);
        }
        tail.complete(base, frameLength);
        return tail;
    }

    /** Number of arguments, the command's name included. */
    public int argc() {
        return argc;
    }

    /** Address of argument {@code i}. */
    public long address(int i) {
        return base + offsets[i];
    }

    /** Length of argument {@code i} in bytes. */
    public int length(int i) {
        return lengths[i];
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
