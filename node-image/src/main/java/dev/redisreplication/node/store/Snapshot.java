package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All entries of a store as they were at one moment, emitted bit by bit on the owner's thread while commands go on
 * between the steps. An entry that is about to change, to expire or to go is emitted just before.
 *
 * <p>Each bucket carries the epoch of the last snapshot that has it. The walk goes in the order of hashes, which no split or join
 * changes, and emits the buckets of an older epoch; a write to such a bucket emits it first. New buckets are born with the present
 * epoch, after all that moves into them was emitted.
 */
public final class Snapshot implements Keyspace.Guard {
    private static final int BUCKETS_BETWEEN_CLOCKS = 8;

    private final Consumer<Boolean> ended;
    private final SnapshotSink sink;
    private final int epoch;
    private final Keyspace[] keyspaces;
    private final long[] sizes;
    private final long[] volatileSizes;
    private final List<Keyspace> detached = new ArrayList<>();
    private int current;
    private long position;
    private long emitted;
    private boolean done;

    /** @param ended is told at its end whether it is complete */
    Snapshot(Consumer<Boolean> ended, Keyspace[] keyspaces, int epoch, SnapshotSink sink) {
        this.ended = ended;
        this.sink = sink;
        this.epoch = epoch;
        this.keyspaces = keyspaces.clone();
        sizes = new long[keyspaces.length];
        volatileSizes = new long[keyspaces.length];
        for (int i = 0; i < keyspaces.length; i++) {
            keyspaces[i].snapshotIndex = i;
            keyspaces[i].guard(this);
            sizes[i] = keyspaces[i].size();
            volatileSizes[i] = keyspaces[i].volatileSize();
        }
    }

    /**
     * Emits entries for about this long (a single entry is never interrupted).
     *
     * @return true when all have been emitted
     */
    public boolean step(long budgetNanos) {
        long deadline = System.nanoTime() + budgetNanos;
        int buckets = 0;
        while (!done) {
            Keyspace keyspace = keyspaces[current];
            if (keyspace.table() != 0) {
                long before = emitted;
                beforeWrite(keyspace, HashTable.bucketOf(keyspace.table(), position));
                position = HashTable.nextPosition(keyspace.table(), position);
                if ((emitted != before || (buckets & 63) == 0)
                        && ++buckets % BUCKETS_BETWEEN_CLOCKS == 0
                        && System.nanoTime() - deadline >= 0) {
                    finishIfPast();
                    return done;
                }
            }
            finishIfPast();
        }
        return true;
    }

    private void finishIfPast() {
        if (position != 0 && keyspaces[current].table() != 0) {
            return;
        }
        position = 0;
        if (++current == keyspaces.length) {
            end(true);
        }
    }

    private void end(boolean complete) {
        done = true;
        detached.forEach(Keyspace::closeElsewhere);
        detached.clear();
        ended.accept(complete);
    }

    @Override
    public void beforeWrite(Keyspace keyspace, long bucket) {
        int mark = Memory.getByte(bucket + 7);
        if ((mark & HashTable.EPOCH_MASK) == epoch) {
            return;
        }
        Memory.putByte(bucket + 7, mark & ~HashTable.EPOCH_MASK | epoch);
        HashTable.visit(bucket, entry -> {
            emitted++;
            sink.entry(keyspace, keyspace.snapshotIndex, entry);
        });
    }

    @Override
    public void beforeRehash(Keyspace keyspace, long segment) {
        for (int i = 0; i < Segments.size(segment); i++) {
            beforeWrite(keyspace, Segments.buckets(segment) + (long) i * HashTable.BUCKET);
        }
    }

    @Override
    public boolean adopt(Keyspace emptied, Keyspace contents) {
        for (int i = current; i < keyspaces.length; i++) {
            if (keyspaces[i] == emptied) {
                keyspaces[i] = contents;
                detached.add(contents);
                return true;
            }
        }
        return false;
    }

    /** Whether all have been emitted, or it was cancelled. */
    public boolean done() {
        return done;
    }

    /** Ends it early; the sink is not called again. */
    public void cancel() {
        if (!done) {
            end(false);
        }
    }

    /** How many entries a database had when the snapshot began. */
    public long size(int db) {
        return sizes[db];
    }

    /** How many of them had a time to live. */
    public long volatileSize(int db) {
        return volatileSizes[db];
    }

    /** How many entries have been emitted so far. */
    public long emitted() {
        return emitted;
    }
}
