package dev.redisreplication.node.store;

/**
 * Random keys of one database, to find those that are to go: neighbours in the table, as what is in one bucket is there by chance.
 * Keys with a time to live may be few: they are looked for segment by segment, and segments without any are passed by with one
 * look, as their bound for the earliest expiry says it.
 */
final class Sampling implements EntryVisitor {
    /** Compares keys. */
    @FunctionalInterface
    interface Judge {
        /** One key to be compared with the others. */
        void sampled(Keyspace keyspace, long segment, long entry);
    }

    private final Keyspace keyspace;
    private long position; // where the next segment with volatile keys is looked for
    private boolean onlyVolatile;
    private Judge judge; // whoever compares them, or null while any will do
    private long segment;
    private int wanted;
    private int skip; // so that no place in a bucket is looked at more often than another one
    private int seen;
    private long any;

    Sampling(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** Hands this many keys to the judge, some of them twice perhaps; where one segment has fewer, all. Whether there are any. */
    boolean some(boolean volatileOnly, int samples, Judge to) {
        long there = volatileOnly ? keyspace.volatileSize() : keyspace.size();
        onlyVolatile = volatileOnly;
        judge = to;
        for (long left = Math.min(samples, there); left > 0; left -= seen) {
            choose();
            walk((int) left, there > samples);
        }
        judge = null;
        return there > 0;
    }

    /** A random key's entry, or 0 when there is none. */
    long any(boolean volatileOnly) {
        if (!volatileOnly) {
            return keyspace.size() == 0 ? 0 : RandomPlace.entry(keyspace.table(), keyspace.core.randomness);
        }
        if (keyspace.volatileSize() == 0) {
            return 0;
        }
        onlyVolatile = true;
        any = 0;
        while (any == 0) {
            choose();
            walk(HashTable.SLOTS, true);
        }
        return any;
    }

    private void choose() {
        if (!onlyVolatile) {
            segment = RandomPlace.segment(keyspace.table(), keyspace.core.randomness);
            return;
        }
        do {
            segment = HashTable.segmentFor(keyspace.table(), position);
            int depth = Segments.depth(segment);
            position = depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
        } while (Segments.earliest(segment) == Long.MAX_VALUE);
    }

    /** From a random bucket of the chosen segment on, until so many keys were seen or it has no more. */
    private void walk(int most, boolean passesBy) {
        wanted = most;
        seen = 0;
        skip = onlyVolatile || !passesBy ? 0 : (int) keyspace.core.randomness.below(HashTable.SLOTS);
        int size = Segments.size(segment);
        int first = (int) keyspace.core.randomness.below(size);
        for (int i = 0; i < size && seen < wanted; i++) {
            int index = first + i < size ? first + i : first + i - size;
            HashTable.visit(Segments.buckets(segment) + (long) index * HashTable.BUCKET, this);
        }
        if (seen == 0 && onlyVolatile) {
            Segments.earliest(segment, Long.MAX_VALUE); // those that had an expiry are gone
        }
    }

    @Override
    public void entry(long entry) {
        if (onlyVolatile && !Entry.hasExpiry(entry)) {
            return;
        }
        if (skip > 0 || seen == wanted) {
            skip--;
            return;
        }
        seen++;
        if (judge != null) {
            judge.sampled(keyspace, segment, entry);
        } else if (keyspace.core.randomness.below(seen) == 0) {
            any = entry;
        }
    }
}
