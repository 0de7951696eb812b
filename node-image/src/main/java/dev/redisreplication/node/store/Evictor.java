package dev.redisreplication.node.store;

import java.util.Arrays;

/**
 * Finds the key that is to go by a store's {@link EvictionPolicy}. Where all keys would have to be compared it looks at a few
 * random ones each time, and keeps the best that it has met in a pool. A key of the pool is judged once more before it goes:
 * one that was used meanwhile stays.
 */
final class Evictor {
    private static final int POOL = 16;
    /** Of a key whose time is over: nothing is lost with it. */
    private static final long FIRST_TO_GO = Long.MAX_VALUE;

    private final Store store;
    // Sorted, the best to go at the end.
    private final Keyspace[] keyspaces = new Keyspace[POOL];
    private final long[] hashes = new long[POOL];
    private final long[] scores = new long[POOL];
    private int count;
    private EvictionPolicy pooledFor;
    private int nextDb;

    Evictor(Store store) {
        this.store = store;
    }

    /** See {@link Store#evict}. */
    boolean evict(int samples) {
        EvictionPolicy policy = store.policy();
        return switch (policy.by) {
            case NOTHING -> false;
            case CHANCE -> any(policy);
            default -> best(policy, samples);
        };
    }

    private boolean any(EvictionPolicy policy) {
        Keyspace[] all = store.keyspaces();
        for (int i = 0; i < all.length; i++) {
            Keyspace keyspace = all[nextDb];
            nextDb = (nextDb + 1) % all.length;
            long entry = keyspace.sampling().any(policy.onlyVolatile);
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
            for (Keyspace keyspace : store.keyspaces()) {
                found |= keyspace.sampling().some(policy.onlyVolatile, samples, this);
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
        return switch (store.policy().by) {
            case IDLE_TIME -> store.access.idle(segment, entry);
            case FREQUENCY -> -store.access.frequency(segment, entry);
            default -> -Entry.expiry(entry);
        };
    }

    /** A key to be compared with the others. */
    void sampled(Keyspace keyspace, long segment, long entry) {
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
