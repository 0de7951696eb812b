package dev.redisreplication.node.store;

/** Picks a key for RANDOMKEY among some that may be over. */
final class RandomKey {
    private static final int TRIES = 100;

    private RandomKey() {}

    /** See {@link Keyspace#random}. */
    static long pick(Keyspace keyspace) {
        boolean deletes = keyspace.store.expiryMode == ExpiryMode.DELETE;
        for (int i = 0; keyspace.size() > 0 && (i < TRIES || deletes); i++) {
            long entry = HashTable.random(keyspace.table(), keyspace.store.randomness);
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
        long cursor = keyspace.store.randomness.next();
        for (int rounds = 0; rounds < 2 && found[0] == 0; rounds++) {
            do {
                cursor = HashTable.scan(keyspace.table(), cursor, TRIES, visitor);
            } while (cursor != 0 && found[0] == 0);
        }
        return found[0];
    }
}
