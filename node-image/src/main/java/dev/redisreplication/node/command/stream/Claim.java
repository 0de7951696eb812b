package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.Streams;
import java.util.ArrayList;
import java.util.List;

/**
 * One XCLAIM or XAUTOCLAIM: what it gave to the consumer of argument 3, who is made with the first that he gets, and what it found
 * deleted. The reply comes when all is done, as only then its length is known.
 */
final class Claim {
    private static final int KEY = 1;
    private static final int GROUP = 2;
    private static final int CONSUMER = 3;
    private static final int BYTES_PER_ID = 48; // of an id and its place in a list, on the heap

    private final Call call;
    private final long stream;
    private final long group;
    private final long minIdle;
    private final boolean justId;
    private final List<StreamId> claimed = new ArrayList<>();
    private final List<StreamId> deleted = new ArrayList<>();
    private long consumer;

    /**
     * A claim in the group that the call names, which is there.
     *
     * @param most how many ids it may remember
     */
    Claim(Call call, long minIdle, boolean justId, long most) {
        call.takeHeap(BYTES_PER_ID * most);
        this.call = call;
        this.minIdle = minIdle;
        this.justId = justId;
        stream = streamForWrite(call);
        group = Groups.find(stream, call.address(GROUP), call.length(GROUP));
    }

    /** The stream at argument 1, which is there, to be changed. */
    static long streamForWrite(Call call) {
        return Streams.findForWrite(call.db(), call.address(KEY), call.length(KEY));
    }

    long group() {
        return group;
    }

    /** Whether the stream has the entry still. */
    boolean exists(StreamId id) {
        return Streams.contains(call.db(), stream, id.milliseconds(), id.sequence());
    }

    boolean idleEnough(long record) {
        return minIdle <= 0 || call.now() - Pending.deliveredAt(record) >= minIdle;
    }

    /** Forgets a record whose entry was deleted from the stream. */
    void dropDeleted(long record) {
        StreamId id = PendingCommands.id(record);
        GroupEffects.given(call, KEY, GROUP, group, record);
        Pending.drop(call.db(), group, id.milliseconds(), id.sequence());
        deleted.add(id);
    }

    void give(StreamId id, long when, long deliveries) {
        long to = consumer();
        long record = Pending.give(call.db(), group, to, id.milliseconds(), id.sequence(), when, deliveries);
        Groups.active(to, call.now());
        GroupEffects.given(call, KEY, GROUP, group, record);
        claimed.add(id);
    }

    private long consumer() {
        if (consumer == 0) {
            consumer = Groups.findConsumer(group, call.address(CONSUMER), call.length(CONSUMER));
            if (consumer == 0) {
                consumer = Groups.createConsumer(
                        call.db(), group, call.address(CONSUMER), call.length(CONSUMER), call.now());
                call.event(Event.XGROUP_CREATECONSUMER, KEY);
            }
            Groups.seen(consumer, call.now());
        }
        return consumer;
    }

    /**
     * Gives all that is pending for long enough, by id.
     *
     * @param most how many ids the reply may have
     * @param looks how many records may be looked at
     * @return where the next sweep goes on, 0-0 at the end
     */
    StreamId sweep(StreamId start, long most, long looks) {
        long record = Pending.ceiling(call.db(), group, start.milliseconds(), start.sequence());
        for (long i = 0; i < looks && claimed.size() + deleted.size() < most && record != 0; i++) {
            StreamId id = PendingCommands.id(record);
            if (!exists(id)) {
                dropDeleted(record);
            } else if (idleEnough(record)) {
                give(id, call.now(), Pending.deliveries(record) + (justId ? 0 : 1));
            }
            record = id.equals(StreamId.MAX)
                    ? 0
                    : Pending.ceiling(
                            call.db(),
                            group,
                            id.next().milliseconds(),
                            id.next().sequence());
        }
        return record == 0 ? StreamId.MIN : PendingCommands.id(record);
    }

    void replyClaimed() {
        call.reply().array(claimed.size());
        for (StreamId id : claimed) {
            if (justId) {
                call.reply().bulk(id.toString());
            } else {
                StreamReadCommands.replyEntry(call, stream, id);
            }
        }
    }

    void replyDeleted() {
        call.reply().array(deleted.size());
        deleted.forEach(id -> call.reply().bulk(id.toString()));
    }
}
