package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.ReadCounter;

/** Fills a stream's consumer groups with what a dump holds, and refuses what no group can be. */
final class GroupLoader {
    private Keyspace db;
    private long group;
    private long consumer;
    private long owned;

    void begin(Keyspace database, long stream, Slice name, long lastMs, long lastSequence, long entriesRead)
            throws RdbException {
        end();
        db = database;
        if (Groups.find(stream, name.address(), name.length()) != 0) {
            throw new RdbException(0, "a stream has two consumer groups of the name '" + name + "'");
        }
        group = Groups.create(db, stream, name.address(), name.length());
        Groups.reached(
                group,
                lastMs,
                lastSequence,
                entriesRead == RdbVisitor.COUNT_FOLLOWS
                        ? ReadCounter.upTo(db, stream, lastMs, lastSequence)
                        : Math.max(Groups.NOT_KNOWN, entriesRead));
    }

    void pending(long ms, long sequence, long deliveredAt, long deliveries) throws RdbException {
        if (!Pending.load(db, group, ms, sequence, deliveredAt, deliveries)) {
            throw new RdbException(0, "an entry is pending twice in a consumer group");
        }
    }

    void consumer(Slice name, long seen, long active) throws RdbException {
        if (Groups.findConsumer(group, name.address(), name.length()) != 0) {
            throw new RdbException(0, "a consumer group has two consumers of the name '" + name + "'");
        }
        consumer = Groups.createConsumer(db, group, name.address(), name.length(), seen);
        Groups.active(consumer, active);
    }

    void pendingWith(long ms, long sequence) throws RdbException {
        long record = Pending.find(db, group, ms, sequence);
        if (record == 0 || Pending.consumer(record) != 0) {
            throw new RdbException(0, "a consumer has an entry that its group has not, or that another has");
        }
        Pending.give(db, group, consumer, ms, sequence, Pending.deliveredAt(record), Pending.deliveries(record));
        owned++;
    }

    /** No more of the group that began last, if any did. */
    void end() throws RdbException {
        if (group != 0 && Pending.count(group) != owned) {
            throw new RdbException(0, "a consumer group has an entry pending that no consumer has");
        }
        group = 0;
        owned = 0;
    }
}
