package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.RandomKey;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.type.Sets;

/**
 * Which clients may have cached which key. It lies outside of the heap, in the structures that data lie in: a set of the
 * clients' numbers for each key. A number stays there when its client has gone, until the key changes.
 */
final class InvalidationTable implements AutoCloseable {
    private final Store store = new Store(1);
    private final Keyspace keys = store.db(0);
    private final NativeBuffer number = new NativeBuffer(32);
    private long items;

    /** The client has read the key. */
    void add(long key, int length, long client) {
        number.clear();
        number.putDecimal(client);
        long set = Sets.create(keys, key, length, Entry.NO_EXPIRY);
        if (Sets.add(keys, set, number.address(), number.readable())) {
            items++;
        }
    }

    /** Forgets the key; returns the numbers of the clients that have read it. */
    long[] take(long key, int length) {
        long set = keys.peek(key, length);
        if (set == 0) {
            return new long[0];
        }
        long[] clients = new long[(int) Sets.size(set)];
        int[] count = {0};
        Sets.forEach(keys, set, (address, digits) -> clients[count[0]++] = Decimal.parse(address, digits));
        keys.remove(key, length);
        items -= clients.length;
        return clients;
    }

    /** Copies the name of a random key to {@code out}; there must be one. */
    void pick(NativeBuffer out) {
        long entry = RandomKey.pick(keys);
        out.clear();
        out.put(Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    /** Forgets all keys. */
    void clear() {
        store.flush();
        items = 0;
    }

    /** How many keys it has. */
    long size() {
        return keys.size();
    }

    /** How many pairs of a key and a client. */
    long items() {
        return items;
    }

    /** Bytes that it uses. */
    long usedMemory() {
        return store.usedMemory();
    }

    @Override
    public void close() {
        store.close();
        number.close();
    }
}
