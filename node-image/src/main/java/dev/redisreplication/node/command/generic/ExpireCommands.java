package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.KEYSPACE;
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

/** Times to live. A relative time becomes an absolute one before it is logged: replicas may read it later. */
public final class ExpireCommands {
    private static final int ABSENT = -2;
    private static final int WITHOUT_END = -1;

    private static final CommandError NX_AND_OTHERS =
            new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
    private static final CommandError GT_AND_LT =
            new CommandError("ERR GT and LT options at the same time are not compatible");

    private ExpireCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("expire", -3, call -> expire(call, Expiry.Form.EX)).is(WRITE, FAST).key(1, RW, UPDATE).in(KEYSPACE);
        t.row("pexpire", -3, call -> expire(call, Expiry.Form.PX)).is(WRITE, FAST).key(1, RW, UPDATE).in(KEYSPACE);
        t.row("expireat", -3, call -> expire(call, Expiry.Form.EXAT)).is(WRITE, FAST).key(1, RW, UPDATE).in(KEYSPACE);
        t.row("pexpireat", -3, call -> expire(call, Expiry.Form.PXAT)).is(WRITE, FAST).key(1, RW, UPDATE).in(KEYSPACE);
        t.row("persist", 2, ExpireCommands::persist).is(WRITE, FAST).key(1, RW, UPDATE).in(KEYSPACE);
        t.row("ttl", 2, ExpireCommands::ttl).is(READONLY, FAST).key(1, RO, ACCESS).in(KEYSPACE);
        t.row("pttl", 2, ExpireCommands::pttl).is(READONLY, FAST).key(1, RO, ACCESS).in(KEYSPACE);
        t.row("expiretime", 2, ExpireCommands::expiretime).is(READONLY, FAST).key(1, RO, ACCESS).in(KEYSPACE);
        t.row("pexpiretime", 2, ExpireCommands::pexpiretime).is(READONLY, FAST).key(1, RO, ACCESS).in(KEYSPACE);
        // spotless:on
    }

    private static void expire(Call call, Expiry.Form form) {
        ExpireCondition condition = ExpireCondition.parse(call);
        long expiresAt = Expiry.any(call, 2, form);
        long entry = call.db().peek(call.address(1), call.length(1));
        if (entry == 0 || !condition.allows(Entry.expiry(entry), expiresAt)) {
            call.reply().integer(0);
            return;
        }
        call.changed(1);
        if (Expiry.isOver(call, expiresAt)) {
            call.db().remove(call.address(1), call.length(1));
            call.event(Event.DEL, 1);
            call.effect(2).arg("DEL").arg(call.address(1), call.length(1));
        } else {
            call.db().expire(call.address(1), call.length(1), expiresAt);
            call.event(Event.EXPIRE, 1);
            effect(call, expiresAt);
        }
        call.reply().integer(1);
    }

    private static void effect(Call call, long expiresAt) {
        EffectWriter effect = call.effect(call.argc())
                .arg("PEXPIREAT")
                .arg(call.address(1), call.length(1))
                .arg(expiresAt);
        for (int i = 3; i < call.argc(); i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }

    /** {@code [NX | XX] [GT | LT]}: when a new time to live takes the place of the old one. */
    private record ExpireCondition(boolean onlyNew, boolean onlyExisting, boolean onlyLater, boolean onlyEarlier) {

        static ExpireCondition parse(Call call) {
            boolean nx = false;
            boolean xx = false;
            boolean gt = false;
            boolean lt = false;
            for (int i = 3; i < call.argc(); i++) {
                if (call.is(i, "NX")) {
                    nx = true;
                } else if (call.is(i, "XX")) {
                    xx = true;
                } else if (call.is(i, "GT")) {
                    gt = true;
                } else if (call.is(i, "LT")) {
                    lt = true;
                } else {
                    throw new CommandError("ERR Unsupported option " + call.shown(i));
                }
            }
            if (nx && (xx || gt || lt)) {
                throw NX_AND_OTHERS;
            }
            if (gt && lt) {
                throw GT_AND_LT;
            }
            return new ExpireCondition(nx, xx, gt, lt);
        }

        /** A key without a time to live counts as one that lives forever. */
        boolean allows(long now, long wanted) {
            boolean endless = now == Entry.NO_EXPIRY;
            return !(onlyNew && !endless
                    || onlyExisting && endless
                    || onlyLater && (endless || wanted <= now)
                    || onlyEarlier && !endless && wanted >= now);
        }
    }

    static void persist(Call call) {
        long entry = call.db().peek(call.address(1), call.length(1));
        boolean had = entry != 0 && Entry.hasExpiry(entry);
        if (had) {
            call.db().expire(call.address(1), call.length(1), Entry.NO_EXPIRY);
            call.event(Event.PERSIST, 1);
            call.changed(1);
        }
        call.reply().integer(had ? 1 : 0);
    }

    static void ttl(Call call) {
        long left = left(call);
        call.reply().integer(left < 0 ? left : (left + 500) / 1000);
    }

    static void pttl(Call call) {
        call.reply().integer(left(call));
    }

    static void expiretime(Call call) {
        long at = expiry(call);
        call.reply().integer(at < 0 ? at : Long.divideUnsigned(at + 500, 1000)); // the sum may need the sign
    }

    static void pexpiretime(Call call) {
        call.reply().integer(expiry(call));
    }

    private static long left(Call call) {
        long at = expiry(call);
        return at < 0 ? at : Math.max(0, at - call.now());
    }

    /** When the key expires, in ms since 1970, or {@link #WITHOUT_END} or {@link #ABSENT}. */
    private static long expiry(Call call) {
        long entry = glance(call);
        if (entry == 0) {
            return ABSENT;
        }
        return Entry.hasExpiry(entry) ? Entry.expiry(entry) : WITHOUT_END;
    }

    private static long glance(Call call) {
        return call.db().glance(call.address(1), call.length(1));
    }
}
