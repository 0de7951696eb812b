package dev.redisreplication.node.command.list;

import static dev.redisreplication.node.command.Category.LIST;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Lists;

/** Lists as queues: elements come in and go out at both ends. */
public final class ListMoveCommands {
    private static final CommandError COUNT_NOT_POSITIVE = new CommandError("ERR count should be greater than 0");

    private final Slice element = new Slice();

    ListMoveCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        ListMoveCommands c = new ListMoveCommands();
        // spotless:off: one row a command
        t.row("lpush", -3, c::lpush).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(LIST);
        t.row("rpush", -3, c::rpush).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(LIST);
        t.row("lpushx", -3, c::lpushx).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(LIST);
        t.row("rpushx", -3, c::rpushx).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(LIST);
        t.row("lpop", -2, c::lpop).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(LIST);
        t.row("rpop", -2, c::rpop).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(LIST);
        t.row("lmpop", -4, c::lmpop).is(WRITE).numberedKeys(1, RW, ACCESS, DELETE).in(LIST);
        t.row("lmove", 5, c::lmove).is(WRITE, DENYOOM).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT).in(LIST);
        t.row("rpoplpush", 3, c::rpoplpush).is(WRITE, DENYOOM).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT).in(LIST);
        // spotless:on
    }

    void lpush(Call call) {
        push(call, ListEnd.LEFT, create(call, 1));
    }

    void rpush(Call call) {
        push(call, ListEnd.RIGHT, create(call, 1));
    }

    void lpushx(Call call) {
        push(call, ListEnd.LEFT, find(call, 1));
    }

    void rpushx(Call call) {
        push(call, ListEnd.RIGHT, find(call, 1));
    }

    private static void push(Call call, ListEnd end, long list) {
        long length = 0;
        if (list != 0) {
            Keyspace db = call.db();
            for (int i = 2; i < call.argc(); i++) {
                length = end.push(db, list, call.address(i), call.length(i));
            }
            call.event(end.pushed, 1);
            call.changed(call.argc() - 2);
        }
        call.reply().integer(length);
    }

    void lpop(Call call) {
        pop(call, ListEnd.LEFT);
    }

    void rpop(Call call) {
        pop(call, ListEnd.RIGHT);
    }

    private void pop(Call call, ListEnd end) {
        if (call.argc() == 2) {
            popOne(call, end);
            return;
        }
        if (call.argc() > 3) {
            throw new CommandError(
                    "ERR wrong number of arguments for '" + call.row().name() + "' command");
        }
        long count = Numbers.count(call, 2);
        long list = find(call, 1);
        if (list == 0) {
            call.reply().nilArray();
        } else {
            popSome(call, end, 1, list, Math.min(count, Lists.length(list)));
        }
    }

    private void popOne(Call call, ListEnd end) {
        long list = find(call, 1);
        if (list == 0) {
            call.reply().nil();
            return;
        }
        end.pop(call.db(), list, element);
        call.taken(end.popped, 1);
        call.changed(1);
        call.reply().bulk(element.address(), element.length());
    }

    private void popSome(Call call, ListEnd end, int key, long list, long count) {
        call.reply().array((int) count);
        for (long left = count; left > 0; left--) {
            end.pop(call.db(), list, element);
            call.reply().bulk(element.address(), element.length());
        }
        if (count > 0) {
            call.taken(end.popped, key);
        }
        call.changed((int) count);
    }

    /** BLPOP, BRPOP: whether there was one at that key, which is answered and logged then. */
    boolean popWithKey(Call call, int key, ListEnd end) {
        long list = find(call, key);
        if (list == 0) {
            return false;
        }
        end.pop(call.db(), list, element);
        call.taken(end.popped, key);
        call.changed(1);
        call.effect(2).arg(end.popCommand).arg(call.address(key), call.length(key));
        call.reply().array(2);
        call.reply().bulk(call.address(key), call.length(key));
        call.reply().bulk(element.address(), element.length());
        return true;
    }

    /**
     * What LMPOP is to take.
     *
     * @param first the argument with the first key
     * @param last the argument with the last one
     */
    record Pops(int first, int last, ListEnd end, long count) {
        /** The arguments from the number of keys on. */
        static Pops read(Call call, int from) {
            int keys = Numbers.keys(call, from, CommandError.SYNTAX);
            int where = from + 1 + keys;
            if (where >= call.argc()) {
                throw CommandError.SYNTAX;
            }
            ListEnd end = ListEnd.at(call, where);
            long count = 0;
            for (int i = where + 1; i < call.argc(); i += 2) {
                if (count > 0 || i + 1 == call.argc() || !call.is(i, "COUNT")) {
                    throw CommandError.SYNTAX;
                }
                count = Numbers.atLeast(call, i + 1, 1, COUNT_NOT_POSITIVE);
            }
            return new Pops(from + 1, where - 1, end, Math.max(count, 1));
        }
    }

    void lmpop(Call call) {
        if (!popSome(call, Pops.read(call, 1))) {
            call.reply().nilArray();
        }
    }

    /** Takes from the first list that has elements; false, and no reply, if none has. */
    boolean popSome(Call call, Pops pops) {
        for (int key = pops.first; key <= pops.last; key++) {
            long list = call.looksAt(key) ? find(call, key) : 0;
            if (list != 0) {
                long taken = Math.min(pops.count, Lists.length(list));
                call.reply().array(2);
                call.reply().bulk(call.address(key), call.length(key));
                popSome(call, pops.end, key, list, taken);
                call.effect(3)
                        .arg(pops.end.popCommand)
                        .arg(call.address(key), call.length(key))
                        .arg(taken);
                return true;
            }
        }
        return false;
    }

    void lmove(Call call) {
        move(call, ListEnd.at(call, 3), ListEnd.at(call, 4));
    }

    void rpoplpush(Call call) {
        move(call, ListEnd.RIGHT, ListEnd.LEFT);
    }

    private void move(Call call, ListEnd from, ListEnd to) {
        if (!moveOne(call, from, to)) {
            call.reply().nil();
        }
    }

    /** Moves one from argument 1 to argument 2; false, and no reply, if there is none. */
    boolean moveOne(Call call, ListEnd from, ListEnd to) {
        long source = find(call, 1);
        if (source == 0) {
            return false;
        }
        find(call, 2); // of another type: nothing is popped
        boolean ontoItself =
                call.length(1) == call.length(2) && Memory.equal(call.address(1), call.address(2), call.length(1));
        if (ontoItself && Lists.length(source) == 1) {
            Lists.get(call.db(), source, 0, element); // popped, the list would lose its time to live
        } else {
            source = find(call, 1);
            from.pop(call.db(), source, element);
            to.push(call.db(), create(call, 2), element.address(), element.length());
        }
        call.event(to.pushed, 2);
        call.taken(from.popped, 1);
        call.changed(1);
        call.reply().bulk(element.address(), element.length());
        return true;
    }

    private static long find(Call call, int key) {
        return Lists.findForWrite(call.db(), call.address(key), call.length(key));
    }

    private static long create(Call call, int key) {
        return Lists.create(call.db(), call.address(key), call.length(key), Entry.NO_EXPIRY);
    }
}
