package dev.redisreplication.node.command.hash;

import static dev.redisreplication.node.command.Category.HASH;
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
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.LongDouble;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.FieldTimes;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Hashes;
import java.math.BigDecimal;

/** Hashes by field: set, get, delete, count. What visits many fields is in {@link HashScanCommands}. */
public final class HashCommands {
    private static final CommandError VALUE_NOT_FLOAT = new CommandError("ERR hash value is not a float");
    private static final CommandError NOT_FINITE = new CommandError("ERR value is NaN or Infinity");
    private static final CommandError SUM_NOT_FINITE = new CommandError("ERR increment would produce NaN or Infinity");

    private final Slice value = new Slice();

    private HashCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        HashCommands c = new HashCommands();
        // spotless:off: one row a command
        t.row("hset", -4, c::hset).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hmset", -4, c::hmset).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hsetnx", 4, c::hsetnx).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(HASH);
        t.row("hget", 3, c::hget).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        t.row("hmget", -3, c::hmget).is(READONLY, FAST).key(1, RO, ACCESS).in(HASH);
        t.row("hdel", -3, c::hdel).is(WRITE, FAST).key(1, RW, DELETE).in(HASH);
        t.row("hexists", 3, c::hexists).is(READONLY, FAST).key(1, RO).in(HASH);
        t.row("hlen", 2, c::hlen).is(READONLY, FAST).key(1, RO).in(HASH);
        t.row("hstrlen", 3, c::hstrlen).is(READONLY, FAST).key(1, RO).in(HASH);
        t.row("hincrby", 4, c::hincrby).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(HASH);
        t.row("hincrbyfloat", 4, c::hincrbyfloat).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(HASH);
        // spotless:on
    }

    void hset(Call call) {
        call.reply().integer(setFields(call));
    }

    void hmset(Call call) {
        setFields(call);
        call.reply().ok();
    }

    private static int setFields(Call call) {
        if (call.argc() % 2 != 0) {
            throw new CommandError(
                    "ERR wrong number of arguments for '" + call.row().name() + "' command");
        }
        long hash = create(call);
        int added = 0;
        for (int i = 2; i < call.argc(); i += 2) {
            added += set(call, hash, i) ? 1 : 0;
        }
        call.event(Event.HSET, 1);
        call.changed((call.argc() - 2) / 2);
        return added;
    }

    void hsetnx(Call call) {
        long hash = findForWrite(call);
        hash = settled(call, hash, 2);
        boolean absent = hash == 0 || !Hashes.contains(call.db(), hash, call.address(2), call.length(2));
        if (absent) {
            set(call, create(call), 2);
            call.event(Event.HSET, 1);
            call.changed(1);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    void hget(Call call) {
        replyField(call, settled(call, find(call), 2), 2);
    }

    void hmget(Call call) {
        long hash = find(call);
        call.reply().array(call.argc() - 2);
        boolean ended = false;
        for (int i = 2; i < call.argc(); i++) {
            ended |= hash != 0 && Hashes.endQuietly(call.db(), hash, call.address(i), call.length(i));
            replyField(call, hash, i);
        }
        if (ended) {
            FieldTimes.settle(call.db(), hash);
        }
    }

    /** The hash; the field in argument {@code i} is deleted first if its time is over. 0 if there is no hash, or none any more. */
    static long settled(Call call, long hash, int i) {
        return hash == 0 ? 0 : Hashes.endIfOver(call.db(), hash, call.address(i), call.length(i));
    }

    private void replyField(Call call, long hash, int i) {
        if (get(call, hash, i)) {
            call.reply().bulk(value.address(), value.length());
        } else {
            call.reply().nil();
        }
    }

    void hdel(Call call) {
        long hash = findForWrite(call);
        int deleted = 0;
        for (int i = 2; i < call.argc() && hash != 0; i++) {
            boolean last = Hashes.size(hash) == 1;
            if (Hashes.remove(call.db(), hash, call.address(i), call.length(i))) {
                deleted++;
                hash = last ? 0 : hash;
            }
        }
        if (deleted > 0) {
            call.taken(Event.HDEL, 1);
            call.changed(deleted);
        }
        call.reply().integer(deleted);
    }

    void hexists(Call call) {
        call.reply().integer(get(call, settled(call, find(call), 2), 2) ? 1 : 0);
    }

    void hlen(Call call) {
        long hash = find(call);
        call.reply().integer(hash == 0 ? 0 : Hashes.size(hash));
    }

    void hstrlen(Call call) {
        call.reply().integer(get(call, settled(call, find(call), 2), 2) ? value.length() : 0);
    }

    void hincrby(Call call) {
        long by = call.asLong(3);
        long hash = settled(call, findForWrite(call), 2);
        hash = hash == 0 ? create(call) : hash;
        long sum = Hashes.increment(call.db(), hash, call.address(2), call.length(2), by);
        call.event(Event.HINCRBY, 1);
        call.changed(1);
        call.reply().integer(sum);
    }

    void hincrbyfloat(Call call) {
        BigDecimal by = LongDouble.parse(call.address(3), call.length(3));
        if (by == null) {
            throw CommandError.NOT_FLOAT;
        }
        if (by.compareTo(LongDouble.INFINITE) == 0) {
            throw NOT_FINITE;
        }
        BigDecimal old = BigDecimal.ZERO;
        if (get(call, settled(call, findForWrite(call), 2), 2)) {
            old = LongDouble.parse(value.address(), value.length());
        }
        if (old == null) {
            throw VALUE_NOT_FLOAT;
        }
        BigDecimal sum = LongDouble.add(old, by);
        if (sum.compareTo(LongDouble.INFINITE) == 0) {
            throw SUM_NOT_FINITE;
        }
        value.copyOf(LongDouble.print(sum).getBytes(US_ASCII));
        long hash = create(call);
        Hashes.set(
                call.db(),
                hash,
                call.address(2),
                call.length(2),
                value.address(),
                value.length(),
                Keyspace.KEEP_EXPIRY);
        call.event(Event.HINCRBYFLOAT, 1);
        call.changed(1);
        // The sum and not the summand: another machine might round otherwise.
        call.effect(4)
                .arg("HSET")
                .arg(call.address(1), call.length(1))
                .arg(call.address(2), call.length(2))
                .arg(value.address(), value.length());
        long expiresAt = Hashes.expiry(hash, call.address(2), call.length(2));
        if (expiresAt != Entry.NO_EXPIRY) { // which HSET has taken from it
            call.effect(6)
                    .arg("HPEXPIREAT")
                    .arg(call.address(1), call.length(1))
                    .arg(expiresAt)
                    .arg("FIELDS")
                    .arg(1)
                    .arg(call.address(2), call.length(2));
        }
        call.reply().bulk(value.address(), value.length());
    }

    private static boolean set(Call call, long hash, int i) {
        return Hashes.set(call.db(), hash, call.address(i), call.length(i), call.address(i + 1), call.length(i + 1));
    }

    /** Points {@code value} at the value of the field in argument {@code i}; false when there is none. */
    private boolean get(Call call, long hash, int i) {
        return hash != 0 && Hashes.get(call.db(), hash, call.address(i), call.length(i), value);
    }

    private static long find(Call call) {
        return Hashes.find(call.db(), call.address(1), call.length(1));
    }

    private static long findForWrite(Call call) {
        return Hashes.findForWrite(call.db(), call.address(1), call.length(1));
    }

    private static long create(Call call) {
        return Hashes.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
    }
}
