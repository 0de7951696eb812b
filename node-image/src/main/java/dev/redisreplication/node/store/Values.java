package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/** What an entry owns beside itself: gives it back, and counts it. */
final class Values {
    private Values() {}

    /** Frees an entry with all that it owns. */
    static void free(Slabs slabs, long entry) {
        freeOwned(slabs, entry);
        slabs.free(entry, Entry.size(entry));
    }

    /** Frees what the entry owns, not the entry. */
    static void freeOwned(Slabs slabs, long entry) {
        switch (Entry.encoding(entry)) {
            case Entry.BLOB -> {
                long payload = Entry.payload(entry);
                slabs.free(Memory.getLong(payload), Integer.toUnsignedLong(Memory.getInt(payload + 12)));
            }
            default -> {}
        }
    }

    /** Bytes of an entry and of all that it owns. */
    static long memory(long entry) {
        long owned = 0;
        if (Entry.encoding(entry) == Entry.BLOB) {
            owned = Integer.toUnsignedLong(Memory.getInt(Entry.payload(entry) + 12));
        }
        return Slabs.usable(Entry.size(entry)) + owned;
    }
}
