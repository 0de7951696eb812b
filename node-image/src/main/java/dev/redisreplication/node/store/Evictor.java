package dev.redisreplication.node.store;

import java.util.Arrays;

/**
 * Finds the key that is to go by a store's {@link EvictionPolicy}. Where all keys would have to be compared it looks at a few
 * random ones each time, and keeps the best that it has met in a pool. A key of the pool is judged once more before it goes:
 * one that was used meanwhile stays.
 */
final class Evictor implements Sampling.Judge {
    private static final int POOL = 16;
    /** Of a key whose time is over: nothing is lost with it. */
    private static final long FIRST_TO_GO = Long.MAX_VALUE;

    private final Keyspace[] all;
    private final StoreCore core;
    private final Sampling[] samplings;
    // Sorted, the best to go at the end.
    private final Keyspace[] keyspaces = new Keyspace[POOL];
    private final long[] hashes = new long[POOL];
    private final long[] scores = new long[POOL];
    private int count;
    private EvictionPolicy pooledFor;
    private int nextDb;

    /** @param all the databases; which is at which place may change */
    Evictor(Keyspace[] all, StoreCore core) {
        this.all = all;
        this.core = core;
        samplings = new Sampling[all.length];
        for (int i = 0; i < all.length; i++) {
            samplings[i] = new Sampling(all[i]);
        }
    }

    /** The databases at two places were exchanged. */
    void swapped(int a, int b) {
        Sampling first = samplings[a];
        samplings[a] = samplings[b];
        samplings[b] = first;
    }

    /** See {@link Store#evict}. */
    boolean evict(int samples) {
        EvictionPolicy policy = core.policy;
        return switch (policy.by) {
            case NOTHING -> false;
            case CHANCE -> any(policy);
            default -> best(policy, samples);
        };
    }

    private boolean any(EvictionPolicy policy) {
        for (int i = 0; i < all.length; i++) {
            Keyspace keyspace = all[nextDb];
            long entry = samplings[nextDb].any(policy.onlyVolatile);
            nextDb = (nextDb + 1) % all.length;
            if (entry != 0) {
                keyspace.evict(entry, HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
                return true;
            }
        }
        return false;
    }

    private boolean best(EvictionPolicy policy, int samples) {
        if (pooledFor != policy) {
            pooledFor = policy;
            clear();
        }
        while (true) {
            boolean found = false;
            for (Sampling sampling : samplings) {
                found |= sampling.some(policy.onlyVolatile, samples, this);
            }
            if (!found) {
                clear();
                return false;
            }
            while (count > 0) {
                count--;
                Keyspace keyspace = keyspaces[count];
                keyspaces[count] = null;
                if (stillToGo(keyspace, hashes[count], scores[count], policy)) {
                    return true;
                }
            }
        }
    }

    private boolean stillToGo(Keyspace keyspace, long hash, long score, EvictionPolicy policy) {
        long segment = keyspace.table() == 0 ? 0 : HashTable.segmentFor(keyspace.table(), hash);
        long entry = segment == 0 ? 0 : HashTable.byHash(segment, hash);
        if (entry == 0 || policy.onlyVolatile && !Entry.hasExpiry(entry) || score(keyspace, segment, entry) < score) {
            return false;
        }
        keyspace.evict(entry, hash);
        return true;
    }

    private long score(Keyspace keyspace, long segment, long entry) {
        if (keyspace.isOver(entry)) {
            return FIRST_TO_GO;
        }
        return switch (core.policy.by) {
            case IDLE_TIME -> core.access.idle(segment, entry);
            case FREQUENCY -> -core.access.frequency(segment, entry);
            default -> -Entry.expiry(entry);
        };
    }

    @Override
    public void sampled(Keyspace keyspace, long segment, long entry) {
        long score = score(keyspace, segment, entry);
        if (count == POOL && score <= scores[0]) {
            return;
        }
        long hash = HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
        int at = 0;
        while (at < count && scores[at] < score) {
            at++;
        }
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash && keyspaces[i] == keyspace) {
                return;
            }
        }
        if (count == POOL) { // the first one goes
            at--;
            System.arraycopy(scores, 1, scores, 0, at);
            System.arraycopy(hashes, 1, hashes, 0, at);
            System.arraycopy(keyspaces, 1, keyspaces, 0, at);
        } else {
            System.arraycopy(scores, at, scores, at + 1, count - at);
            System.arraycopy(hashes, at, hashes, at + 1, count - at);
            System.arraycopy(keyspaces, at, keyspaces, at + 1, count - at);
            count++;
        }
        scores[at] = score;
        hashes[at] = hash;
        keyspaces[at] = keyspace;
    }

    private void clear() {
        Arrays.fill(keyspaces, null);
        count = 0;
    }
}
