package dev.redisreplication.node.command.set;

import static dev.redisreplication.node.command.Category.SET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Sets;

/** Several sets: intersection, union, difference. */
public final class SetAlgebraCommands {
    private static final CommandError TOO_MANY_KEYS =
            new CommandError("ERR Number of keys can't be greater than number of args");
    private static final CommandError LIMIT_NEGATIVE = new CommandError("ERR LIMIT can't be negative");

    private final ElementBuffer found = new ElementBuffer();

    private SetAlgebraCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        SetAlgebraCommands c = new SetAlgebraCommands();
        // spotless:off: one row a command
        t.row("sinter", -2, c::sinter).is(READONLY).keys(1, -1, 1, RO, ACCESS).in(SET);
        t.row("sunion", -2, c::sunion).is(READONLY).keys(1, -1, 1, RO, ACCESS).in(SET);
        t.row("sdiff", -2, c::sdiff).is(READONLY).keys(1, -1, 1, RO, ACCESS).in(SET);
        t.row("sinterstore", -3, c::sinterstore)
                .is(WRITE, DENYOOM).key(1, RW, UPDATE).keys(2, -1, 1, RO, ACCESS).in(SET);
        t.row("sunionstore", -3, c::sunionstore)
                .is(WRITE, DENYOOM).key(1, OW, UPDATE).keys(2, -1, 1, RO, ACCESS).in(SET);
        t.row("sdiffstore", -3, c::sdiffstore).is(WRITE, DENYOOM).key(1, OW, UPDATE).keys(2, -1, 1, RO, ACCESS).in(SET);
        t.row("sintercard", -3, c::sintercard).is(READONLY).numberedKeys(1, RO, ACCESS).in(SET);
        // spotless:on
    }

    void sinter(Call call) {
        inter(call, sets(call, 1, call.argc() - 1), Long.MAX_VALUE);
        reply(call);
    }

    void sunion(Call call) {
        union(call, sets(call, 1, call.argc() - 1));
        reply(call);
    }

    void sdiff(Call call) {
        diff(call, sets(call, 1, call.argc() - 1));
        reply(call);
    }

    void sinterstore(Call call) {
        inter(call, sets(call, 2, call.argc() - 2), Long.MAX_VALUE);
        store(call, Event.SINTERSTORE);
    }

    void sunionstore(Call call) {
        union(call, sets(call, 2, call.argc() - 2));
        store(call, Event.SUNIONSTORE);
    }

    void sdiffstore(Call call) {
        diff(call, sets(call, 2, call.argc() - 2));
        store(call, Event.SDIFFSTORE);
    }

    void sintercard(Call call) {
        int keys = Numbers.keys(call, 1, TOO_MANY_KEYS);
        long limit = 0;
        for (int i = keys + 2; i < call.argc(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.argc()) {
                throw CommandError.SYNTAX;
            }
            limit = Numbers.atLeast(call, i + 1, 0, LIMIT_NEGATIVE);
        }
        inter(call, sets(call, 2, keys), limit == 0 ? Long.MAX_VALUE : limit);
        call.reply().integer(found.size());
        found.clear();
    }

    /** The sets of {@code count} keys from argument {@code first} on; 0 for one that is absent. */
    private static long[] sets(Call call, int first, int count) {
        call.takeHeap(8L * count);
        long[] sets = new long[count];
        for (int i = 0; i < count; i++) {
            sets[i] = Sets.find(call.db(), call.address(first + i), call.length(first + i));
        }
        return sets;
    }

    private void inter(Call call, long[] sets, long limit) {
        found.clear();
        int smallest = 0;
        for (int i = 0; i < sets.length; i++) {
            if (sets[i] == 0) {
                return;
            }
            smallest = Sets.size(sets[i]) < Sets.size(sets[smallest]) ? i : smallest;
        }
        int walked = smallest;
        Sets.forEach(call.db(), sets[walked], (address, length) -> {
            if (found.size() < limit && inAll(call, sets, walked, address, length)) {
                found.add(address, length);
            }
        });
    }

    private static boolean inAll(Call call, long[] sets, int but, long address, int length) {
        for (int i = 0; i < sets.length; i++) {
            if (i != but && !Sets.contains(call.db(), sets[i], address, length)) {
                return false;
            }
        }
        return true;
    }

    private void union(Call call, long[] sets) {
        found.clear();
        for (int i = 0; i < sets.length; i++) {
            int before = i;
            addUnless(call, sets[i], (address, length) -> inAny(call, sets, 0, before, address, length));
        }
    }

    private void diff(Call call, long[] sets) {
        found.clear();
        addUnless(call, sets[0], (address, length) -> inAny(call, sets, 1, sets.length, address, length));
    }

    /** Tells of a member whether it is left out. */
    @FunctionalInterface
    private interface Exclusion {
        boolean excludes(long address, int length);
    }

    private void addUnless(Call call, long set, Exclusion exclusion) {
        if (set != 0) {
            Sets.forEach(call.db(), set, (address, length) -> {
                if (!exclusion.excludes(address, length)) {
                    found.add(address, length);
                }
            });
        }
    }

    private static boolean inAny(Call call, long[] sets, int from, int to, long address, int length) {
        for (int i = from; i < to; i++) {
            if (sets[i] != 0 && Sets.contains(call.db(), sets[i], address, length)) {
                return true;
            }
        }
        return false;
    }

    private void reply(Call call) {
        call.reply().set(found.size());
        found.replyTo(call.reply());
    }

    /** Puts what was found in the place of the key in argument 1; nothing found leaves no key. */
    private void store(Call call, Event event) {
        int size = found.size();
        boolean removed = call.db().clear(call.address(1), call.length(1), size > 0);
        if (size > 0) {
            long set = Sets.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
            for (int i = 0; i < size; i++) {
                Sets.add(call.db(), set, found.address(i), found.length(i));
            }
            call.event(event, 1);
        } else if (removed) {
            call.event(Event.DEL, 1);
        }
        call.changed(size > 0 ? size : removed ? 1 : 0);
        call.reply().integer(size);
        found.clear();
    }
}
