package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.ReadCounter;
import java.util.OptionalLong;

/** What XINFO says of consumer groups. */
final class GroupInfo {
    private final Call call;
    private final ReplyWriter reply;
    private final long stream;

    GroupInfo(Call call, long stream) {
        this.call = call;
        this.reply = call.reply();
        this.stream = stream;
    }

    /** XINFO GROUPS. */
    void groups() {
        reply.array(Groups.count(stream));
        Groups.forEach(stream, group -> {
            reply.map(6);
            name(group);
            reply.bulk("consumers");
            reply.integer(Groups.consumerCount(group));
            reply.bulk("pending");
            reply.integer(Pending.count(group));
            progress(group);
        });
    }

    /** XINFO CONSUMERS. */
    void consumers(long group) {
        reply.array(Groups.consumerCount(group));
        Groups.forEachConsumer(group, consumer -> {
            reply.map(3);
            name(consumer);
            reply.bulk("pending");
            reply.integer(Pending.countOf(consumer));
            reply.bulk("idle");
            reply.integer(Math.max(0, call.now() - Groups.seen(consumer)));
        });
    }

    /**
     * XINFO STREAM FULL.
     *
     * @param most how many pending entries are shown of a group, and of a consumer; -1: all
     */
    void full(long most) {
        reply.array(Groups.count(stream));
        Groups.forEach(stream, group -> {
            reply.map(7);
            name(group);
            progress(group);
            reply.bulk("pel-count");
            reply.integer(Pending.count(group));
            reply.bulk("pending");
            pending(group, most);
            reply.bulk("consumers");
            reply.array(Groups.consumerCount(group));
            Groups.forEachConsumer(group, consumer -> {
                reply.map(4);
                name(consumer);
                reply.bulk("seen-time");
                reply.integer(Groups.seen(consumer));
                reply.bulk("pel-count");
                reply.integer(Pending.countOf(consumer));
                reply.bulk("pending");
                pendingOf(group, consumer, most);
            });
        });
    }

    private void name(long record) {
        reply.bulk("name");
        reply.bulk(Groups.name(record), Groups.nameLength(record));
    }

    private void progress(long group) {
        reply.bulk("last-delivered-id");
        reply.bulk(GroupEffects.last(group).toString());
        reply.bulk("entries-read");
        integerOrNil(
                Groups.entriesRead(group) == Groups.NOT_KNOWN
                        ? OptionalLong.empty()
                        : OptionalLong.of(Groups.entriesRead(group)));
        reply.bulk("lag");
        integerOrNil(ReadCounter.lag(call.db(), stream, group));
    }

    private void integerOrNil(OptionalLong value) {
        if (value.isPresent()) {
            reply.integer(value.getAsLong());
        } else {
            reply.nil();
        }
    }

    private void pending(long group, long most) {
        long shown = most < 0 ? Pending.count(group) : Math.min(most, Pending.count(group));
        reply.array((int) shown);
        StreamId at = StreamId.MIN;
        for (long i = 0; i < shown; i++) {
            long record = Pending.ceiling(call.db(), group, at.milliseconds(), at.sequence());
            long consumer = Pending.consumer(record);
            reply.array(4);
            reply.bulk(PendingCommands.id(record).toString());
            reply.bulk(Groups.name(consumer), Groups.nameLength(consumer));
            reply.integer(Pending.deliveredAt(record));
            reply.integer(Pending.deliveries(record));
            at = PendingCommands.id(record).next();
        }
    }

    private void pendingOf(long group, long consumer, long most) {
        long shown = most < 0 ? Pending.countOf(consumer) : Math.min(most, Pending.countOf(consumer));
        reply.array((int) shown);
        StreamId at = StreamId.MIN;
        for (long i = 0; i < shown; i++) {
            long record = Pending.ceilingOf(call.db(), group, consumer, at.milliseconds(), at.sequence());
            reply.array(3);
            reply.bulk(PendingCommands.id(record).toString());
            reply.integer(Pending.deliveredAt(record));
            reply.integer(Pending.deliveries(record));
            at = PendingCommands.id(record).next();
        }
    }
}
