package dev.redisreplication.node.command;

/** maxmemory, looked at when a command could make the data grow. */
final class MemoryLimit {
    private final Node node;
    private long limit;
    private boolean replicasIgnoreIt;

    MemoryLimit(Node node) {
        this.node = node;
        this.limit = node.settings().number("maxmemory");
        this.replicasIgnoreIt = node.settings().yes("replica-ignore-maxmemory");
        node.settings().onChange("maxmemory", s -> limit = s.number("maxmemory"));
        node.settings().onChange("replica-ignore-maxmemory", s -> replicasIgnoreIt = s.yes("replica-ignore-maxmemory"));
    }

    boolean exceeded() {
        return limit > 0 && node.store().usedMemory() > limit && counts();
    }

    /** Redis looks at it only where it could evict: not while loading or paused, and not on a replica that follows its master. */
    private boolean counts() {
        return !node.loading()
                && !node.writesPaused()
                && !(replicasIgnoreIt && node.gate().isReplica());
    }
}
