package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;

/**
 * How what happened to a group is told to replicas and to the log: in commands that mean the same at any time, those that Redis
 * takes for it. {@code key} and {@code group} are the arguments of the call with these names.
 */
final class GroupEffects {
    private GroupEffects() {}

    /** An id was given to a consumer: XCLAIM with what its record says. To be called before a record of a deleted entry goes. */
    static void given(Call call, int key, int name, long group, long record) {
        long consumer = Pending.consumer(record);
        call.changed(1);
        argument(argument(call.effect(14).arg("XCLAIM"), call, key), call, name)
                .arg(Groups.name(consumer), Groups.nameLength(consumer))
                .arg(0)
                .arg(new StreamId(Pending.milliseconds(record), Pending.sequence(record)).toString())
                .arg("TIME")
                .arg(Pending.deliveredAt(record))
                .arg("RETRYCOUNT")
                .arg(Pending.deliveries(record))
                .arg("FORCE")
                .arg("JUSTID")
                .arg("LASTID")
                .arg(last(group).toString());
    }

    /** The group has come further: XGROUP SETID. */
    static void reached(Call call, int key, int name, long group) {
        call.changed(1);
        argument(argument(call.effect(7).arg("XGROUP").arg("SETID"), call, key), call, name)
                .arg(last(group).toString())
                .arg("ENTRIESREAD")
                .arg(Groups.entriesRead(group));
    }

    /** A consumer came without being given anything: XGROUP CREATECONSUMER. */
    static void joined(Call call, int key, int name, long consumer) {
        call.changed(1);
        argument(argument(call.effect(5).arg("XGROUP").arg("CREATECONSUMER"), call, key), call, name)
                .arg(Groups.name(consumer), Groups.nameLength(consumer));
    }

    private static EffectWriter argument(EffectWriter effect, Call call, int i) {
        return effect.arg(call.address(i), call.length(i));
    }

    /** The last id that was given to a group. */
    static StreamId last(long group) {
        return new StreamId(Groups.lastMilliseconds(group), Groups.lastSequence(group));
    }
}
