package dev.redisreplication.node.command.string;

import static dev.redisreplication.node.command.Category.STRING;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;
import static dev.redisreplication.node.command.KeyFlag.VARIABLE_FLAGS;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Expiry;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.Strings;
import dev.redisreplication.node.type.TypeError;

/** Values that are bytes: SET, GET and what belongs to them. */
public final class StringCommands {
    /** The default of proto-max-bulk-len. */
    private static final int MAX_LENGTH = 512 << 20;

    private static final CommandError OFFSET_OUT_OF_RANGE = new CommandError("ERR offset is out of range");
    private static final CommandError MSET_ARITY = new CommandError("ERR wrong number of arguments for 'mset' command");
    private static final CommandError MSETNX_ARITY =
            new CommandError("ERR wrong number of arguments for 'msetnx' command");

    private final SetOptions options = new SetOptions();
    private final Slice value = new Slice();

    private StringCommands() {}

    /** Adds the rows of this group. */
    public static void register(CommandTable.Builder t) {
        StringCommands c = new StringCommands();
        // spotless:off: one row a command
        t.row("set", -3, c::set).is(WRITE, DENYOOM)
                .key(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS).keysBy(SetOptions::key).in(STRING);
        t.row("get", 2, c::get).is(READONLY, FAST).key(1, RO, ACCESS).in(STRING);
        t.row("getset", 3, c::getset).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("getdel", 2, c::getdel).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(STRING);
        t.row("getex", -2, c::getex).is(WRITE, FAST).key(1, RW, ACCESS, UPDATE).in(STRING);
        t.row("setnx", 3, c::setnx).is(WRITE, DENYOOM, FAST).key(1, OW, INSERT).in(STRING);
        t.row("setex", 4, c::setex).is(WRITE, DENYOOM).key(1, OW, UPDATE).in(STRING);
        t.row("psetex", 4, c::psetex).is(WRITE, DENYOOM).key(1, OW, UPDATE).in(STRING);
        t.row("mget", -2, c::mget).is(READONLY, FAST).keys(1, -1, 1, RO, ACCESS).in(STRING);
        t.row("mset", -3, c::mset).is(WRITE, DENYOOM).keys(1, -1, 2, OW, UPDATE).in(STRING);
        t.row("msetnx", -3, c::msetnx).is(WRITE, DENYOOM).keys(1, -1, 2, OW, INSERT).in(STRING);
        t.row("append", 3, c::append).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(STRING);
        t.row("strlen", 2, c::strlen).is(READONLY, FAST).key(1, RO).in(STRING);
        t.row("setrange", 4, c::setrange).is(WRITE, DENYOOM).key(1, RW, UPDATE).in(STRING);
        t.row("getrange", 4, c::getrange).is(READONLY).key(1, RO, ACCESS).in(STRING);
        t.row("substr", 4, c::getrange).is(READONLY).key(1, RO, ACCESS).in(STRING);
        // spotless:on
    }

    void set(Call call) {
        if (call.argc() == 3) {
            put(call, 2, Entry.NO_EXPIRY);
            call.changed(1);
            call.reply().ok();
            return;
        }
        options.parseSet(call);
        if (options.get) {
            replyValue(call);
        }
        boolean found = call.db().peek(call.address(1), call.length(1)) != 0;
        if (options.onlyNew ? found : options.onlyExisting && !found) {
            if (!options.get) {
                call.reply().nil();
            }
            return;
        }
        put(call, 2, options.expiresAt());
        call.changed(1);
        if (options.hasMoment()) {
            call.event(Event.EXPIRE, 1);
            effectSet(call, 2, options.expiresAt());
        } else if (options.get) {
            effectWithoutGet(call);
        }
        if (!options.get) {
            call.reply().ok();
        }
    }

    /** The command as it came, but for GET: what it returns means nothing to a replica. */
    private static void effectWithoutGet(Call call) {
        int kept = 3;
        for (int i = 3; i < call.argc(); i++) {
            kept += call.is(i, "GET") ? 0 : 1;
        }
        EffectWriter effect = call.effect(kept);
        for (int i = 0; i < call.argc(); i++) {
            if (i < 3 || !call.is(i, "GET")) {
                effect.arg(call.address(i), call.length(i));
            }
        }
    }

    void get(Call call) {
        replyValue(call);
    }

    void getset(Call call) {
        replyValue(call);
        put(call, 2, Entry.NO_EXPIRY);
        call.changed(1);
        call.effect(3).arg("SET").arg(call.address(1), call.length(1)).arg(call.address(2), call.length(2));
    }

    void getdel(Call call) {
        if (replyValue(call)) {
            call.db().remove(call.address(1), call.length(1));
            call.event(Event.DEL, 1);
            call.changed(1);
            call.effect(2).arg("DEL").arg(call.address(1), call.length(1));
        }
    }

    void getex(Call call) {
        options.parseGetex(call);
        if (!replyValue(call)) {
            return; // whatever the time is
        }
        options.readMoment(call);
        if (options.hasMoment()) {
            expire(call, options.expiresAt(), options.isAbsolute());
        } else if (options.persist && Entry.hasExpiry(call.db().peek(call.address(1), call.length(1)))) {
            call.db().expire(call.address(1), call.length(1), Entry.NO_EXPIRY);
            call.event(Event.PERSIST, 1);
            call.changed(1);
            call.effect(2).arg("PERSIST").arg(call.address(1), call.length(1));
        }
    }

    private static void expire(Call call, long expiresAt, boolean absolute) {
        call.changed(1);
        if (absolute && Expiry.isOver(call, expiresAt)) {
            call.db().remove(call.address(1), call.length(1));
            call.event(Event.DEL, 1);
            call.effect(2).arg("DEL").arg(call.address(1), call.length(1));
        } else {
            call.db().expire(call.address(1), call.length(1), expiresAt);
            call.event(Event.EXPIRE, 1);
            call.effect(3).arg("PEXPIREAT").arg(call.address(1), call.length(1)).arg(expiresAt);
        }
    }

    void setnx(Call call) {
        boolean absent = call.db().peek(call.address(1), call.length(1)) == 0;
        if (absent) {
            put(call, 2, Entry.NO_EXPIRY);
            call.changed(1);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    void setex(Call call) {
        setWithTime(call, Expiry.Form.EX);
    }

    void psetex(Call call) {
        setWithTime(call, Expiry.Form.PX);
    }

    private void setWithTime(Call call, Expiry.Form form) {
        long expiresAt = Expiry.positive(call, 2, form);
        put(call, 3, expiresAt);
        call.event(Event.EXPIRE, 1);
        call.changed(1);
        effectSet(call, 3, expiresAt);
        call.reply().ok();
    }

    private static void effectSet(Call call, int valueAt, long expiresAt) {
        call.effect(5)
                .arg("SET")
                .arg(call.address(1), call.length(1))
                .arg(call.address(valueAt), call.length(valueAt))
                .arg("PXAT")
                .arg(expiresAt);
    }

    void mget(Call call) {
        Keyspace db = call.db();
        call.reply().array(call.argc() - 1);
        for (int i = 1; i < call.argc(); i++) {
            long entry = db.find(call.address(i), call.length(i));
            if (entry == 0 || Entry.type(entry) != Type.STRING) {
                call.reply().nil();
            } else {
                Strings.get(entry, value);
                call.reply().bulk(value.address(), value.length());
            }
        }
    }

    void mset(Call call) {
        putPairs(call, MSET_ARITY);
        call.reply().ok();
    }

    void msetnx(Call call) {
        if (call.argc() % 2 == 0) {
            throw MSETNX_ARITY;
        }
        for (int i = 1; i < call.argc(); i += 2) {
            if (call.db().peek(call.address(i), call.length(i)) != 0) {
                call.reply().integer(0);
                return;
            }
        }
        putPairs(call, MSETNX_ARITY);
        call.reply().integer(1);
    }

    private static void putPairs(Call call, CommandError whenOdd) {
        if (call.argc() % 2 == 0) {
            throw whenOdd;
        }
        Keyspace db = call.db();
        for (int i = 1; i < call.argc(); i += 2) {
            Strings.set(db, call.address(i), call.length(i), call.address(i + 1), call.length(i + 1), Entry.NO_EXPIRY);
            call.event(Event.SET, i);
        }
        call.changed((call.argc() - 1) / 2);
    }

    void append(Call call) {
        int length = Strings.append(call.db(), call.address(1), call.length(1), call.address(2), call.length(2));
        call.event(Event.APPEND, 1);
        call.changed(1);
        call.reply().integer(length);
    }

    void strlen(Call call) {
        long entry = find(call);
        call.reply().integer(entry == 0 ? 0 : Strings.length(entry));
    }

    void setrange(Call call) {
        long offset = call.asLong(2);
        if (offset < 0) {
            throw OFFSET_OUT_OF_RANGE;
        }
        if (call.length(3) == 0) {
            long entry = findForWrite(call); // nothing to write: not even a key
            call.reply().integer(entry == 0 ? 0 : Strings.length(entry));
            return;
        }
        if (offset > MAX_LENGTH - call.length(3)) {
            findForWrite(call);
            throw TypeError.STRING_TOO_LONG;
        }
        int length = Strings.setRange(
                call.db(), call.address(1), call.length(1), (int) offset, call.address(3), call.length(3));
        call.event(Event.SETRANGE, 1);
        call.changed(1);
        call.reply().integer(length);
    }

    void getrange(Call call) {
        long start = call.asLong(2);
        long end = call.asLong(3);
        long entry = find(call);
        if (entry == 0) {
            value.point(0, 0);
        } else {
            Strings.getRange(entry, start, end, value);
        }
        call.reply().bulk(value.address(), value.length());
    }

    private static long find(Call call) {
        return Strings.find(call.db(), call.address(1), call.length(1));
    }

    private static long findForWrite(Call call) {
        return Strings.findForWrite(call.db(), call.address(1), call.length(1));
    }

    private static void put(Call call, int valueAt, long expiresAt) {
        Strings.set(call.db(), call.address(1), call.length(1), call.address(valueAt), call.length(valueAt), expiresAt);
        call.event(Event.SET, 1);
    }

    /** Replies with the value at the key, or nil; whether there is one. */
    private boolean replyValue(Call call) {
        long entry = find(call);
        if (entry == 0) {
            call.reply().nil();
            return false;
        }
        Strings.get(entry, value);
        call.reply().bulk(value.address(), value.length());
        return true;
    }
}
