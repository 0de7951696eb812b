package dev.redisreplication.node.store;

/** What single keys of a {@link Keyspace}, and its table, take of {@link Keyspace#usedMemory}. */
public final class KeyspaceMemory {
    private static final int SAMPLED_TABLE = 100_000; // keys
    private static final int TABLE_SAMPLES = 256;

    private KeyspaceMemory() {}

    /**
     * Bytes that one entry with its value uses, and its share of the table (MEMORY USAGE).
     *
     * @param samples how many parts of a large value to look at, the others being taken to be like them; 0 for all
     */
    public static long ofEntry(Keyspace keyspace, long entry, int samples) {
        long hash = HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
        long value = new ValueSize(keyspace.core.randomness, samples).of(entry);
        return value + Math.round(HashTable.memoryOfSlot(keyspace.table(), hash));
    }

    /** Bytes of the table of keys without the keys: exact for a small one, estimated from a sample for a large one. */
    public static long ofTable(Keyspace keyspace) {
        long table = keyspace.table();
        if (keyspace.size() < SAMPLED_TABLE) {
            return table == 0 ? 0 : HashTable.memory(table);
        }
        double sum = 0;
        for (int i = 0; i < TABLE_SAMPLES; i++) {
            sum += HashTable.memoryOfSlot(table, keyspace.core.randomness.next());
        }
        return Math.round(sum / TABLE_SAMPLES * keyspace.size());
    }
}
