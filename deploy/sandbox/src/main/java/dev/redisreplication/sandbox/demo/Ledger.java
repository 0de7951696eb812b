package dev.redisreplication.sandbox.demo;

import java.util.BitSet;

/** Which writes have been acknowledged, by whom and when. Thread-safe. Times are of {@link System#nanoTime()}. */
public final class Ledger {
    private final BitSet acknowledged = new BitSet();
    private final BitSet replicated = new BitSet();
    private int next;
    private long firstNewAck;
    private long watchedSince = Long.MAX_VALUE;
    private long lastAck;
    private long longestGap;

    /**
     * What a moment's look at the ledger gives.
     *
     * @param acknowledged writes that the master has said yes to
     * @param replicated those of them that a replica is known to have, too
     */
    public record Snapshot(BitSet acknowledged, BitSet replicated) {}

    /** The number of the next write. */
    synchronized int begin() {
        return next++;
    }

    /**
     * A write has been acknowledged.
     *
     * @param connectedAt when the connection it went over was made
     */
    synchronized void acknowledge(int write, long connectedAt) {
        acknowledged.set(write);
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - lastAck);
        lastAck = now;
        if (firstNewAck == 0 && connectedAt >= watchedSince) {
            firstNewAck = now;
        }
    }

    /** At least one replica has every write of the range that was acknowledged. */
    synchronized void replicate(int from, int to) {
        BitSet range = acknowledged.get(from, to + 1);
        range.stream().forEach(i -> replicated.set(from + i));
    }

    /** From now on, notes the first write acknowledged over a connection made after this call. */
    synchronized Snapshot watch() {
        watchedSince = System.nanoTime();
        firstNewAck = 0;
        lastAck = watchedSince;
        longestGap = 0;
        return snapshot();
    }

    /** When the first write since {@link #watch} was acknowledged, or 0. */
    synchronized long firstNewAck() {
        return firstNewAck;
    }

    /** The longest time since {@link #watch} without an acknowledged write, up to the last one. */
    synchronized long longestGap() {
        return longestGap;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot((BitSet) acknowledged.clone(), (BitSet) replicated.clone());
    }

    synchronized int count() {
        return acknowledged.cardinality();
    }
}
