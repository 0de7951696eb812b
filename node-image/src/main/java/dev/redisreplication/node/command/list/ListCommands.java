package dev.redisreplication.node.command.list;

import static dev.redisreplication.node.command.Category.LIST;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.type.Lists;
import java.util.function.LongConsumer;

/** Lists by position: read, overwrite, insert, cut. What moves elements is in {@link ListMoveCommands}. */
public final class ListCommands {
    private static final CommandError RANK_ZERO = new CommandError("ERR RANK can't be zero: use 1 to start from the"
            + " first match, 2 from the second ... or use negative to start from the end of the list");
    private static final CommandError COUNT_NEGATIVE = new CommandError("ERR COUNT can't be negative");
    private static final CommandError MAXLEN_NEGATIVE = new CommandError("ERR MAXLEN can't be negative");

    private final Slice element = new Slice();

    private ListCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        ListCommands c = new ListCommands();
        // spotless:off: one row a command
        t.row("llen", 2, c::llen).is(READONLY, FAST).key(1, RO).in(LIST);
        t.row("lrange", 4, c::lrange).is(READONLY).key(1, RO, ACCESS).in(LIST);
        t.row("lindex", 3, c::lindex).is(READONLY).key(1, RO, ACCESS).in(LIST);
        t.row("lset", 4, c::lset).is(WRITE, DENYOOM).key(1, RW, UPDATE).in(LIST);
        t.row("linsert", 5, c::linsert).is(WRITE, DENYOOM).key(1, RW, INSERT).in(LIST);
        t.row("lrem", 4, c::lrem).is(WRITE).key(1, RW, DELETE).in(LIST);
        t.row("ltrim", 4, c::ltrim).is(WRITE).key(1, RW, DELETE).in(LIST);
        t.row("lpos", -3, c::lpos).is(READONLY).key(1, RO, ACCESS).in(LIST);
        // spotless:on
    }

    void llen(Call call) {
        long list = find(call);
        call.reply().integer(list == 0 ? 0 : Lists.length(list));
    }

    void lrange(Call call) {
        long start = call.asLong(2);
        long stop = call.asLong(3);
        long list = find(call);
        if (list == 0) {
            call.reply().array(0);
            return;
        }
        call.reply().array((int) Lists.rangeLength(list, start, stop));
        Lists.range(call.db(), list, start, stop, call.reply()::bulk);
    }

    void lindex(Call call) {
        long list = find(call);
        if (list != 0 && Lists.get(call.db(), list, call.asLong(2), element)) {
            call.reply().bulk(element.address(), element.length());
        } else {
            call.reply().nil();
        }
    }

    void lset(Call call) {
        long list = findForWrite(call);
        if (list == 0) {
            throw CommandError.NO_SUCH_KEY;
        }
        if (!Lists.set(call.db(), list, call.asLong(2), call.address(3), call.length(3))) {
            throw CommandError.INDEX_OUT_OF_RANGE;
        }
        call.event(Event.LSET, 1);
        call.changed(1);
        call.reply().ok();
    }

    void linsert(Call call) {
        boolean before = call.is(2, "BEFORE");
        if (!before && !call.is(2, "AFTER")) {
            throw CommandError.SYNTAX;
        }
        long list = findForWrite(call);
        if (list == 0) {
            call.reply().integer(0);
            return;
        }
        long length =
                Lists.insert(call.db(), list, before, call.address(3), call.length(3), call.address(4), call.length(4));
        if (length >= 0) {
            call.event(Event.LINSERT, 1);
            call.changed(1);
        }
        call.reply().integer(length);
    }

    void lrem(Call call) {
        long count = Math.max(call.asLong(2), -Long.MAX_VALUE);
        long list = findForWrite(call);
        long removed = list == 0 ? 0 : Lists.remove(call.db(), list, count, call.address(3), call.length(3));
        if (removed > 0) {
            call.taken(Event.LREM, 1);
            call.changed((int) removed);
        }
        call.reply().integer(removed);
    }

    void ltrim(Call call) {
        long start = call.asLong(2);
        long stop = call.asLong(3);
        long list = findForWrite(call);
        if (list != 0) {
            long before = Lists.length(list);
            long after = Lists.trim(call.db(), list, start, stop);
            call.taken(Event.LTRIM, 1); // whether or not there was anything to trim
            call.changed((int) (before - after));
        }
        call.reply().ok();
    }

    void lpos(Call call) {
        long rank = 1;
        long count = -1;
        long maxLength = 0;
        for (int i = 3; i < call.argc(); i += 2) {
            if (i + 1 == call.argc()) {
                throw CommandError.SYNTAX;
            } else if (call.is(i, "RANK")) {
                rank = call.asLong(i + 1);
                if (rank == 0) {
                    throw RANK_ZERO;
                }
            } else if (call.is(i, "COUNT")) {
                count = Numbers.atLeast(call, i + 1, 0, COUNT_NEGATIVE);
            } else if (call.is(i, "MAXLEN")) {
                maxLength = Numbers.atLeast(call, i + 1, 0, MAXLEN_NEGATIVE);
            } else {
                throw CommandError.SYNTAX;
            }
        }
        long list = find(call);
        long wanted = count < 0 ? 1 : count == 0 ? Long.MAX_VALUE : count;
        if (count >= 0) {
            // Counted first, as the reply's header says how many; there may be too many for the heap.
            call.reply().array((int) visit(call, list, rank, wanted, maxLength, index -> {}));
            visit(call, list, rank, wanted, maxLength, call.reply()::integer);
        } else if (visit(call, list, rank, wanted, maxLength, call.reply()::integer) == 0) {
            call.reply().nil();
        }
    }

    /**
     * Visits where the element in argument 2 is, from the {@code rank}-th match on (negative: from the end).
     *
     * @param wanted the most matches to visit
     * @param maxLength how many elements to look at, 0 for all
     * @return how many were visited
     */
    private long visit(Call call, long list, long rank, long wanted, long maxLength, LongConsumer found) {
        long length = list == 0 ? 0 : Lists.length(list);
        long looked = maxLength == 0 ? length : Math.min(maxLength, length);
        long skip = rank == Long.MIN_VALUE ? 0 : Math.abs(rank) - 1; // it has no negative: Redis skips none
        long from = rank > 0 ? 0 : length - 1;
        long taken = 0;
        while (looked > 0 && taken < wanted) {
            long index = Lists.indexOf(call.db(), list, from, rank < 0, looked, call.address(2), call.length(2));
            if (index < 0) {
                break;
            }
            looked -= Math.abs(index - from) + 1;
            from = rank > 0 ? index + 1 : index - 1;
            if (--skip < 0) {
                found.accept(index);
                taken++;
            }
        }
        return taken;
    }

    private static long find(Call call) {
        return Lists.find(call.db(), call.address(1), call.length(1));
    }

    private static long findForWrite(Call call) {
        return Lists.findForWrite(call.db(), call.address(1), call.length(1));
    }
}
