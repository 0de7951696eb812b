package dev.redisreplication.node.store;

/** Picks a key for RANDOMKEY among some that may be over. */
public final class RandomKey {
    private static final int TRIES = 100;

    private RandomKey() {}

    /** A random entry that is not expired, or 0 when there is none. Those met whose time is over are deleted if the mode says so. */
    public static long pick(Keyspace keyspace) {
        boolean deletes = keyspace.core.expiryMode == ExpiryMode.DELETE;
        for (int i = 0; keyspace.size() > 0 && (i < TRIES || deletes); i++) {
            long entry = RandomPlace.entry(keyspace.table(), keyspace.core.randomness);
            if (keyspace.isVisibleOrEnds(entry)) {
                return entry;
            }
        }
        return keyspace.size() == 0 ? 0 : anyVisible(keyspace);
    }

    // Most are over and have to stay: the first one from a random place on that is not, or 0.
    private static long anyVisible(Keyspace keyspace) {
        long[] found = {0};
        EntryVisitor visitor = entry -> {
            if (found[0] == 0 && keyspace.isVisible(entry)) {
                found[0] = entry;
            }
        };
        long cursor = keyspace.core.randomness.next();
        for (int rounds = 0; rounds < 2 && found[0] == 0; rounds++) {
            do {
                cursor = HashTable.scan(keyspace.table(), cursor, TRIES, visitor);
            } while (cursor != 0 && found[0] == 0);
        }
        return found[0];
    }
}
