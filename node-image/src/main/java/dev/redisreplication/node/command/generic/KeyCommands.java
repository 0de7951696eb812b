package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Category.KEYSPACE;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.TOUCHES;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RM;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.ScanOptions;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.RandomKey;
import dev.redisreplication.node.type.Types;

/** Keys: whether they are there, what they are called, where they are, and how they go away. */
public final class KeyCommands {
    private static final int KEYS_STEP = 1000;

    private static final CommandError SAME_OBJECT = new CommandError("ERR source and destination objects are the same");
    private static final CommandError NO_SUCH_DB = new CommandError("ERR DB index is out of range");

    private final ElementBuffer found = new ElementBuffer();
    private final ElementBuffer met = new ElementBuffer();

    private KeyCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        KeyCommands c = new KeyCommands();
        // spotless:off: one row a command
        t.row("del", -2, c::del).is(WRITE).keys(1, -1, 1, RM, DELETE).in(KEYSPACE);
        t.row("unlink", -2, c::del).is(WRITE, FAST).keys(1, -1, 1, RM, DELETE).in(KEYSPACE);
        t.row("exists", -2, c::exists).is(READONLY, FAST).keys(1, -1, 1, RO).in(KEYSPACE);
        t.row("touch", -2, c::touch).is(READONLY, FAST, TOUCHES).keys(1, -1, 1, RO).in(KEYSPACE);
        t.row("type", 2, c::type).is(READONLY, FAST).key(1, RO).in(KEYSPACE);
        t.row("rename", 3, c::rename).is(WRITE).key(1, RW, ACCESS, DELETE).key(2, OW, UPDATE).in(KEYSPACE);
        t.row("renamenx", 3, c::renamenx).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).key(2, OW, INSERT).in(KEYSPACE);
        t.row("copy", -3, c::copy).is(WRITE, DENYOOM).key(1, RO, ACCESS).key(2, OW, UPDATE).in(KEYSPACE);
        t.row("move", 3, c::move).is(WRITE, FAST).key(1, RW, ACCESS, UPDATE).in(KEYSPACE);
        t.row("keys", 2, c::keys).is(READONLY).in(KEYSPACE, DANGEROUS);
        t.row("scan", -2, c::scan).is(READONLY).in(KEYSPACE);
        t.row("randomkey", 1, c::randomkey).is(READONLY).in(KEYSPACE);
        // spotless:on
    }

    void del(Call call) {
        int deleted = 0;
        for (int i = 1; i < call.argc(); i++) {
            if (call.db().remove(call.address(i), call.length(i))) {
                call.event(Event.DEL, i);
                deleted++;
            }
        }
        call.changed(deleted);
        call.reply().integer(deleted);
    }

    void exists(Call call) {
        int count = 0;
        for (int i = 1; i < call.argc(); i++) {
            count += glance(call, i) != 0 ? 1 : 0;
        }
        call.reply().integer(count);
    }

    void touch(Call call) {
        int count = 0;
        for (int i = 1; i < call.argc(); i++) {
            count += find(call, i) != 0 ? 1 : 0;
        }
        call.reply().integer(count);
    }

    void type(Call call) {
        long entry = glance(call, 1);
        call.reply().simple(entry == 0 ? "none" : Entry.type(entry).redisName());
    }

    void rename(Call call) {
        if (!renames(call, true)) {
            throw CommandError.NO_SUCH_KEY;
        }
        call.reply().ok();
    }

    void renamenx(Call call) {
        if (peek(call, 1) == 0) {
            throw CommandError.NO_SUCH_KEY;
        }
        boolean free = peek(call, 2) == 0;
        call.reply().integer(free && renames(call, false) ? 1 : 0);
    }

    private static boolean renames(Call call, boolean ontoItself) {
        boolean same =
                call.length(1) == call.length(2) && Memory.equal(call.address(1), call.address(2), call.length(1));
        if (same) {
            return ontoItself && peek(call, 1) != 0;
        }
        boolean done = call.db().rename(call.address(1), call.length(1), call.address(2), call.length(2));
        if (done) {
            call.event(Event.RENAME_FROM, 1);
            call.event(Event.RENAME_TO, 2);
            call.changed(1);
        }
        return done;
    }

    void copy(Call call) {
        int target = call.client().db();
        boolean replace = false;
        for (int i = 3; i < call.argc(); i++) {
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "DB") && i + 1 < call.argc()) {
                target = database(call, ++i);
            } else {
                throw CommandError.SYNTAX;
            }
        }
        boolean sameKey =
                call.length(1) == call.length(2) && Memory.equal(call.address(1), call.address(2), call.length(1));
        if (sameKey && target == call.client().db()) {
            throw SAME_OBJECT;
        }
        boolean copied = copies(call, find(call, 1), 2, target, replace);
        if (copied) {
            call.event(Event.COPY_TO, target, call.address(2), call.length(2));
        }
        call.reply().integer(copied ? 1 : 0);
    }

    void move(Call call) {
        int target = database(call, 2);
        if (target == call.client().db()) {
            throw SAME_OBJECT;
        }
        boolean moved = copies(call, peek(call, 1), 1, target, false);
        if (moved) {
            call.db().remove(call.address(1), call.length(1));
            call.event(Event.MOVE_FROM, 1);
            call.event(Event.MOVE_TO, target, call.address(1), call.length(1));
        }
        call.reply().integer(moved ? 1 : 0);
    }

    /** Copies a value to the key in argument {@code to} of another database; false if there is none. */
    private static boolean copies(Call call, long source, int to, int database, boolean replace) {
        if (source == 0) {
            return false; // without a look at the target, which might find it expired
        }
        Keyspace target = call.store().db(database);
        boolean taken = target.peek(call.address(to), call.length(to)) != 0;
        if (taken && !replace) {
            return false;
        }
        if (taken) {
            target.remove(call.address(to), call.length(to));
        }
        long entry = call.db().peek(call.address(1), call.length(1));
        Types.copy(call.db(), entry, target, call.address(to), call.length(to), Entry.expiry(entry));
        call.changed(1);
        return true;
    }

    private static int database(Call call, int i) {
        int index = (int) Numbers.between(call, i, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (index < 0 || index >= call.store().databases()) {
            throw NO_SUCH_DB;
        }
        return index;
    }

    void keys(Call call) {
        Glob pattern = new Glob(call.address(1), call.length(1));
        boolean all = pattern.takesAll();
        found.clear();
        long cursor = 0;
        do {
            cursor = call.db().scan(cursor, KEYS_STEP, entry -> {
                if ((all || pattern.matches(Entry.keyAddress(entry), Entry.keyLength(entry)))
                        && call.db().isVisible(entry)) {
                    found.add(entry);
                }
            });
        } while (cursor != 0);
        replyFound(call);
    }

    void scan(Call call) {
        long cursor = ScanOptions.cursor(call, 1);
        ScanOptions options = ScanOptions.parse(call, 2, true);
        met.clear();
        long next = call.db().scan(cursor, options.count(), entry -> {
            if (options.takes(Entry.keyAddress(entry), Entry.keyLength(entry))) {
                met.add(entry);
            }
        });
        found.clear();
        for (int i = 0; i < met.size(); i++) { // not before: what deletes must not run in the middle of a scan
            long entry = met.get(i);
            if (isThere(call, entry, options.type() != null) && options.takes(Entry.type(entry))) {
                found.add(entry);
            }
        }
        call.reply().array(2);
        call.reply().bulk(Long.toUnsignedString(next));
        replyFound(call);
    }

    /** Where the type is asked for, Redis counts the look as a read. */
    private static boolean isThere(Call call, long entry, boolean counted) {
        return counted
                ? call.db().glance(Entry.keyAddress(entry), Entry.keyLength(entry)) != 0
                : call.db().isVisibleOrEnds(entry);
    }

    private void replyFound(Call call) {
        call.reply().array(found.size());
        for (int i = 0; i < found.size(); i++) {
            long entry = found.get(i);
            call.reply().bulk(Entry.keyAddress(entry), Entry.keyLength(entry));
        }
        found.clear();
    }

    void randomkey(Call call) {
        long entry = RandomKey.pick(call.db());
        if (entry == 0) {
            call.reply().nil();
        } else {
            call.reply().bulk(Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    private static long peek(Call call, int i) {
        return call.db().peek(call.address(i), call.length(i));
    }

    private static long glance(Call call, int i) {
        return call.db().glance(call.address(i), call.length(i));
    }

    private static long find(Call call, int i) {
        return call.db().find(call.address(i), call.length(i));
    }
}
