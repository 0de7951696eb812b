package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Directory;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.EntryVisitor;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Named;
import dev.redisreplication.node.store.Roots;
import dev.redisreplication.node.store.StreamGroups;

/**
 * The consumer groups of a stream. A group is its address, and so is a consumer: valid until it or its stream goes. Both are kept
 * in the order of their names. What is pending in a group is in {@link Pending}.
 */
public final class Groups {
    /** Of a group: how many entries it has read is not known. */
    public static final long NOT_KNOWN = -1;

    private Groups() {}

    private static long directory(long stream) {
        return Entry.root(stream) + Roots.STREAM_GROUPS;
    }

    private static long consumers(long group) {
        return group + Roots.GROUP_CONSUMERS;
    }

    /** How many groups a stream has. */
    public static int count(long stream) {
        return Directory.size(Memory.getLong(directory(stream)));
    }

    /** The group of this name, or 0. */
    public static long find(long stream, long name, int length) {
        return Directory.find(Memory.getLong(directory(stream)), name, length);
    }

    /** Makes a group, whose name must not be there yet, of a stream that was found for writing. */
    public static long create(Keyspace db, long stream, long name, int length) {
        long group = Named.create(db.slabs(), Roots.GROUP, name, length);
        add(db, directory(stream), group);
        return group;
    }

    private static void add(Keyspace db, long field, long record) {
        Memory.putLong(field, Directory.add(db.slabs(), Memory.getLong(field), record));
    }

    private static void remove(Keyspace db, long field, long record) {
        Memory.putLong(field, Directory.remove(db.slabs(), Memory.getLong(field), record));
    }

    /** Removes a group with all that it holds. */
    public static void destroy(Keyspace db, long stream, long group) {
        remove(db, directory(stream), group);
        StreamGroups.freeGroup(db.slabs(), group);
    }

    /** Visits the groups of a stream. */
    public static void forEach(long stream, EntryVisitor visitor) {
        forEachIn(Memory.getLong(directory(stream)), visitor);
    }

    private static void forEachIn(long directory, EntryVisitor visitor) {
        for (int i = 0; i < Directory.size(directory); i++) {
            visitor.entry(Directory.get(directory, i));
        }
    }

    /** Where the name of a group or consumer begins. */
    public static long name(long record) {
        return Named.name(record);
    }

    /** How many bytes the name of a group or consumer has. */
    public static int nameLength(long record) {
        return Named.nameLength(record);
    }

    /** The last id that the group was given: milliseconds. */
    public static long lastMilliseconds(long group) {
        return Memory.getLong(group + Roots.GROUP_LAST);
    }

    /** The last id that the group was given: sequence. */
    public static long lastSequence(long group) {
        return Memory.getLong(group + Roots.GROUP_LAST + 8);
    }

    /** How many entries the group has read, or {@link #NOT_KNOWN}. */
    public static long entriesRead(long group) {
        return Memory.getLong(group + Roots.GROUP_READ);
    }

    /** Says how far the group has come. */
    public static void reached(long group, long milliseconds, long sequence, long entriesRead) {
        Memory.putLong(group + Roots.GROUP_LAST, milliseconds);
        Memory.putLong(group + Roots.GROUP_LAST + 8, sequence);
        Memory.putLong(group + Roots.GROUP_READ, entriesRead);
    }

    /** How many consumers a group has. */
    public static int consumerCount(long group) {
        return Directory.size(Memory.getLong(consumers(group)));
    }

    /** The consumer of this name, or 0. */
    public static long findConsumer(long group, long name, int length) {
        return Directory.find(Memory.getLong(consumers(group)), name, length);
    }

    /** Makes a consumer, whose name must not be there yet; it was seen at {@code now} (milliseconds since 1970) and never got anything. */
    public static long createConsumer(Keyspace db, long group, long name, int length, long now) {
        long consumer = Named.create(db.slabs(), Roots.CONSUMER, name, length);
        seen(consumer, now);
        active(consumer, -1);
        add(db, consumers(group), consumer);
        return consumer;
    }

    /** Removes a consumer; what was pending with it is pending no more. */
    public static void deleteConsumer(Keyspace db, long group, long consumer) {
        Pending.dropAllOf(db, group, consumer);
        remove(db, consumers(group), consumer);
        StreamGroups.freeConsumer(db.slabs(), consumer);
    }

    /** Visits the consumers of a group. */
    public static void forEachConsumer(long group, EntryVisitor visitor) {
        forEachIn(Memory.getLong(consumers(group)), visitor);
    }

    /** When a consumer was last heard of, in milliseconds since 1970. */
    public static long seen(long consumer) {
        return Memory.getLong(consumer + Roots.CONSUMER_SEEN);
    }

    public static void seen(long consumer, long when) {
        Memory.putLong(consumer + Roots.CONSUMER_SEEN, when);
    }

    /** When a consumer last got an entry, in milliseconds since 1970, or -1 for never. */
    public static long active(long consumer) {
        return Memory.getLong(consumer + Roots.CONSUMER_ACTIVE);
    }

    public static void active(long consumer, long when) {
        Memory.putLong(consumer + Roots.CONSUMER_ACTIVE, when);
    }

    /** Copies all groups of one stream to another that has none. */
    static void copy(long from, Keyspace db, long to) {
        forEach(from, group -> {
            long copy = create(db, to, name(group), nameLength(group));
            reached(copy, lastMilliseconds(group), lastSequence(group), entriesRead(group));
            forEachConsumer(group, consumer -> {
                long twin = createConsumer(db, copy, name(consumer), nameLength(consumer), seen(consumer));
                active(twin, active(consumer));
            });
            Pending.forEach(group, record -> {
                long consumer = Pending.consumer(record);
                Pending.give(
                        db,
                        copy,
                        findConsumer(copy, name(consumer), nameLength(consumer)),
                        Pending.milliseconds(record),
                        Pending.sequence(record),
                        Pending.deliveredAt(record),
                        Pending.deliveries(record));
            });
        });
    }
}
