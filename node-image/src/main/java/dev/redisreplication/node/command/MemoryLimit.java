package dev.redisreplication.node.command;

/** maxmemory, looked at when a command could make the data grow. */
final class MemoryLimit {
    private final Node node;
    private long limit;

    MemoryLimit(Node node) {
        this.node = node;
    }

    void limit(long bytes) {
        limit = bytes;
    }

    boolean exceeded() {
        return limit > 0 && node.store().usedMemory() > limit;
    }
}
