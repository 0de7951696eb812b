package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Category.KEYSPACE;
import static dev.redisreplication.node.command.Flag.ASKING;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;
import static dev.redisreplication.node.config.Directives.RDBCOMPRESSION;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Expiry;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.rdb.RdbException;
import dev.redisreplication.node.rdb.ValueDump;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.type.Types;

/** DUMP and RESTORE: a value as bytes, from which it can be made again, here or in a real server. */
public final class DumpCommands {
    private static final CommandError BUSY = new CommandError("BUSYKEY Target key name already exists.");
    private static final CommandError WRONG_TTL = new CommandError("ERR Invalid TTL value, must be >= 0");
    private static final CommandError WRONG_IDLE = new CommandError("ERR Invalid IDLETIME value, must be >= 0");
    private static final CommandError WRONG_FREQ = new CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255");
    private static final CommandError NOT_WHOLE = new CommandError("ERR DUMP payload version or checksum are wrong");
    private static final CommandError BAD_DATA = new CommandError("ERR Bad data format");

    private DumpCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("dump", 2, DumpCommands::dump).is(READONLY).key(1, RO, ACCESS).in(KEYSPACE);
        t.row("restore", -4, DumpCommands::restore).is(WRITE, DENYOOM).key(1, OW, UPDATE).in(KEYSPACE, DANGEROUS);
        t.row("restore-asking", -4, DumpCommands::restore).is(WRITE, DENYOOM, ASKING).key(1, OW, UPDATE).in(KEYSPACE, DANGEROUS);
        // spotless:on
    }

    private static void dump(Call call) {
        long entry = call.db().find(call.address(1), call.length(1));
        if (entry == 0) {
            call.reply().nil();
            return;
        }
        try (NativeBuffer payload = new NativeBuffer(4096)) {
            ValueDump.write(call.db(), entry, call.node().settings().get(RDBCOMPRESSION), payload);
            call.reply().bulk(payload.address(), payload.readable());
        }
    }

    private static void restore(Call call) {
        RestoreOptions options = RestoreOptions.parse(call);
        if (!options.replace && call.db().peek(call.address(1), call.length(1)) != 0) {
            throw BUSY;
        }
        long ttl = call.asLong(2);
        if (ttl < 0) {
            throw WRONG_TTL;
        }
        if (!ValueDump.isWhole(call.address(3), call.length(3))) {
            throw NOT_WHOLE;
        }
        Slice key = new Slice().point(call.address(1), call.length(1));
        try (Store apart = new Store(1)) {
            put(call, options, ttl, apart, ValueDump.read(call.address(3), call.length(3), key, apart));
        } catch (RdbException e) {
            Log.warning("RESTORE of a payload of " + call.length(3) + " bytes: " + e.getMessage());
            throw BAD_DATA;
        }
        call.reply().ok();
    }

    private static void put(Call call, RestoreOptions options, long ttl, Store apart, long value) {
        boolean deleted = options.replace && call.db().remove(call.address(1), call.length(1));
        long expiresAt = ttl == 0 ? Entry.NO_EXPIRY : options.absolute ? ttl : ttl + call.now();
        if (ttl != 0 && Expiry.isOver(call, expiresAt)) {
            if (deleted) {
                call.event(Event.DEL, 1);
                call.changed(1);
                call.effect(2).arg("DEL").arg(call.address(1), call.length(1));
            }
            return;
        }
        Types.copy(apart.db(0), value, call.db(), call.address(1), call.length(1), expiresAt);
        if (options.idle >= 0 || options.frequency >= 0) {
            call.db().restoreUse(call.db().findAsIs(call.address(1), call.length(1)), options.idle, options.frequency);
        }
        call.event(Event.RESTORE, 1);
        call.changed(1);
        if (ttl != 0 && !options.absolute) {
            effect(call, expiresAt);
        }
    }

    /** The same with an absolute time: replicas may read it later. */
    private static void effect(Call call, long expiresAt) {
        EffectWriter effect = call.effect(call.argc() + 1);
        for (int i = 0; i < call.argc(); i++) {
            if (i == 2) {
                effect.arg(expiresAt);
            } else {
                effect.arg(call.address(i), call.length(i));
            }
        }
        effect.arg("ABSTTL");
    }

    /** What follows the payload; -1 for what is not said. */
    private record RestoreOptions(boolean replace, boolean absolute, long idle, int frequency) {

        static RestoreOptions parse(Call call) {
            boolean replace = false;
            boolean absolute = false;
            long idle = -1;
            long frequency = -1;
            for (int i = 4; i < call.argc(); i++) {
                boolean more = i + 1 < call.argc();
                if (call.is(i, "REPLACE")) {
                    replace = true;
                } else if (call.is(i, "ABSTTL")) {
                    absolute = true;
                } else if (call.is(i, "IDLETIME") && more && frequency < 0) {
                    idle = call.asLong(++i);
                    if (idle < 0) {
                        throw WRONG_IDLE;
                    }
                } else if (call.is(i, "FREQ") && more && idle < 0) {
                    frequency = call.asLong(++i);
                    if (frequency < 0 || frequency > 255) {
                        throw WRONG_FREQ;
                    }
                } else {
                    throw CommandError.SYNTAX;
                }
            }
            return new RestoreOptions(replace, absolute, idle, (int) frequency);
        }
    }
}
