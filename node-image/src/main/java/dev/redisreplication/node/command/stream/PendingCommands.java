package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.Streams;

/** What consumers were given and did not acknowledge yet: XACK, XPENDING. */
final class PendingCommands {
    private static final int KEY = 1;
    private static final int GROUP = 2;
    private static final int MOST_ARGUMENTS = 9;

    private PendingCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("xack", -4, PendingCommands::xack).is(WRITE, FAST).key(1, RW, UPDATE).in(STREAM);
        t.row("xpending", -3, PendingCommands::xpending).is(READONLY).key(1, RO, ACCESS).in(STREAM);
        // spotless:on
    }

    static void xack(Call call) {
        long stream = Streams.find(call.db(), call.address(KEY), call.length(KEY));
        long group = stream == 0 ? 0 : Groups.find(stream, call.address(GROUP), call.length(GROUP));
        if (group == 0) {
            call.reply().integer(0);
            return;
        }
        for (int i = GROUP + 1; i < call.argc(); i++) {
            StreamId.strict(call, i, 0); // all before the first goes: a wrong one must acknowledge nothing
        }
        Streams.findForWrite(call.db(), call.address(KEY), call.length(KEY)); // a running snapshot gets it as it was
        int acknowledged = 0;
        for (int i = GROUP + 1; i < call.argc(); i++) {
            StreamId id = StreamId.strict(call, i, 0);
            acknowledged += Pending.drop(call.db(), group, id.milliseconds(), id.sequence()) ? 1 : 0;
        }
        call.changed(acknowledged);
        call.reply().integer(acknowledged);
    }

    static void xpending(Call call) {
        boolean summary = call.argc() == GROUP + 1;
        Wanted wanted = summary ? null : Wanted.read(call);
        long group = group(call);
        if (summary) {
            summary(call, group);
        } else {
            list(call, group, wanted);
        }
    }

    /** The group of argument 2 in the stream at argument 1, for reading. @throws CommandError if there is none */
    static long group(Call call) {
        return group(call, Streams.find(call.db(), call.address(KEY), call.length(KEY)));
    }

    /** The group of argument 2 in the stream, which is 0 if there is none. @throws CommandError if there is no such group */
    static long group(Call call, long stream) {
        long group = stream == 0 ? 0 : Groups.find(stream, call.address(GROUP), call.length(GROUP));
        if (group == 0) {
            throw new CommandError(
                    "NOGROUP No such key '" + call.shown(KEY) + "' or consumer group '" + call.shown(GROUP) + "'");
        }
        return group;
    }

    private static void summary(Call call, long group) {
        ReplyWriter reply = call.reply();
        reply.array(4);
        reply.integer(Pending.count(group));
        if (Pending.count(group) == 0) {
            reply.nil();
            reply.nil();
            reply.nilArray();
            return;
        }
        reply.bulk(id(Pending.ceiling(call.db(), group, 0, 0)).toString());
        reply.bulk(id(Pending.last(call.db(), group)).toString());
        int[] busy = {0};
        Groups.forEachConsumer(group, consumer -> busy[0] += Pending.countOf(consumer) > 0 ? 1 : 0);
        reply.array(busy[0]);
        Groups.forEachConsumer(group, consumer -> {
            if (Pending.countOf(consumer) > 0) {
                reply.array(2);
                reply.bulk(Groups.name(consumer), Groups.nameLength(consumer));
                reply.bulk(Pending.countOf(consumer));
            }
        });
    }

    static StreamId id(long record) {
        return new StreamId(Pending.milliseconds(record), Pending.sequence(record));
    }

    /**
     * {@code [IDLE minimum] start end count [consumer]}.
     *
     * @param idle how long ago, in milliseconds, the last delivery must be; 0: any time
     * @param consumerAt the argument with the consumer's name, or 0
     */
    private record Wanted(long idle, StreamId from, StreamId to, long count, int consumerAt) {
        static Wanted read(Call call) {
            if (call.argc() < 6 || call.argc() > MOST_ARGUMENTS) {
                throw CommandError.SYNTAX;
            }
            int at = GROUP + 1;
            long idle = 0;
            if (call.is(at, "IDLE")) {
                idle = call.asLong(at + 1);
                if (call.argc() < 8) {
                    throw CommandError.SYNTAX;
                }
                at += 2;
            }
            long count = Math.max(0, call.asLong(at + 2));
            StreamId from = StreamId.rangeStart(call, at);
            StreamId to = StreamId.rangeEnd(call, at + 1);
            return new Wanted(idle, from, to, count, at + 3 < call.argc() ? at + 3 : 0);
        }
    }

    /** What is told a record of what is listed. */
    @FunctionalInterface
    private interface RecordVisitor {
        void record(long record);
    }

    private static void list(Call call, long group, Wanted wanted) {
        long consumer = 0;
        if (wanted.consumerAt != 0) {
            consumer = Groups.findConsumer(group, call.address(wanted.consumerAt), call.length(wanted.consumerAt));
            if (consumer == 0) {
                call.reply().array(0);
                return;
            }
        }
        call.reply().array((int) visit(call, group, consumer, wanted, record -> {}));
        visit(call, group, consumer, wanted, record -> {
            ReplyWriter reply = call.reply();
            long owner = Pending.consumer(record);
            reply.array(4);
            reply.bulk(id(record).toString());
            reply.bulk(Groups.name(owner), Groups.nameLength(owner));
            reply.integer(Math.max(0, call.now() - Pending.deliveredAt(record)));
            reply.integer(Pending.deliveries(record));
        });
    }

    /** Visits what is wanted; returns how many that is. */
    private static long visit(Call call, long group, long consumer, Wanted wanted, RecordVisitor visitor) {
        long visited = 0;
        StreamId at = wanted.from;
        while (visited < wanted.count) {
            long record = consumer == 0
                    ? Pending.ceiling(call.db(), group, at.milliseconds(), at.sequence())
                    : Pending.ceilingOf(call.db(), group, consumer, at.milliseconds(), at.sequence());
            if (record == 0 || id(record).compareTo(wanted.to) > 0) {
                break;
            }
            if (wanted.idle == 0 || call.now() - Pending.deliveredAt(record) >= wanted.idle) {
                visitor.record(record);
                visited++;
            }
            if (id(record).equals(StreamId.MAX)) {
                break;
            }
            at = id(record).next();
        }
        return visited;
    }
}
