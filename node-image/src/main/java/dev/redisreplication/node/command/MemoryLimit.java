package dev.redisreplication.node.command;

/** maxmemory, looked at when a command could make the data grow. */
final class MemoryLimit {
    private final Node node;
    private long limit;

    MemoryLimit(Node node) {
        this.node = node;
        this.limit = node.settings().number("maxmemory");
        node.settings().onChange("maxmemory", s -> limit = s.number("maxmemory"));
    }

    boolean exceeded() {
        return limit > 0 && node.store().usedMemory() > limit;
    }
}
