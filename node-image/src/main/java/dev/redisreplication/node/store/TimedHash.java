package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;

/**
 * A hash whose fields may have times to live of their own. Its root ({@link Roots#TIMED}) says where the fields are: one block of
 * triples (field, value, time; 0 for none), or a table of fields whose entries have the time. A hash becomes one with the
 * first time to live of a field, and stays one. All others know nothing of this and take no byte for it.
 *
 * <p>The root has a bound below which none of the times lies, as the segments of the keyspace and of the table have one: most
 * hashes are passed by with one look. {@link FieldTimes} changes it.
 */
public final class TimedHash {
    /** Elements of a block for one field. */
    public static final int WIDTH = 3;

    private static final int HEAD = Type.HASH.ordinal() | Entry.TREE << 3;
    private static final int HEAD_MASK = 0x3f;

    private TimedHash() {}

    /** Whether an entry is one. */
    public static boolean is(long entry) {
        return (Memory.getByte(entry) & HEAD_MASK) == HEAD;
    }

    static void free(Slabs slabs, long root) {
        long body = Memory.getLong(root + Roots.TIMED_BODY);
        if (Memory.getInt(root + Roots.TIMED_TABLE) != 0) {
            Members.free(slabs, body);
        } else {
            Block.free(slabs, body);
        }
        slabs.free(root, Roots.TIMED);
    }

    /** The block, or the table. */
    public static long body(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.TIMED_BODY);
    }

    public static boolean isTable(long entry) {
        return Memory.getInt(Entry.root(entry) + Roots.TIMED_TABLE) != 0;
    }

    /** The block has moved, or has become a table. */
    public static void body(long entry, long body, boolean table) {
        Memory.putLong(Entry.root(entry) + Roots.TIMED_BODY, body);
        Memory.putInt(Entry.root(entry) + Roots.TIMED_TABLE, table ? 1 : 0);
    }

    /** How many fields, those included whose time is over. */
    public static long size(long entry) {
        return isTable(entry) ? Members.count(body(entry)) : Block.count(body(entry)) / WIDTH;
    }

    /** How many fields have a time to live. */
    public static int times(long entry) {
        return Memory.getInt(Entry.root(entry) + Roots.TIMED_COUNT);
    }

    /** No field has an earlier time than this, in ms since 1970. */
    public static long earliest(long entry) {
        return Memory.getLong(Entry.root(entry) + Roots.TIMED_EARLIEST);
    }

    /** What {@link #earliest} says, once somebody has looked at all fields. */
    public static void earliest(long entry, long millis) {
        Memory.putLong(Entry.root(entry) + Roots.TIMED_EARLIEST, millis);
    }

    /** The time of the field whose triple begins here, or {@link Entry#NO_EXPIRY}. */
    public static long timeAt(long triple) {
        long millis = Packed.number(Packed.next(Packed.next(triple)));
        return millis == 0 ? Entry.NO_EXPIRY : millis;
    }
}
