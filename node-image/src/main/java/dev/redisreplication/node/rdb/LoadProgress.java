package dev.redisreplication.node.rdb;

/** How far a dump has been read. Written by the thread that reads it, now and then; read by any. */
public final class LoadProgress {
    private volatile long bytes;
    private volatile long usedMemory;

    /** Bytes read, about. */
    public long bytes() {
        return bytes;
    }

    /** Memory that the data took in the server that wrote the dump, as it says; 0 while or if it does not. */
    public long usedMemory() {
        return usedMemory;
    }

    void bytes(long offset) {
        bytes = offset;
    }

    void usedMemory(long amount) {
        usedMemory = amount;
    }
}
