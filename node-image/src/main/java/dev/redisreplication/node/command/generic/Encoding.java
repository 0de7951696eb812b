package dev.redisreplication.node.command.generic;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.Strings;

/**
 * What Redis 7.0, with its default limits, would call the form of a value. Clients know these names; the forms that this
 * server uses have no names in Redis.
 */
final class Encoding {
    private static final int EMBEDDED = 44;
    private static final int INTSET_ENTRIES = 512;
    private static final int HASH_ENTRIES = 512;
    private static final int ZSET_ENTRIES = 128;
    private static final int LISTPACK_VALUE = 64;

    private boolean small;

    /** The name for the value of {@code entry}. */
    String of(Keyspace db, long entry) {
        return switch (Entry.type(entry)) {
            case STRING -> string(entry);
            case LIST -> "quicklist";
            case SET -> set(db, entry);
            case HASH -> hash(db, entry);
            case ZSET -> sortedSet(db, entry);
            case STREAM -> "stream";
        };
    }

    private static String string(long entry) {
        if (Strings.isLong(entry)) {
            return "int";
        }
        return Strings.length(entry) <= EMBEDDED ? "embstr" : "raw";
    }

    private String set(Keyspace db, long entry) {
        small = Sets.size(entry) <= INTSET_ENTRIES;
        if (small) {
            Sets.forEach(db, entry, (address, length) -> small &= Decimal.isCanonical(address, length));
        }
        return small ? "intset" : "hashtable";
    }

    private String hash(Keyspace db, long entry) {
        small = Hashes.size(entry) <= HASH_ENTRIES;
        if (small) {
            Hashes.forEach(
                    db,
                    entry,
                    (field, fieldLength, value, length) ->
                            small &= fieldLength <= LISTPACK_VALUE && length <= LISTPACK_VALUE);
        }
        return small ? "listpack" : "hashtable";
    }

    private String sortedSet(Keyspace db, long entry) {
        long size = SortedSets.size(entry);
        small = size <= ZSET_ENTRIES;
        if (small) {
            SortedSets.range(db, entry, 0, size, false, (member, length, score) -> small &= length <= LISTPACK_VALUE);
        }
        return small ? "listpack" : "skiplist";
    }
}
