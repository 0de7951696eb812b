package dev.redisreplication.node.command.generic;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Strings;

/**
 * A pattern of SORT: {@code #} is the element itself; otherwise it is a key with the element in the place of its first star,
 * or, behind {@code ->}, a field of the hash there.
 */
final class SortPattern {
    private final NativeBuffer key = new NativeBuffer(256);

    /**
     * Points {@code out} at what the pattern in argument {@code i} stands for.
     *
     * @return false if there is no such key or field, or it is of another type
     */
    boolean find(Call call, int i, long element, int length, Slice out) {
        long pattern = call.address(i);
        int size = call.length(i);
        if (size == 1 && Memory.getByte(pattern) == '#') {
            out.point(element, length);
            return true;
        }
        int star = indexOf(pattern, 0, size, '*');
        if (star < 0) {
            return false;
        }
        int arrow = arrow(pattern, star + 1, size);
        int end = arrow < 0 ? size : arrow;
        key.clear();
        key.put(pattern, star);
        key.put(element, length);
        key.put(pattern + star + 1, end - star - 1);
        Keyspace db = call.db();
        long entry = db.find(key.address(), key.readable());
        if (entry == 0) {
            return false;
        }
        if (arrow >= 0) {
            int field = arrow + 2;
            return Entry.type(entry) == Type.HASH && Hashes.get(db, entry, pattern + field, size - field, out);
        }
        if (Entry.type(entry) != Type.STRING) {
            return false;
        }
        Strings.get(entry, out);
        return true;
    }

    /** Where a {@code ->} begins that has a name of a field behind it, or -1. */
    private static int arrow(long pattern, int from, int size) {
        for (int i = from; i + 1 < size; i++) {
            if (Memory.getByte(pattern + i) == '-' && Memory.getByte(pattern + i + 1) == '>') {
                return i + 2 < size ? i : -1;
            }
        }
        return -1;
    }

    private static int indexOf(long text, int from, int to, char wanted) {
        for (int i = from; i < to; i++) {
            if (Memory.getByte(text + i) == wanted) {
                return i;
            }
        }
        return -1;
    }
}
