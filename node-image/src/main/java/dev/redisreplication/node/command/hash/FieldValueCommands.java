package dev.redisreplication.node.command.hash;

import static dev.redisreplication.node.command.Category.HASH;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Expiry;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Hashes;

/** Values of fields together with their times to live: HGETEX, HSETEX, HGETDEL. */
public final class FieldValueCommands {
    private final Slice value = new Slice();

    private FieldValueCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        FieldValueCommands c = new FieldValueCommands();
        // spotless:off: one row a command
        t.row("hgetex", -5, c::hgetex).is(WRITE, FAST).key(1, RW, ACCESS, UPDATE).in(HASH);
        t.row("hsetex", -6, FieldValueCommands::hsetex).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(HASH);
        t.row("hgetdel", -5, c::hgetdel).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(HASH);
        // spotless:on
    }

    void hgetex(Call call) {
        long hash = Hashes.findForWrite(call.db(), call.address(1), call.length(1));
        Expiry.Form form = Expiry.Form.at(call, 2);
        boolean persist = call.is(2, "PERSIST");
        int at = form != null ? 4 : persist ? 3 : 2;
        if (at + 2 > call.argc()) {
            throw wrongNumber(call);
        }
        long expiresAt = form == null ? Entry.NO_EXPIRY : FieldTime.parse(call, 3, form);
        FieldList fields = FieldList.parse(call, at, FieldList.NO_COUNT);
        boolean over = form != null && Expiry.isOver(call, expiresAt);
        if (hash != 0 && (form != null || persist)) {
            Hashes.makeTimed(call.db(), hash);
        }
        call.reply().array(fields.count());
        int changed = 0;
        for (int i = fields.first(); i < fields.end(); i++) {
            hash = HashCommands.settled(call, hash, i);
            if (!replyValue(call, hash, i)) {
                continue;
            }
            if (form != null) {
                hash = FieldExpiryCommands.put(call, hash, i, expiresAt, over);
                changed++;
            } else if (persist && Hashes.expiry(hash, call.address(i), call.length(i)) >= 0) {
                Hashes.expire(call.db(), hash, call.address(i), call.length(i), Entry.NO_EXPIRY);
                changed++;
            }
        }
        if (changed == 0) {
            return;
        }
        call.changed(changed);
        if (persist) {
            call.event(Event.HPERSIST, 1);
            fields(begin(call, "HPERSIST", 4 + fields.count()), call, fields);
        } else {
            FieldExpiryCommands.tell(call, over);
            if (over) {
                logDeleted(call, fields);
            } else {
                fields(begin(call, "HPEXPIREAT", 5 + fields.count()).arg(expiresAt), call, fields);
            }
        }
    }

    private static EffectWriter begin(Call call, String name, int argc) {
        return call.effect(argc).arg(name).arg(call.address(1), call.length(1));
    }

    private static void fields(EffectWriter effect, Call call, FieldList fields) {
        effect.arg("FIELDS").arg(fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }

    private static void logDeleted(Call call, FieldList fields) {
        EffectWriter effect = begin(call, "HDEL", 2 + fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }

    private boolean replyValue(Call call, long hash, int i) {
        boolean there = hash != 0 && Hashes.get(call.db(), hash, call.address(i), call.length(i), value);
        if (there) {
            call.reply().bulk(value.address(), value.length());
        } else {
            call.reply().nil();
        }
        return there;
    }

    void hgetdel(Call call) {
        long hash = Hashes.findForWrite(call.db(), call.address(1), call.length(1));
        FieldList fields = FieldList.parse(call, 2, FieldList.NO_COUNT);
        call.reply().array(fields.count());
        int deleted = 0;
        for (int i = fields.first(); i < fields.end(); i++) {
            hash = HashCommands.settled(call, hash, i);
            if (replyValue(call, hash, i)) {
                boolean last = Hashes.size(hash) == 1;
                Hashes.remove(call.db(), hash, call.address(i), call.length(i));
                hash = last ? 0 : hash;
                deleted++;
            }
        }
        if (deleted > 0) {
            call.taken(Event.HDEL, 1);
            call.changed(deleted);
            logDeleted(call, fields);
        }
    }

    private static CommandError wrongNumber(Call call) {
        return new CommandError(
                "ERR wrong number of arguments for '" + call.row().name() + "' command");
    }

    // ---- HSETEX

    /**
     * What HSETEX was given.
     *
     * @param onlyNew FNX: none of the fields may be there
     * @param onlyExisting FXX: all of them have to be
     * @param form null where no time was given
     * @param expiresAt ms since 1970, NO_EXPIRY, or {@link Keyspace#KEEP_EXPIRY}
     * @param first the argument that is the first field, of {@code count} pairs
     */
    private record SetOptions(
            boolean onlyNew, boolean onlyExisting, Expiry.Form form, long expiresAt, int first, int count) {
        private static final CommandError TWO_TIMES =
                new CommandError("ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified");
        private static final CommandError TWO_CONDITIONS =
                new CommandError("ERR Only one of FXX or FNX arguments can be specified");
        private static final CommandError NO_COUNT = new CommandError("ERR invalid number of fields");

        static SetOptions parse(Call call) {
            boolean fnx = false;
            boolean fxx = false;
            Expiry.Form form = null;
            long expiresAt = Entry.NO_EXPIRY;
            for (int i = 2; i < call.argc(); i++) {
                Expiry.Form here = Expiry.Form.at(call, i);
                boolean keep = call.is(i, "KEEPTTL");
                if (call.is(i, "FIELDS")) {
                    return new SetOptions(fnx, fxx, form, expiresAt, i + 2, count(call, i + 1));
                } else if (call.is(i, "FNX") || call.is(i, "FXX")) {
                    if (fnx || fxx) {
                        throw TWO_CONDITIONS;
                    }
                    fnx = call.is(i, "FNX");
                    fxx = !fnx;
                } else if (here != null || keep) {
                    if (expiresAt != Entry.NO_EXPIRY) {
                        throw TWO_TIMES;
                    }
                    if (here != null && i + 1 == call.argc()) {
                        throw wrongNumber(call);
                    }
                    form = here;
                    expiresAt = keep ? Keyspace.KEEP_EXPIRY : FieldTime.parse(call, ++i, here);
                } else {
                    throw new CommandError("ERR unknown argument: " + call.shown(i));
                }
            }
            throw wrongNumber(call);
        }

        private static int count(Call call, int i) {
            if (i == call.argc()) {
                throw wrongNumber(call);
            }
            long count = call.asLong(i, NO_COUNT);
            if (count < 1 || count > Integer.MAX_VALUE) {
                throw NO_COUNT;
            }
            if (2 * count != call.argc() - i - 1) {
                throw wrongNumber(call);
            }
            return (int) count;
        }

        int end() {
            return first + 2 * count;
        }
    }

    static void hsetex(Call call) {
        SetOptions options = SetOptions.parse(call);
        Keyspace db = call.db();
        long hash = Hashes.findForWrite(db, call.address(1), call.length(1));
        if ((options.onlyNew || options.onlyExisting) && !isMet(call, hash, options)) {
            call.reply().integer(0);
            return;
        }
        hash = Hashes.create(db, call.address(1), call.length(1), Entry.NO_EXPIRY);
        boolean over = options.form != null && Expiry.isOver(call, options.expiresAt);
        for (int i = options.first; i < options.end(); i += 2) {
            Hashes.set(
                    db,
                    hash,
                    call.address(i),
                    call.length(i),
                    call.address(i + 1),
                    call.length(i + 1),
                    over ? Entry.NO_EXPIRY : options.expiresAt);
        }
        call.changed(options.count);
        call.event(Event.HSET, 1);
        if (over) {
            delete(call, hash, options);
        } else if (options.form != null) {
            call.event(Event.HEXPIRE, 1);
            logTimed(call, options);
        }
        call.reply().integer(1);
    }

    /** Whether the fields are there, or are not, as the condition wants it. One whose time is over is deleted and not there. */
    private static boolean isMet(Call call, long hash, SetOptions options) {
        if (hash == 0) {
            return options.onlyNew;
        }
        boolean met = true;
        for (int i = options.first; met && i < options.end(); i += 2) {
            Hashes.endQuietly(call.db(), hash, call.address(i), call.length(i));
            met = Hashes.contains(call.db(), hash, call.address(i), call.length(i)) == options.onlyExisting;
        }
        if (!met && Hashes.size(hash) == 0) {
            call.db().removeEntry(hash);
            call.event(Event.DEL, 1);
        }
        return met;
    }

    private static void delete(Call call, long hash, SetOptions options) {
        long left = hash;
        EffectWriter effect = begin(call, "HDEL", 2 + options.count);
        for (int i = options.first; i < options.end(); i += 2) {
            effect.arg(call.address(i), call.length(i));
            if (left != 0 && Hashes.expiry(left, call.address(i), call.length(i)) != Hashes.ABSENT) {
                left = FieldExpiryCommands.put(call, left, i, Entry.NO_EXPIRY, true);
            }
        }
        call.taken(Event.HDEL, 1);
    }

    private static void logTimed(Call call, SetOptions options) {
        EffectWriter effect = begin(call, "HSETEX", 6 + 2 * options.count)
                .arg("PXAT")
                .arg(options.expiresAt)
                .arg("FIELDS")
                .arg(options.count);
        for (int i = options.first; i < options.end(); i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }
}
