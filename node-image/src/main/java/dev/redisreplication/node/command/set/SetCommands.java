package dev.redisreplication.node.command.set;

import static dev.redisreplication.node.command.Category.SET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.Picks;
import dev.redisreplication.node.command.argument.ScanOptions;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Sets;

/** One set: its members. What works on several sets is in {@link SetAlgebraCommands}. */
public final class SetCommands {
    /** SPOP is logged as SREM; more members than this go into the next one. */
    private static final int MEMBERS_AN_EFFECT = 1024;

    private static final int FEW_REMAIN = 5; // times fewer than what is taken

    private final Slice member = new Slice();
    private final ElementBuffer found = new ElementBuffer();

    private SetCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        SetCommands c = new SetCommands();
        // spotless:off: one row a command
        t.row("sadd", -3, c::sadd).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(SET);
        t.row("srem", -3, c::srem).is(WRITE, FAST).key(1, RW, DELETE).in(SET);
        t.row("scard", 2, c::scard).is(READONLY, FAST).key(1, RO).in(SET);
        t.row("sismember", 3, c::sismember).is(READONLY, FAST).key(1, RO).in(SET);
        t.row("smismember", -3, c::smismember).is(READONLY, FAST).key(1, RO, ACCESS).in(SET);
        t.row("smembers", 2, c::smembers).is(READONLY).key(1, RO, ACCESS).in(SET);
        t.row("smove", 4, c::smove).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT).in(SET);
        t.row("spop", -2, c::spop).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(SET);
        t.row("srandmember", -2, c::srandmember).is(READONLY).key(1, RO, ACCESS).in(SET);
        t.row("sscan", -3, c::sscan).is(READONLY).key(1, RO, ACCESS).in(SET);
        // spotless:on
    }

    void sadd(Call call) {
        long set = Sets.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
        int added = 0;
        for (int i = 2; i < call.argc(); i++) {
            added += Sets.add(call.db(), set, call.address(i), call.length(i)) ? 1 : 0;
        }
        if (added > 0) {
            call.event(Event.SADD, 1);
            call.changed(added);
        }
        call.reply().integer(added);
    }

    void srem(Call call) {
        long set = findForWrite(call);
        int removed = 0;
        for (int i = 2; i < call.argc() && set != 0; i++) {
            boolean last = Sets.size(set) == 1;
            if (Sets.remove(call.db(), set, call.address(i), call.length(i))) {
                removed++;
                set = last ? 0 : set;
            }
        }
        if (removed > 0) {
            call.taken(Event.SREM, 1);
            call.changed(removed);
        }
        call.reply().integer(removed);
    }

    void scard(Call call) {
        long set = find(call);
        call.reply().integer(set == 0 ? 0 : Sets.size(set));
    }

    void sismember(Call call) {
        replyContains(call, find(call), 2);
    }

    void smismember(Call call) {
        long set = find(call);
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            replyContains(call, set, i);
        }
    }

    private static void replyContains(Call call, long set, int i) {
        boolean contains = set != 0 && Sets.contains(call.db(), set, call.address(i), call.length(i));
        call.reply().integer(contains ? 1 : 0);
    }

    void smembers(Call call) {
        long set = find(call);
        call.reply().set(set == 0 ? 0 : (int) Sets.size(set));
        if (set != 0) {
            Sets.forEach(call.db(), set, call.reply()::bulk);
        }
    }

    void smove(Call call) {
        long from = findForWrite(call);
        if (from == 0) {
            call.reply().integer(0);
            return;
        }
        long to = Sets.findForWrite(call.db(), call.address(2), call.length(2));
        boolean contains = Sets.contains(call.db(), from, call.address(3), call.length(3));
        if (from != to && contains) {
            from = findForWrite(call);
            Sets.remove(call.db(), from, call.address(3), call.length(3));
            call.taken(Event.SREM, 1);
            to = Sets.create(call.db(), call.address(2), call.length(2), Entry.NO_EXPIRY);
            if (Sets.add(call.db(), to, call.address(3), call.length(3))) {
                call.event(Event.SADD, 2);
            }
            call.changed(1);
        }
        call.reply().integer(contains ? 1 : 0);
    }

    void spop(Call call) {
        if (call.argc() > 3) {
            throw CommandError.SYNTAX;
        }
        if (call.argc() == 3) {
            popSome(call, Numbers.count(call, 2));
            return;
        }
        long set = findForWrite(call);
        if (set == 0) {
            call.reply().nil();
            return;
        }
        Sets.popRandom(call.db(), set, member);
        call.taken(Event.SPOP, 1);
        call.changed(1);
        effectRemove(call, 1).arg(member.address(), member.length());
        call.reply().bulk(member.address(), member.length());
    }

    private void popSome(Call call, long count) {
        long set = findForWrite(call);
        if (set == 0 || count == 0) {
            call.reply().set(0);
            return;
        }
        long size = Sets.size(set);
        if (count >= size) {
            find(call); // a read, as Redis counts it
            call.reply().set((int) size);
            Sets.forEach(call.db(), set, call.reply()::bulk);
            call.db().remove(call.address(1), call.length(1));
            call.taken(Event.SPOP, 1);
            call.changed((int) size);
            call.effect(2).arg("DEL").arg(call.address(1), call.length(1));
            return;
        }
        call.reply().set((int) count);
        EffectWriter effect = null;
        for (long i = 0; i < count; i++) {
            if (i % MEMBERS_AN_EFFECT == 0) {
                effect = effectRemove(call, (int) Math.min(count - i, MEMBERS_AN_EFFECT));
            }
            Sets.popRandom(call.db(), set, member);
            effect.arg(member.address(), member.length());
            call.reply().bulk(member.address(), member.length());
        }
        if ((size - count) * FEW_REMAIN <= count) {
            Sets.renew(call.db(), set); // Redis makes a new set of what remains
        }
        call.event(Event.SPOP, 1);
        call.changed((int) count);
    }

    private static EffectWriter effectRemove(Call call, int members) {
        return call.effect(2 + members).arg("SREM").arg(call.address(1), call.length(1));
    }

    void srandmember(Call call) {
        if (call.argc() > 3) {
            throw CommandError.SYNTAX;
        }
        long count = call.argc() == 3 ? Numbers.between(call, 2, -Long.MAX_VALUE, Long.MAX_VALUE) : 1;
        long set = find(call);
        if (call.argc() == 2) {
            if (set == 0) {
                call.reply().nil();
            } else {
                Sets.random(call.db(), set, member);
                call.reply().bulk(member.address(), member.length());
            }
        } else if (set == 0) {
            call.reply().array(0);
        } else if (count < 0) {
            replyRepeated(call, set, -count);
        } else {
            replyDistinct(call, set, Math.min(count, Sets.size(set)));
        }
    }

    private void replyRepeated(Call call, long set, long count) {
        call.reply().array(Numbers.replySize(count));
        for (long i = 0; i < count; i++) {
            Sets.random(call.db(), set, member);
            call.reply().bulk(member.address(), member.length());
        }
    }

    private void replyDistinct(Call call, long set, long count) {
        Picks picks = Picks.distinct(count, Sets.size(set));
        call.reply().array((int) count);
        Sets.forEach(call.db(), set, (address, length) -> {
            if (picks.takesNext()) {
                call.reply().bulk(address, length);
            }
        });
    }

    void sscan(Call call) {
        long cursor = ScanOptions.cursor(call, 2);
        long set = find(call);
        call.reply().array(2);
        if (set == 0) {
            call.reply().bulk("0");
            call.reply().array(0);
            return;
        }
        ScanOptions options = ScanOptions.parse(call, 3, false);
        found.clear();
        long next = Sets.scan(call.db(), set, cursor, options.count(), (address, length) -> {
            if (options.takes(address, length)) {
                found.add(address, length);
            }
        });
        call.reply().bulk(Long.toUnsignedString(next));
        call.reply().array(found.size());
        found.replyTo(call.reply());
    }

    private static long find(Call call) {
        return Sets.find(call.db(), call.address(1), call.length(1));
    }

    private static long findForWrite(Call call) {
        return Sets.findForWrite(call.db(), call.address(1), call.length(1));
    }
}
