package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.BLOCKING;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.Timeouts;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.SortedSets;

/** The lowest and highest members taken from the first sorted set of several that has any, or waited for. */
public final class PopCommands {
    private static final CommandError COUNT_NOT_POSITIVE = new CommandError("ERR count should be greater than 0");

    private final Slice member = new Slice();

    private PopCommands() {}

    static void register(CommandTable.Builder t) {
        PopCommands c = new PopCommands();
        // spotless:off: one row a command
        t.row("zmpop", -4, c::zmpop).is(WRITE).numberedKeys(1, RW, ACCESS, DELETE).in(SORTEDSET);
        t.row("bzmpop", -5, c::bzmpop).is(WRITE, BLOCKING).numberedKeys(2, RW, ACCESS, DELETE).in(SORTEDSET);
        t.row("bzpopmin", -3, call -> c.popOne(call, false))
                .is(WRITE, NOSCRIPT, BLOCKING, FAST).keys(1, -2, 1, RW, ACCESS, DELETE).in(SORTEDSET);
        t.row("bzpopmax", -3, call -> c.popOne(call, true))
                .is(WRITE, NOSCRIPT, BLOCKING, FAST).keys(1, -2, 1, RW, ACCESS, DELETE).in(SORTEDSET);
        // spotless:on
    }

    private void popOne(Call call, boolean highest) {
        int last = call.argc() - 2;
        long timeout = Timeouts.seconds(call, last + 1);
        for (int key = 1; key <= last; key++) {
            long zset = call.looksAt(key) ? find(call, key) : 0;
            if (zset != 0) {
                call.reply().array(3);
                call.reply().bulk(call.address(key), call.length(key));
                pop(call, zset, highest);
                call.taken(event(highest), key);
                call.changed(1);
                call.effect(2).arg(command(highest)).arg(call.address(key), call.length(key));
                return;
            }
        }
        await(call, 1, last, timeout);
    }

    /**
     * What ZMPOP is to take.
     *
     * @param first the argument with the first key
     * @param last the argument with the last one
     */
    private record Pops(int first, int last, boolean highest, long count) {
        /** The arguments from the number of keys on. */
        static Pops read(Call call, int from) {
            int keys = Numbers.keys(call, from, CommandError.SYNTAX);
            int where = from + 1 + keys;
            if (where >= call.argc()) {
                throw CommandError.SYNTAX;
            }
            boolean highest = call.is(where, "MAX");
            if (!highest && !call.is(where, "MIN")) {
                throw CommandError.SYNTAX;
            }
            long count = 0;
            for (int i = where + 1; i < call.argc(); i += 2) {
                if (count > 0 || i + 1 == call.argc() || !call.is(i, "COUNT")) {
                    throw CommandError.SYNTAX;
                }
                count = Numbers.atLeast(call, i + 1, 1, COUNT_NOT_POSITIVE);
            }
            return new Pops(from + 1, where - 1, highest, Math.max(count, 1));
        }
    }

    void zmpop(Call call) {
        if (!popSome(call, Pops.read(call, 1))) {
            call.reply().nilArray();
        }
    }

    void bzmpop(Call call) {
        Pops pops = Pops.read(call, 2);
        long timeout = Timeouts.seconds(call, 1);
        if (!popSome(call, pops)) {
            await(call, pops.first, pops.last, timeout);
        }
    }

    private boolean popSome(Call call, Pops pops) {
        for (int key = pops.first; key <= pops.last; key++) {
            long zset = call.looksAt(key) ? find(call, key) : 0;
            if (zset != 0) {
                long taken = Math.min(pops.count, SortedSets.size(zset));
                call.reply().array(2);
                call.reply().bulk(call.address(key), call.length(key));
                call.reply().array((int) taken);
                for (long i = 0; i < taken; i++) {
                    call.reply().array(2);
                    pop(call, zset, pops.highest);
                }
                call.taken(event(pops.highest), key);
                call.changed((int) taken);
                call.effect(3)
                        .arg(command(pops.highest))
                        .arg(call.address(key), call.length(key))
                        .arg(taken);
                return true;
            }
        }
        return false;
    }

    private void pop(Call call, long zset, boolean highest) {
        double score = SortedSets.pop(call.db(), zset, highest, member);
        call.reply().bulk(member.address(), member.length());
        call.reply().doubleValue(score);
    }

    private static Event event(boolean highest) {
        return highest ? Event.ZPOPMAX : Event.ZPOPMIN;
    }

    private static String command(boolean highest) {
        return highest ? "ZPOPMAX" : "ZPOPMIN";
    }

    private static void await(Call call, int first, int last, long timeout) {
        if (call.mayBlock()) {
            call.awaitKeys(first, last, Type.ZSET, timeout);
        } else {
            call.reply().nilArray();
        }
    }

    private static long find(Call call, int key) {
        return SortedSets.findForWrite(call.db(), call.address(key), call.length(key));
    }
}
