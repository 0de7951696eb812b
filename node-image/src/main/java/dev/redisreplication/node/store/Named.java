package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * A record with a name, such as a consumer group of a stream: length of the name and where it begins (4 bytes each), the fields
 * that {@link Roots} lays out, then the name. It stays where it is until it is freed.
 */
public final class Named {
    private static final int LENGTH = 0;
    private static final int NAME_AT = 4;

    private Named() {}

    /** A record whose fields are zero; {@code size} is that of everything before the name. */
    public static long create(Slabs slabs, int size, long name, int length) {
        long record = slabs.allocate((long) size + length);
        Memory.zero(record, size);
        Memory.putInt(record + LENGTH, length);
        Memory.putInt(record + NAME_AT, size);
        Memory.copy(name, record + size, length);
        return record;
    }

    /** Where the name's bytes begin. */
    public static long name(long record) {
        return record + Memory.getInt(record + NAME_AT);
    }

    /** How many bytes the name has. */
    public static int nameLength(long record) {
        return Memory.getInt(record + LENGTH);
    }

    static long size(long record) {
        return (long) Memory.getInt(record + NAME_AT) + nameLength(record);
    }

    /** Frees the record; what its fields point at must be freed before. */
    public static void free(Slabs slabs, long record) {
        slabs.free(record, size(record));
    }
}
