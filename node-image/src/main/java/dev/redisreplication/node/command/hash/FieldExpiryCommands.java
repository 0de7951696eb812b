package dev.redisreplication.node.command.hash;

import static dev.redisreplication.node.command.Category.HASH;
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
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Expiry;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Hashes;
import java.util.BitSet;

/** Times to live of fields: to set, to read and to take them. In the log each is an absolute one, and a field that goes a HDEL. */
public final class FieldExpiryCommands {
    private static final int ABSENT = -2;
    private static final int WITHOUT_END = -1;
    private static final int UNMET = 0;
    private static final int SET = 1;
    private static final int DELETED = 2;

    private static final CommandError NO_COUNT = new CommandError("ERR Parameter `numFields` should be greater than 0");

    /** When a new time takes the place of the old one. */
    private enum Condition {
        NX,
        XX,
        GT,
        LT;

        static Condition at(Call call, int i) {
            for (Condition condition : values()) {
                if (call.is(i, condition.name())) {
                    return condition;
                }
            }
            return null;
        }

        /** A field without a time counts as one that lives forever. */
        boolean allows(long now, long wanted) {
            boolean endless = now == Entry.NO_EXPIRY;
            return switch (this) {
                case NX -> endless;
                case XX -> !endless;
                case GT -> !endless && wanted > now;
                case LT -> endless || wanted < now;
            };
        }
    }

    private FieldExpiryCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("hexpire", -6, call -> expire(call, Expiry.Form.EX)).is(WRITE, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hpexpire", -6, call -> expire(call, Expiry.Form.PX)).is(WRITE, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hexpireat", -6, call -> expire(call, Expiry.Form.EXAT)).is(WRITE, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hpexpireat", -6, call -> expire(call, Expiry.Form.PXAT)).is(WRITE, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hpersist", -5, FieldExpiryCommands::persist).is(WRITE, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("httl", -5, call -> times(call, call.now(), true)).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        t.row("hpttl", -5, call -> times(call, call.now(), false)).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        t.row("hexpiretime", -5, call -> times(call, 0, true)).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        t.row("hpexpiretime", -5, call -> times(call, 0, false)).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        // spotless:on
    }

    private static void expire(Call call, Expiry.Form form) {
        long hash = Hashes.findForWrite(call.db(), call.address(1), call.length(1));
        long expiresAt = FieldTime.parse(call, 2, form);
        Condition condition = Condition.at(call, 3);
        FieldList fields = FieldList.parse(call, condition == null ? 3 : 4, NO_COUNT);
        if (hash == 0) {
            fields.replyAll(call.reply(), ABSENT);
            return;
        }
        Hashes.makeTimed(call.db(), hash); // as in Redis, where its encoding shows that, if no field is there
        boolean over = Expiry.isOver(call, expiresAt);
        BitSet done = new BitSet();
        call.reply().array(fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            long now = hash == 0 ? Hashes.ABSENT : Hashes.expiry(hash, call.address(i), call.length(i));
            if (now == Hashes.ABSENT) {
                call.reply().integer(ABSENT);
            } else if (condition != null && !condition.allows(now, expiresAt)) {
                call.reply().integer(UNMET);
            } else {
                done.set(i);
                hash = put(call, hash, i, expiresAt, over);
                call.reply().integer(over ? DELETED : SET);
            }
        }
        if (!done.isEmpty()) {
            call.changed(done.cardinality());
            tell(call, over);
            log(call, done, over, expiresAt, condition);
        }
    }

    /** Gives the field in argument {@code i} its time, or deletes it as that is over. Returns the hash, or 0 if it is gone. */
    static long put(Call call, long hash, int i, long expiresAt, boolean over) {
        if (!over) {
            Hashes.expire(call.db(), hash, call.address(i), call.length(i), expiresAt);
            return hash;
        }
        boolean last = Hashes.size(hash) == 1;
        Hashes.remove(call.db(), hash, call.address(i), call.length(i));
        call.node().stats().expiredFields++;
        return last ? 0 : hash;
    }

    static void tell(Call call, boolean over) {
        if (over) {
            call.taken(Event.HDEL, 1);
        } else {
            call.event(Event.HEXPIRE, 1);
        }
    }

    private static void log(Call call, BitSet done, boolean over, long expiresAt, Condition condition) {
        int count = done.cardinality();
        EffectWriter effect;
        if (over) {
            effect = call.effect(2 + count).arg("HDEL").arg(call.address(1), call.length(1));
        } else {
            effect = call.effect(5 + count + (condition == null ? 0 : 1))
                    .arg("HPEXPIREAT")
                    .arg(call.address(1), call.length(1))
                    .arg(expiresAt);
            if (condition != null) {
                effect.arg(condition.name());
            }
            effect.arg("FIELDS").arg(count);
        }
        done.stream().forEach(i -> effect.arg(call.address(i), call.length(i)));
    }

    private static void persist(Call call) {
        long hash = Hashes.findForWrite(call.db(), call.address(1), call.length(1));
        FieldList fields = FieldList.parse(call, 2, FieldList.NO_COUNT);
        if (hash == 0) {
            fields.replyAll(call.reply(), ABSENT);
            return;
        }
        int changed = 0;
        call.reply().array(fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            long now = seen(call, hash, i);
            if (now >= 0) {
                Hashes.expire(call.db(), hash, call.address(i), call.length(i), Entry.NO_EXPIRY);
                changed++;
            }
            call.reply().integer(now >= 0 ? SET : now);
        }
        if (changed > 0) {
            call.event(Event.HPERSIST, 1);
            call.changed(1);
        }
    }

    /** HTTL and its relatives: times as they are, or what is left of them from {@code from} on, in ms or (rounded up) in s. */
    private static void times(Call call, long from, boolean seconds) {
        long hash = Hashes.find(call.db(), call.address(1), call.length(1));
        FieldList fields = FieldList.parse(call, 2, FieldList.NO_COUNT);
        if (hash == 0) {
            fields.replyAll(call.reply(), ABSENT);
            return;
        }
        call.reply().array(fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            long at = seen(call, hash, i);
            call.reply().integer(at < 0 ? at : seconds ? (at - from + 999) / 1000 : at - from);
        }
    }

    /** The time of the field in argument {@code i}, {@link #WITHOUT_END}, or {@link #ABSENT}, which one is that is over. */
    private static long seen(Call call, long hash, int i) {
        long at = Hashes.expiry(hash, call.address(i), call.length(i));
        if (at == Hashes.ABSENT || !call.db().showsField(at)) {
            return ABSENT;
        }
        return at == Entry.NO_EXPIRY ? WITHOUT_END : at;
    }
}
