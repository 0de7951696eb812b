package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.store.Varint;

/** The table of a large hash: an entry is a field, and its payload the value, as that of a string. */
final class FieldTable {
    private FieldTable() {}

    /**
     * Sets a field.
     *
     * @param expiresAt ms since 1970, or {@link Entry#NO_EXPIRY}
     */
    static void put(Keyspace db, long table, long field, int fieldLength, long value, int valueLength, long expiresAt) {
        if (Decimal.isCanonical(value, valueLength)) {
            long number = Decimal.parse(value, valueLength);
            long entry = Members.put(db.slabs(), table, Type.STRING, Entry.INTEGER, field, fieldLength, 8, expiresAt);
            Memory.putLong(Entry.payload(entry), number);
            return;
        }
        long payload = (long) Varint.size(valueLength) + valueLength;
        long entry = Members.put(db.slabs(), table, Type.STRING, Entry.RAW, field, fieldLength, payload, expiresAt);
        Memory.copy(value, Varint.put(Entry.payload(entry), valueLength), valueLength);
    }
}
