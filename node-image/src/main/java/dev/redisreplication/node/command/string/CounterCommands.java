package dev.redisreplication.node.command.string;

import static dev.redisreplication.node.command.Category.STRING;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.LongDouble;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Strings;
import java.math.BigDecimal;

/** Values that count: INCR and its relatives. */
public final class CounterCommands {
    private static final CommandError WOULD_OVERFLOW = new CommandError("ERR decrement would overflow");
    private static final CommandError NOT_FINITE = new CommandError("ERR increment would produce NaN or Infinity");

    private final Slice value = new Slice();

    private CounterCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        CounterCommands c = new CounterCommands();
        // spotless:off: one row a command
        t.row("incr", 2, c::incr).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("decr", 2, c::decr).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("incrby", 3, c::incrby).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("decrby", 3, c::decrby).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("incrbyfloat", 3, c::incrbyfloat).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        // spotless:on
    }

    void incr(Call call) {
        add(call, 1);
    }

    void decr(Call call) {
        add(call, -1);
    }

    void incrby(Call call) {
        add(call, call.asLong(2));
    }

    void decrby(Call call) {
        long by = call.asLong(2);
        if (by == Long.MIN_VALUE) {
            throw WOULD_OVERFLOW; // it has no negative
        }
        add(call, -by);
    }

    private static void add(Call call, long by) {
        long sum = Strings.increment(call.db(), call.address(1), call.length(1), by);
        call.event(Event.INCRBY, 1);
        call.changed(1);
        call.reply().integer(sum);
    }

    void incrbyfloat(Call call) {
        BigDecimal old = BigDecimal.ZERO;
        long entry = Strings.findForWrite(call.db(), call.address(1), call.length(1));
        if (entry != 0) {
            Strings.get(entry, value);
            old = required(LongDouble.parse(value.address(), value.length()));
        }
        BigDecimal sum = LongDouble.add(old, required(LongDouble.parse(call.address(2), call.length(2))));
        if (sum.compareTo(LongDouble.INFINITE) == 0) {
            throw NOT_FINITE;
        }
        value.copyOf(LongDouble.print(sum).getBytes(US_ASCII));
        Strings.setText(
                call.db(), call.address(1), call.length(1), value.address(), value.length(), Keyspace.KEEP_EXPIRY);
        call.event(Event.INCRBYFLOAT, 1);
        call.changed(1);
        // The sum and not the summand: another machine might round otherwise.
        call.effect(4)
                .arg("SET")
                .arg(call.address(1), call.length(1))
                .arg(value.address(), value.length())
                .arg("KEEPTTL");
        call.reply().bulk(value.address(), value.length());
    }

    private static BigDecimal required(BigDecimal parsed) {
        if (parsed == null) {
            throw CommandError.NOT_FLOAT;
        }
        return parsed;
    }
}
