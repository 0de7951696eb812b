package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;

/** Finding and creating the entry of a collection. */
final class Keys {
    private static final int FIRST_ROOM = 16;

    private Keys() {}

    static long find(Keyspace db, long key, int keyLength, Type type) {
        return check(db.find(key, keyLength), type);
    }

    static long findForWrite(Keyspace db, long key, int keyLength, Type type) {
        return check(db.findForWrite(key, keyLength), type);
    }

    private static long check(long entry, Type type) {
        if (entry != 0 && Entry.type(entry) != type) {
            throw TypeError.WRONG_TYPE;
        }
        return entry;
    }

    /** The collection of a key, or a new one that is one empty block. */
    static long create(Keyspace db, long key, int keyLength, Type type, long expiresAt) {
        long entry = findForWrite(db, key, keyLength, type);
        if (entry == 0) {
            entry = db.put(type, Entry.PACKED, key, keyLength, 8, expiresAt);
            Memory.putLong(Entry.payload(entry), Block.create(db.slabs(), FIRST_ROOM));
        }
        return entry;
    }
}
