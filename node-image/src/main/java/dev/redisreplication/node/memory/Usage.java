package dev.redisreplication.node.memory;

/** How many bytes some {@link Slabs} hold together. One thread at a time. */
public final class Usage {
    private long bytes;

    void add(long more) {
        bytes += more;
    }

    /** Bytes handed out and not freed. */
    public long bytes() {
        return bytes;
    }
}
