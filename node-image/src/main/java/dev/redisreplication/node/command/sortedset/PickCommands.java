package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.Picks;
import dev.redisreplication.node.command.argument.ScanOptions;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;

/** Members of a sorted set that the server picks: the lowest, the highest, random ones, all in some order. */
public final class PickCommands {
    private final Slice member = new Slice();
    private final Slice text = new Slice();
    private final ElementBuffer found = new ElementBuffer();

    private PickCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        PickCommands c = new PickCommands();
        // spotless:off: one row a command
        t.row("zpopmin", -2, c::zpopmin).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(SORTEDSET);
        t.row("zpopmax", -2, c::zpopmax).is(WRITE, FAST).key(1, RW, ACCESS, DELETE).in(SORTEDSET);
        t.row("zrandmember", -2, c::zrandmember).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zscan", -3, c::zscan).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        // spotless:on
        PopCommands.register(t);
    }

    void zpopmin(Call call) {
        pop(call, false);
    }

    void zpopmax(Call call) {
        pop(call, true);
    }

    private void pop(Call call, boolean highest) {
        if (call.argc() > 3) {
            throw CommandError.SYNTAX;
        }
        boolean counted = call.argc() == 3;
        long wanted = counted ? Numbers.count(call, 2) : 1;
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        if (zset == 0) {
            call.reply().array(0);
            return;
        }
        ReplyWriter reply = call.reply();
        long count = Math.min(wanted, SortedSets.size(zset));
        boolean nested = counted && reply.resp3();
        reply.array((int) (nested ? count : 2 * count));
        for (long i = 0; i < count; i++) {
            double score = SortedSets.pop(call.db(), zset, highest, member);
            if (nested) {
                reply.array(2);
            }
            reply.bulk(member.address(), member.length());
            reply.doubleValue(score);
        }
        if (count > 0) {
            call.taken(highest ? Event.ZPOPMAX : Event.ZPOPMIN, 1);
        }
        call.changed((int) count);
    }

    void zrandmember(Call call) {
        if (call.argc() == 2) {
            long zset = find(call);
            if (zset == 0) {
                call.reply().nil();
            } else {
                SortedSets.at(call.db(), zset, Picks.one(SortedSets.size(zset)), member);
                call.reply().bulk(member.address(), member.length());
            }
            return;
        }
        long count = Numbers.between(call, 2, -Long.MAX_VALUE, Long.MAX_VALUE);
        boolean withScores = call.argc() == 4 && call.is(3, "WITHSCORES");
        if (call.argc() > 4 || (call.argc() == 4 && !withScores)) {
            throw CommandError.SYNTAX;
        }
        if (withScores && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
            throw new CommandError("ERR value is out of range");
        }
        long zset = find(call);
        if (zset == 0) {
            call.reply().array(0);
            return;
        }
        long size = SortedSets.size(zset);
        if (count < 0) {
            int repeated = Numbers.replySize(-count);
            Pairs.begin(call.reply(), repeated, withScores);
            for (int i = 0; i < repeated; i++) {
                replyAt(call, zset, Picks.one(size), withScores);
            }
        } else {
            int wanted = (int) Math.min(count, size);
            Picks picks = Picks.distinct(wanted, size);
            Pairs.begin(call.reply(), wanted, withScores);
            for (int i = 0; i < wanted; i++) {
                replyAt(call, zset, picks.next(), withScores);
            }
        }
    }

    private void replyAt(Call call, long zset, long rank, boolean withScores) {
        double score = SortedSets.at(call.db(), zset, rank, member);
        Pairs.write(call.reply(), withScores, member.address(), member.length(), score);
    }

    void zscan(Call call) {
        long cursor = ScanOptions.cursor(call, 2);
        long zset = find(call);
        call.reply().array(2);
        if (zset == 0) {
            call.reply().bulk("0");
            call.reply().array(0);
            return;
        }
        ScanOptions options = ScanOptions.parse(call, 3, false);
        boolean general = Entry.isGeneral(zset);
        found.clear();
        long next = SortedSets.scan(call.db(), zset, cursor, options.count(), (address, length, score) -> {
            if (options.takes(address, length)) {
                found.add(address, length);
                text.copyOf(scanned(score, general).getBytes(US_ASCII));
                found.add(text.address(), text.length());
            }
        });
        call.reply().bulk(Long.toUnsignedString(next));
        call.reply().array(found.size());
        found.replyTo(call.reply());
    }

    /** A score as ZSCAN shows it: in the compact form Redis keeps whole numbers of up to 62 bits as integers. */
    private static String scanned(double score, boolean general) {
        boolean whole = Math.abs(score) <= 0x1p62 && score == Math.rint(score);
        return whole && !general ? Long.toString((long) score) : DoubleText.of(score);
    }

    private static long find(Call call) {
        return SortedSets.find(call.db(), call.address(1), call.length(1));
    }
}
