package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.MAXMEMORY;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_EVICTION_TENACITY;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_SAMPLES;
import static dev.redisreplication.node.config.Directives.REPLICA_IGNORE_MAXMEMORY;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.store.ExpiryMode;
import dev.redisreplication.node.store.Store;

/**
 * {@code maxmemory}: makes room before a command by deleting keys, as {@code maxmemory-policy} says, and knows whether there
 * is any. Who may not delete keys (a replica, a master without a lease, a node that loads or is paused) does not look at the
 * limit either: what it gets it has to keep. On the event loop only.
 */
public final class MemoryLimit {
    private static final int KEYS_BETWEEN_CLOCKS = 16;
    private static final long TENACITY_NANOS = 50_000;
    private static final int TENACITY_WITHOUT_END = 100;

    private final Loop loop;
    private final Dataset data;
    private final Standing standing;
    private final Latency latency;
    private final Execution execution;
    private long limit;
    private int samples;
    private long stepNanos;
    private boolean replicaIgnores;
    private boolean full;
    private boolean goingOn;

    MemoryLimit(
            NodeSettings settings, Loop loop, Dataset data, Standing standing, Latency latency, Execution execution) {
        this.loop = loop;
        this.data = data;
        this.standing = standing;
        this.latency = latency;
        this.execution = execution;
        settings.follow(MAXMEMORY, bytes -> limit = bytes);
        settings.follow(MAXMEMORY_SAMPLES, keys -> samples = keys.intValue());
        settings.follow(MAXMEMORY_EVICTION_TENACITY, tenacity -> stepNanos = stepNanos(tenacity));
        settings.follow(REPLICA_IGNORE_MAXMEMORY, ignores -> replicaIgnores = ignores);
        settings.onChange(MAXMEMORY, bytes -> lookAtOnce());
    }

    /** How long one command may wait for room, as Redis has it: in proportion up to 10, then 15 % more each. */
    static long stepNanos(long tenacity) {
        if (tenacity >= TENACITY_WITHOUT_END) {
            return Long.MAX_VALUE;
        }
        return tenacity <= 10
                ? tenacity * TENACITY_NANOS
                : (long) (10 * TENACITY_NANOS * Math.pow(1.15, tenacity - 10.0));
    }

    private void lookAtOnce() {
        if (!isBeyond()) {
            return;
        }
        Log.warning("WARNING: the new maxmemory value set via CONFIG SET (" + limit
                + ") is smaller than the current memory usage (" + data.store().usedMemory()
                + "). This will result in key eviction and/or the inability to accept new write commands depending on the"
                + " maxmemory-policy.");
        goOn();
    }

    private boolean isBeyond() {
        return limit > 0 && data.store() != null && data.store().usedMemory() > limit;
    }

    /** Makes room if there is too little; to be called before each outermost command. */
    void makeRoom() {
        full = isBeyond() && mayEvict() && !mended();
    }

    private boolean mended() {
        boolean watched = latency.isOn();
        long began = watched ? System.nanoTime() : 0;
        boolean mended = evict(watched);
        if (watched) {
            latency.add("eviction-cycle", System.nanoTime() - began);
        }
        execution.settle();
        return mended;
    }

    /** Whether there was no room when the outermost command began: none that needs any may run. */
    public boolean isFull() {
        return full;
    }

    /** Whether more memory is used than allowed, and that will stay so or is being mended. */
    boolean exceeded() {
        return isBeyond()
                && mayEvict()
                && (full || goingOn || !data.store().policy().evicts());
    }

    private boolean mayEvict() {
        if (standing.isHeldStill()) {
            return false;
        }
        return standing.gate().isReplica() ? !replicaIgnores : data.store().expiryMode() == ExpiryMode.DELETE;
    }

    /** Deletes keys until there is room, or the time of a step is up; false when there is no room and nothing more to delete. */
    private boolean evict(boolean watched) {
        Store store = data.store();
        long began = 0;
        for (int keys = 1; store.usedMemory() > limit; keys++) {
            long before = watched ? System.nanoTime() : 0;
            if (!store.evict(samples)) {
                return false;
            }
            if (watched) {
                latency.add("eviction-del", System.nanoTime() - before);
            }
            if (keys % KEYS_BETWEEN_CLOCKS == 0) {
                long now = System.nanoTime();
                if (began == 0) {
                    began = now;
                } else if (now - began > stepNanos) {
                    goOn();
                    break;
                }
            }
        }
        loop.wantRound(); // the log has something for replicas and file
        return true;
    }

    private void goOn() {
        if (!goingOn) {
            goingOn = true;
            loop.execute(this::step);
        }
    }

    private void step() {
        goingOn = false;
        execution.tick();
        makeRoom();
    }
}
