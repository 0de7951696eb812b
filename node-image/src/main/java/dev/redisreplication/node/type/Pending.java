package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.EntryVisitor;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Roots;

/**
 * What was given to the consumers of a group and is not acknowledged yet: for each id a record of its consumer, of when it was
 * last delivered, and of how often. A group has all of them by id; a consumer has the ids of its own beside that. A record is its
 * address, valid until anything is given or dropped in the group.
 */
public final class Pending {
    private static final int TIME = 16;
    private static final int DELIVERIES = 24;
    private static final int CONSUMER = 32;
    private static final int SIZE = 40;
    private static final int OWN_SIZE = 16;

    private Pending() {}

    private static long all(long group) {
        return group + Roots.GROUP_PENDING;
    }

    private static long own(long consumer) {
        return consumer + Roots.CONSUMER_PENDING;
    }

    /** How many are pending in a group. */
    public static long count(long group) {
        return PendingIds.count(all(group));
    }

    /** How many are pending with a consumer. */
    public static long countOf(long consumer) {
        return PendingIds.count(own(consumer));
    }

    /** The record of an id, or 0. */
    public static long find(Keyspace db, long group, long milliseconds, long sequence) {
        return PendingIds.find(db, all(group), SIZE, milliseconds, sequence);
    }

    /** The record of an id, or of the next larger one that is pending in the group, or 0. */
    public static long ceiling(Keyspace db, long group, long milliseconds, long sequence) {
        return PendingIds.ceiling(db, all(group), SIZE, milliseconds, sequence);
    }

    /** The same among those of one consumer of the group. */
    public static long ceilingOf(Keyspace db, long group, long consumer, long milliseconds, long sequence) {
        long id = PendingIds.ceiling(db, own(consumer), OWN_SIZE, milliseconds, sequence);
        return id == 0 ? 0 : find(db, group, PendingIds.milliseconds(id), PendingIds.sequence(id));
    }

    /** The record of the largest id; the group must have one. */
    public static long last(Keyspace db, long group) {
        return PendingIds.last(db, all(group), SIZE);
    }

    /** Visits all records of a group, by id. It must not give or drop any in this group. */
    public static void forEach(long group, EntryVisitor visitor) {
        PendingIds.forEach(all(group), SIZE, visitor);
    }

    /** What is told an id with each of a consumer's. */
    public static void forEachIdOf(long consumer, Streams.IdVisitor visitor) {
        PendingIds.forEach(
                own(consumer),
                OWN_SIZE,
                record -> visitor.id(PendingIds.milliseconds(record), PendingIds.sequence(record)));
    }

    /** The id of a record: milliseconds. */
    public static long milliseconds(long record) {
        return PendingIds.milliseconds(record);
    }

    /** The id of a record: sequence. */
    public static long sequence(long record) {
        return PendingIds.sequence(record);
    }

    /** When it was last delivered, in milliseconds since 1970. */
    public static long deliveredAt(long record) {
        return Memory.getLong(record + TIME);
    }

    /** How often it was delivered. */
    public static long deliveries(long record) {
        return Memory.getLong(record + DELIVERIES);
    }

    /** The consumer that has it; 0 only while a dump is read. */
    public static long consumer(long record) {
        return Memory.getLong(record + CONSUMER);
    }

    /** Says when it was last delivered, and how often. */
    public static void delivered(long record, long when, long deliveries) {
        Memory.putLong(record + TIME, when);
        Memory.putLong(record + DELIVERIES, deliveries);
    }

    /** Gives an id to a consumer, whether it was pending already, with this one or another, or not. Returns its record. */
    public static long give(
            Keyspace db, long group, long consumer, long milliseconds, long sequence, long when, long deliveries) {
        long record = find(db, group, milliseconds, sequence);
        if (record == 0) {
            record = PendingIds.add(db, all(group), SIZE, milliseconds, sequence);
            Memory.putLong(record + CONSUMER, 0);
        }
        delivered(record, when, deliveries);
        long before = consumer(record);
        if (before == consumer) {
            return record;
        }
        Memory.putLong(record + CONSUMER, consumer);
        if (before != 0) {
            PendingIds.remove(db, own(before), OWN_SIZE, milliseconds, sequence);
        }
        PendingIds.add(db, own(consumer), OWN_SIZE, milliseconds, sequence);
        return record;
    }

    /** Adds the record of an id as a dump has it, without a consumer; {@link #give} must follow. False: it is there already. */
    public static boolean load(Keyspace db, long group, long milliseconds, long sequence, long when, long deliveries) {
        if (find(db, group, milliseconds, sequence) != 0) {
            return false;
        }
        long record = PendingIds.add(db, all(group), SIZE, milliseconds, sequence);
        Memory.putLong(record + CONSUMER, 0);
        delivered(record, when, deliveries);
        return true;
    }

    /** Takes an id off the pending ones (XACK): whether it was there. */
    public static boolean drop(Keyspace db, long group, long milliseconds, long sequence) {
        long record = find(db, group, milliseconds, sequence);
        if (record == 0) {
            return false;
        }
        PendingIds.remove(db, own(consumer(record)), OWN_SIZE, milliseconds, sequence);
        PendingIds.remove(db, all(group), SIZE, milliseconds, sequence);
        return true;
    }

    static void dropAllOf(Keyspace db, long group, long consumer) {
        forEachIdOf(
                consumer, (milliseconds, sequence) -> PendingIds.remove(db, all(group), SIZE, milliseconds, sequence));
    }
}
