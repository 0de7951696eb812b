package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.replication.io.Replication;

/**
 * What the node takes memory for, in bytes. It is all that it asked for itself; what the JVM takes for code and threads is
 * in the resident size only, as jemalloc's own is in Redis.
 *
 * @param data keys, values and their tables, exactly
 * @param heap objects on the Java heap, those included that the collector has not removed yet
 * @param backlog the replication backlog
 * @param aofBuffer the log of effects while it is kept for the append-only file alone
 * @param normalClients buffers and queued commands of ordinary clients; an idle one has none. And the table of what they have
 *     read, for those that cache it
 * @param replicas buffers of replicas, and what the log keeps for them beyond the backlog's size
 */
record MemoryFigures(long data, long heap, long backlog, long aofBuffer, long normalClients, long replicas) {
    /** Objects on the heap when this class was first asked for, which is at the start. */
    static final long HEAP_AT_START = heapUsed();

    /** The figures as they are now. On the event loop, once there is a store. */
    static MemoryFigures of(Node node, Replication replication) {
        long normal = node.tracking().usedMemory();
        long toReplicas = 0;
        boolean anyReplica = false;
        for (Client c : node.clients().all()) {
            long bytes = c.nativeMemory();
            if (c.isReplica()) {
                anyReplica = true;
                toReplicas += bytes;
            } else {
                normal += bytes;
            }
        }
        long log = replication.log().memory();
        if (!replication.keepsBacklog()) {
            return new MemoryFigures(node.store().usedMemory(), heapUsed(), 0, log, normal, toReplicas);
        }
        // One log serves all; what is more than the backlog is to be is kept for replicas, as Redis counts it too.
        long backlog = anyReplica ? Math.min(log, node.settings().get(REPL_BACKLOG_SIZE)) : log;
        return new MemoryFigures(node.store().usedMemory(), heapUsed(), backlog, 0, normal, toReplicas + log - backlog);
    }

    /** Objects on the heap. */
    static long heapUsed() {
        Runtime heap = Runtime.getRuntime();
        return heap.totalMemory() - heap.freeMemory();
    }

    /** All of it. */
    long used() {
        return data + overhead();
    }

    /** All but the data. */
    long overhead() {
        return heap + backlog + aofBuffer + normalClients + replicas;
    }

    /** The share of the data in what is used beyond a node that has just started, in percent. */
    double dataPercent() {
        long beyond = data + Math.max(0, overhead() - HEAP_AT_START);
        return beyond == 0 ? 0 : 100.0 * data / beyond;
    }

    /** How often {@code base} is in {@code bytes}; 1 where it is nothing. */
    static double ratio(long bytes, long base) {
        return base == 0 ? 1 : (double) bytes / base;
    }
}
