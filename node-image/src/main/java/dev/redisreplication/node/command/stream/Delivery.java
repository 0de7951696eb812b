package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.ReadCounter;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;

/** Gives entries of a stream to a consumer: replies with them, and notes that they are pending. */
final class Delivery {
    private final Call call;
    private final int key;
    private final int name;
    private final long stream;
    private final long group;
    private final long consumer;

    /**
     * A delivery.
     *
     * @param key the argument with the name of the stream
     * @param name the argument with the name of the group
     */
    Delivery(Call call, int key, int name, long stream, long group, long consumer) {
        this.call = call;
        this.key = key;
        this.name = name;
        this.stream = stream;
        this.group = group;
        this.consumer = consumer;
    }

    /** The {@code count} entries from an id on, of which there are as many, and which the group did not get before. */
    void entries(StreamId from, long count, boolean pending) {
        StreamReadCommands.EntryWriter writer = new StreamReadCommands.EntryWriter(call.reply());
        call.reply().array((int) count);
        Streams.range(
                call.db(), stream, from.milliseconds(), from.sequence(), -1, -1, false, count, new StreamVisitor() {
                    @Override
                    public void entry(long milliseconds, long sequence, int pairs) {
                        ReadCounter.advance(call.db(), stream, group, milliseconds, sequence);
                        if (pending) {
                            give(milliseconds, sequence);
                        }
                        writer.entry(milliseconds, sequence, pairs);
                    }

                    @Override
                    public void field(long field, int fieldLength, long value, int valueLength) {
                        writer.field(field, fieldLength, value, valueLength);
                    }
                });
        GroupEffects.reached(call, key, name, group);
    }

    private void give(long milliseconds, long sequence) {
        long record = Pending.give(call.db(), group, consumer, milliseconds, sequence, call.now(), 1);
        Groups.active(consumer, call.now());
        GroupEffects.given(call, key, name, group, record);
    }

    /** What the consumer was given before and has pending, behind an id; of an entry that was deleted there is the id only. */
    void again(StreamId after, long most) {
        call.reply().array((int) countBehind(after, most));
        long record = behind(after);
        for (long i = 0; i != most && record != 0; i++) {
            StreamId id = PendingCommands.id(record);
            if (StreamReadCommands.replyEntry(call, stream, id)) {
                Pending.delivered(record, call.now(), Pending.deliveries(record) + 1);
            } else {
                call.reply().array(2);
                call.reply().bulk(id.toString());
                call.reply().nilArray();
            }
            record = behind(id);
        }
    }

    private long countBehind(StreamId after, long most) {
        long count = 0;
        for (long record = behind(after); count != most && record != 0; count++) {
            record = behind(PendingCommands.id(record));
        }
        return count;
    }

    /** The consumer's next record behind an id, or 0. */
    private long behind(StreamId id) {
        StreamId next = id.next();
        return id.equals(StreamId.MAX)
                ? 0
                : Pending.ceilingOf(call.db(), group, consumer, next.milliseconds(), next.sequence());
    }
}
