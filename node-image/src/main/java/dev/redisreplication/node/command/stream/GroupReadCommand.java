package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.BLOCKING;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.KeySpec;
import dev.redisreplication.node.command.argument.Timeouts;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Streams;

/** XREADGROUP. */
final class GroupReadCommand {
    private static final int BYTES_PER_STREAM = 96; // of a plan, on the heap

    private static final CommandError UNBALANCED = new CommandError(
            "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.");
    private static final CommandError NO_GROUP = new CommandError("ERR Missing GROUP option for XREADGROUP");
    private static final CommandError GROUP_GONE =
            new CommandError("NOGROUP the consumer group this client was blocked on no longer exists");
    private static final CommandError DOLLAR = new CommandError("ERR The $ ID is meaningless in the context of"
            + " XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to"
            + " get new messages. The $ ID would just return an empty result set.");

    private static final long NEVER = -1; // without BLOCK

    private GroupReadCommand() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("xreadgroup", -7, GroupReadCommand::xreadgroup)
                .is(WRITE, BLOCKING).keysBehind("STREAMS", 4, new KeySpec.Range(-1, 1, 2), RO, ACCESS).in(STREAM);
        // spotless:on
    }

    /**
     * The arguments.
     *
     * @param group the argument with the group's name; the consumer's follows
     * @param count how many entries of a stream at most, or -1
     * @param timeout milliseconds to wait at most, 0 for ever, or {@link #NEVER}
     * @param first the argument with the first key
     * @param streams how many keys there are; as many ids follow
     */
    private record Arguments(int group, long count, long timeout, boolean acknowledged, int first, int streams) {
        static Arguments read(Call call) {
            int group = 0;
            long count = -1;
            long timeout = NEVER;
            boolean acknowledged = false;
            int i = 1;
            while (i < call.argc() && !(call.is(i, "STREAMS") && i + 1 < call.argc())) {
                if (call.is(i, "BLOCK") && i + 1 < call.argc()) {
                    call.refuseBlockInScript();
                    timeout = Timeouts.millis(call, i + 1);
                    i += 2;
                } else if (call.is(i, "COUNT") && i + 1 < call.argc()) {
                    long given = call.asLong(i + 1);
                    count = given > 0 ? given : -1;
                    i += 2;
                } else if (call.is(i, "GROUP") && i + 2 < call.argc()) {
                    group = i + 1;
                    i += 3;
                } else if (call.is(i, "NOACK")) {
                    acknowledged = true;
                    i++;
                } else {
                    throw CommandError.SYNTAX;
                }
            }
            int first = i + 1;
            if (first >= call.argc()) {
                throw CommandError.SYNTAX;
            }
            if ((call.argc() - first) % 2 != 0) {
                throw UNBALANCED;
            }
            if (group == 0) {
                throw NO_GROUP;
            }
            return new Arguments(group, count, timeout, acknowledged, first, (call.argc() - first) / 2);
        }
    }

    /**
     * What is read of one stream.
     *
     * @param after the id behind which it begins
     * @param found how many new entries, or -1: what the consumer was given before
     * @param reached the last of them, or null
     * @param answered whether it is part of the reply
     */
    private record Plan(int key, long group, StreamId after, long found, StreamId reached, boolean answered) {
        boolean isHistory() {
            return found < 0;
        }
    }

    static void xreadgroup(Call call) {
        Arguments arguments = Arguments.read(call);
        call.takeHeap((long) BYTES_PER_STREAM * arguments.streams);
        Plan[] plans = new Plan[arguments.streams];
        int ready = 0;
        for (int i = 0; i < plans.length; i++) {
            if (call.looksAt(arguments.first + i)) {
                plans[i] = plan(call, arguments, plans, i);
                ready += plans[i].answered ? 1 : 0;
            }
        }
        for (int i = 0; i < plans.length && !call.isResumed(); i++) {
            int key = arguments.first + i;
            Streams.find(call.db(), call.address(key), call.length(key)); // once more, as Redis counts it
        }
        if (ready > 0) {
            readAll(call, arguments, plans, ready);
        } else if (arguments.timeout == NEVER || !call.mayBlock()) {
            call.reply().nilArray();
        } else {
            int last = arguments.first + arguments.streams - 1;
            call.awaitStreams(arguments.first, last, arguments.group, arguments.timeout);
        }
    }

    private static void readAll(Call call, Arguments arguments, Plan[] plans, int ready) {
        if (call.reply().resp3()) {
            call.reply().map(ready);
        } else {
            call.reply().array(ready);
        }
        for (Plan plan : plans) {
            if (plan != null && plan.answered) {
                read(call, arguments, plan);
            }
        }
    }

    private static Plan plan(Call call, Arguments arguments, Plan[] before, int i) {
        int key = arguments.first + i;
        int id = key + arguments.streams;
        long stream = Streams.find(call.db(), call.address(key), call.length(key));
        long group = stream == 0 ? 0 : Groups.find(stream, call.address(arguments.group), call.length(arguments.group));
        if (group == 0 && call.isResumed()) {
            throw GROUP_GONE;
        }
        if (group == 0) {
            throw new CommandError("NOGROUP No such key '" + call.shown(key) + "' or consumer group '"
                    + call.shown(arguments.group) + "' in XREADGROUP with GROUP option");
        }
        return switch (StreamId.text(call, id)) {
            case "$" -> throw DOLLAR;
            case ">" -> planNew(call, arguments, before, i, stream, group);
            default -> {
                StreamId given = StreamId.strict(call, id, 0);
                yield given.equals(StreamId.MAX)
                        ? planNew(call, arguments, before, i, stream, group) // it means > to Redis, too
                        : new Plan(key, group, given, -1, null, true);
            }
        };
    }

    private static Plan planNew(Call call, Arguments arguments, Plan[] before, int i, long stream, long group) {
        StreamId after = GroupEffects.last(group);
        for (int j = 0; j < i; j++) { // a stream that was named before is read up to there by then
            if (before[j] != null && before[j].group == group && before[j].reached != null) {
                after = before[j].reached;
            }
        }
        StreamIds ids = new StreamIds();
        if (!after.equals(StreamId.MAX)) {
            ids.visit(call.db(), stream, after.next(), StreamId.MAX, false, arguments.count);
        }
        // Who has waited is answered even if what came has been deleted meanwhile, as in Redis.
        boolean came = call.isResumed() && StreamCommands.last(stream).compareTo(after) > 0;
        return new Plan(arguments.first + i, group, after, ids.count(), ids.last(), came || ids.count() > 0);
    }

    private static void read(Call call, Arguments arguments, Plan plan) {
        long stream = Streams.findForWrite(call.db(), call.address(plan.key), call.length(plan.key));
        int name = arguments.group + 1;
        long consumer = Groups.findConsumer(plan.group, call.address(name), call.length(name));
        boolean joined = consumer == 0;
        if (joined) {
            consumer = Groups.createConsumer(call.db(), plan.group, call.address(name), call.length(name), call.now());
            call.event(Event.XGROUP_CREATECONSUMER, plan.key);
        }
        Groups.seen(consumer, call.now());
        if (joined && (plan.found <= 0 || arguments.acknowledged)) {
            GroupEffects.joined(call, plan.key, arguments.group, consumer);
        }
        if (!call.reply().resp3()) {
            call.reply().array(2);
        }
        call.reply().bulk(call.address(plan.key), call.length(plan.key));
        Delivery delivery = new Delivery(call, plan.key, arguments.group, stream, plan.group, consumer);
        if (plan.isHistory()) {
            delivery.again(plan.after, arguments.count);
        } else if (plan.found == 0) {
            call.reply().array(0);
        } else {
            delivery.entries(plan.after.next(), plan.found, !arguments.acknowledged);
            if (GroupEffects.last(plan.group).compareTo(StreamCommands.last(stream)) >= 0) {
                call.tookAll();
            }
        }
    }
}
