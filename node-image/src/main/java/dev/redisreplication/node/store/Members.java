package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Slabs;

/**
 * The table of a large set, hash or sorted set: entries in the keyspace's own kind of table. Those of a {@link TimedHash} may have a
 * time to live.
 */
public final class Members {
    private Members() {}

    /** An empty table. */
    public static long create(Slabs slabs) {
        return HashTable.create(slabs, 0, 0);
    }

    public static long count(long table) {
        return HashTable.count(table);
    }

    /** The entry of a member, or 0. */
    public static long find(long table, long member, int length) {
        return HashTable.find(table, member, length, HashTable.hash(member, length));
    }

    /**
     * Makes a member's entry, replacing the one that is there; the caller writes the payload. Whether it is new shows in
     * {@link #count}. The member's bytes must not lie in the entry that is replaced.
     */
    public static long put(Slabs slabs, long table, Type type, int encoding, long member, int length, long payload) {
        return put(slabs, table, type, encoding, member, length, payload, Entry.NO_EXPIRY);
    }

    /** The same with a time to live in ms since 1970, or {@link Entry#NO_EXPIRY}. */
    public static long put(
            Slabs slabs, long table, Type type, int encoding, long member, int length, long payload, long expiresAt) {
        long hash = HashTable.hash(member, length);
        long slot = HashTable.findSlot(table, member, length, hash);
        long size = Entry.size(length, expiresAt != Entry.NO_EXPIRY, payload);
        if (slot == 0) {
            long entry = slabs.allocate(size);
            Entry.write(entry, type, encoding, expiresAt, member, length);
            HashTable.insert(slabs, table, entry, hash, null);
            note(table, hash, expiresAt);
            return entry;
        }
        long entry = HashTable.entryAt(slot);
        long oldSize = Slabs.usable(Entry.size(entry));
        if (Slabs.usable(size) != oldSize) {
            slabs.free(entry, oldSize);
            entry = slabs.allocate(size);
            HashTable.replace(slot, entry);
        }
        Entry.write(entry, type, encoding, expiresAt, member, length);
        note(table, hash, expiresAt);
        return entry;
    }

    /** An entry of this hash has this time to live, if it is one. */
    static void note(long table, long hash, long expiresAt) {
        if (expiresAt != Entry.NO_EXPIRY) {
            long segment = HashTable.segmentFor(table, hash);
            Segments.earliest(segment, Math.min(expiresAt, Segments.earliest(segment)));
        }
    }

    /** Removes a member and frees its entry; whether it was there. */
    public static boolean remove(Slabs slabs, long table, long member, int length) {
        long hash = HashTable.hash(member, length);
        long slot = HashTable.findSlot(table, member, length, hash);
        if (slot == 0) {
            return false;
        }
        long entry = HashTable.entryAt(slot);
        HashTable.remove(slabs, table, slot, hash, null);
        slabs.free(entry, Entry.size(entry));
        return true;
    }

    /** Removes a member by its entry, and frees that. */
    public static void removeEntry(Slabs slabs, long table, long entry) {
        long hash = HashTable.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
        HashTable.remove(slabs, table, HashTable.slotOf(table, entry, hash), hash, null);
        slabs.free(entry, Entry.size(entry));
    }

    /** A random member's entry; the table must not be empty. */
    public static long random(long table, Randomness randomness) {
        return RandomPlace.entry(table, randomness);
    }

    /** Visits all members. */
    public static void forEach(long table, EntryVisitor visitor) {
        HashTable.scan(table, 0, Integer.MAX_VALUE, visitor);
    }

    /** One step of a scan, see {@link Keyspace#scan}. */
    public static long scan(long table, long cursor, int count, EntryVisitor visitor) {
        return HashTable.scan(table, cursor, count, visitor);
    }

    /** Frees the table with all its entries. */
    public static void free(Slabs slabs, long table) {
        forEach(table, entry -> slabs.free(entry, Entry.size(entry)));
        HashTable.free(slabs, table);
    }
}
