package dev.redisreplication.node.command.hash;

import static dev.redisreplication.node.command.Category.HASH;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.Picks;
import dev.redisreplication.node.command.argument.ScanOptions;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.type.Hashes;

/** Hashes as a whole: all fields, some of them, random ones. */
public final class HashScanCommands {
    private final Slice field = new Slice();
    private final Slice value = new Slice();
    private final ElementBuffer found = new ElementBuffer();

    private HashScanCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        HashScanCommands c = new HashScanCommands();
        // spotless:off: one row a command
        t.row("hgetall", 2, c::hgetall).is(READONLY).key(1, RO, ACCESS).in(HASH);
        t.row("hkeys", 2, c::hkeys).is(READONLY).key(1, RO, ACCESS).in(HASH);
        t.row("hvals", 2, c::hvals).is(READONLY).key(1, RO, ACCESS).in(HASH);
        t.row("hrandfield", -2, c::hrandfield).is(READONLY).key(1, RO, ACCESS).in(HASH);
        t.row("hscan", -3, c::hscan).is(READONLY).key(1, RO, ACCESS).in(HASH);
        // spotless:on
    }

    void hgetall(Call call) {
        long hash = find(call);
        ReplyWriter reply = call.reply();
        reply.map(size(call, hash));
        if (hash != 0) {
            Hashes.forEach(call.db(), hash, (name, nameLength, at, length) -> {
                reply.bulk(name, nameLength);
                reply.bulk(at, length);
            });
        }
    }

    void hkeys(Call call) {
        long hash = find(call);
        ReplyWriter reply = call.reply();
        reply.array(size(call, hash));
        if (hash != 0) {
            Hashes.forEach(call.db(), hash, (name, nameLength, at, length) -> reply.bulk(name, nameLength));
        }
    }

    void hvals(Call call) {
        long hash = find(call);
        ReplyWriter reply = call.reply();
        reply.array(size(call, hash));
        if (hash != 0) {
            Hashes.forEach(call.db(), hash, (name, nameLength, at, length) -> reply.bulk(at, length));
        }
    }

    private static int size(Call call, long hash) {
        return hash == 0 ? 0 : (int) Hashes.visibleSize(call.db(), hash);
    }

    void hrandfield(Call call) {
        if (call.argc() == 2) {
            long hash = findSwept(call);
            if (hash == 0) {
                call.reply().nil();
            } else {
                Hashes.random(call.db(), hash, field, value);
                call.reply().bulk(field.address(), field.length());
            }
            return;
        }
        long count = Numbers.between(call, 2, -Long.MAX_VALUE, Long.MAX_VALUE);
        boolean withValues = call.argc() == 4 && call.is(3, "WITHVALUES");
        if (call.argc() > 4 || (call.argc() == 4 && !withValues)) {
            throw CommandError.SYNTAX;
        }
        if (withValues && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
            throw new CommandError("ERR value is out of range");
        }
        long hash = findSwept(call);
        if (hash == 0) {
            call.reply().array(0);
        } else if (count < 0) {
            replyRepeated(call, hash, -count, withValues);
        } else {
            replyDistinct(call, hash, Math.min(count, Hashes.visibleSize(call.db(), hash)), withValues);
        }
    }

    private void replyRepeated(Call call, long hash, long count, boolean withValues) {
        beginPicks(call.reply(), Numbers.replySize(count), withValues);
        for (long i = 0; i < count; i++) {
            Hashes.random(call.db(), hash, field, value);
            replyPick(call.reply(), withValues, field.address(), field.length(), value.address(), value.length());
        }
    }

    private static void replyDistinct(Call call, long hash, long count, boolean withValues) {
        Picks picks = Picks.distinct(count, Hashes.visibleSize(call.db(), hash));
        beginPicks(call.reply(), (int) count, withValues);
        Hashes.forEach(call.db(), hash, (name, nameLength, at, length) -> {
            if (picks.takesNext()) {
                replyPick(call.reply(), withValues, name, nameLength, at, length);
            }
        });
    }

    /** RESP3 has an array of pairs for it, RESP2 a flat array. */
    private static void beginPicks(ReplyWriter reply, int count, boolean withValues) {
        reply.array(withValues && !reply.resp3() ? 2 * count : count);
    }

    private static void replyPick(
            ReplyWriter reply, boolean withValues, long name, int nameLength, long at, int length) {
        if (withValues && reply.resp3()) {
            reply.array(2);
        }
        reply.bulk(name, nameLength);
        if (withValues) {
            reply.bulk(at, length);
        }
    }

    void hscan(Call call) {
        long cursor = ScanOptions.cursor(call, 2);
        long hash = find(call);
        call.reply().array(2);
        if (hash == 0) {
            call.reply().bulk("0");
            call.reply().array(0);
            return;
        }
        ScanOptions options = ScanOptions.parse(call, 3, false);
        found.clear();
        long next = Hashes.scan(call.db(), hash, cursor, options.count(), (name, nameLength, at, length) -> {
            if (options.takes(name, nameLength)) {
                found.add(name, nameLength);
                found.add(at, length);
            }
        });
        call.reply().bulk(Long.toUnsignedString(next));
        call.reply().array(found.size());
        found.replyTo(call.reply());
    }

    /** The hash without the fields whose time is over; 0 too when a reader sees none of them. */
    private static long findSwept(Call call) {
        long hash = find(call);
        hash = hash == 0 ? 0 : Hashes.endAllOver(call.db(), hash);
        return hash == 0 || Hashes.visibleSize(call.db(), hash) == 0 ? 0 : hash;
    }

    private static long find(Call call) {
        return Hashes.find(call.db(), call.address(1), call.length(1));
    }
}
