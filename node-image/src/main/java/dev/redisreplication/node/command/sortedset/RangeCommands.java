package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.sortedset.RankRange.By;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;

/** Ranges of a sorted set by rank, score or name: read, counted, stored, removed. */
public final class RangeCommands {
    private final ElementBuffer found = new ElementBuffer();

    private RangeCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        RangeCommands c = new RangeCommands();
        // spotless:off: one row a command
        t.row("zrange", -4, c::zrange).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrevrange", -4, c::zrevrange).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrangebyscore", -4, c::zrangebyscore).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrevrangebyscore", -4, c::zrevrangebyscore).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrangebylex", -4, c::zrangebylex).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrevrangebylex", -4, c::zrevrangebylex).is(READONLY).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrangestore", -5, c::zrangestore).is(WRITE, DENYOOM).key(1, OW, UPDATE).key(2, RO, ACCESS).in(SORTEDSET);
        t.row("zcount", 4, c::zcount).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zlexcount", 4, c::zlexcount).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zremrangebyrank", 4, c::zremrangebyrank).is(WRITE).key(1, RW, DELETE).in(SORTEDSET);
        t.row("zremrangebyscore", 4, c::zremrangebyscore).is(WRITE).key(1, RW, DELETE).in(SORTEDSET);
        t.row("zremrangebylex", 4, c::zremrangebylex).is(WRITE).key(1, RW, DELETE).in(SORTEDSET);
        // spotless:on
    }

    void zrange(Call call) {
        reply(call, RangeOptions.parse(call, 2, null, null, true));
    }

    void zrevrange(Call call) {
        reply(call, RangeOptions.parse(call, 2, By.RANK, true, true));
    }

    void zrangebyscore(Call call) {
        reply(call, RangeOptions.parse(call, 2, By.SCORE, false, true));
    }

    void zrevrangebyscore(Call call) {
        reply(call, RangeOptions.parse(call, 2, By.SCORE, true, true));
    }

    void zrangebylex(Call call) {
        reply(call, RangeOptions.parse(call, 2, By.LEX, false, true));
    }

    void zrevrangebylex(Call call) {
        reply(call, RangeOptions.parse(call, 2, By.LEX, true, true));
    }

    private static void reply(Call call, RangeOptions options) {
        ReplyWriter reply = call.reply();
        long zset = SortedSets.find(call.db(), call.address(1), call.length(1));
        if (zset == 0) {
            reply.array(0);
            return;
        }
        RankRange range = options.of(call, zset);
        Pairs.begin(reply, range.size(), options.withScores());
        SortedSets.range(
                call.db(),
                zset,
                range.from(),
                range.to(),
                options.reverse(),
                (member, length, score) -> Pairs.write(reply, options.withScores(), member, length, score));
    }

    void zrangestore(Call call) {
        RangeOptions options = RangeOptions.parse(call, 3, null, null, false);
        long source = SortedSets.find(call.db(), call.address(2), call.length(2));
        found.clear();
        if (source != 0) {
            RankRange range = options.of(call, source);
            SortedSets.range(
                    call.db(), source, range.from(), range.to(), options.reverse(), (member, length, score) -> {
                        found.add(member, length);
                        found.add(Double.doubleToRawLongBits(score));
                    });
        }
        int size = found.size() / 2;
        boolean removed = call.db().clear(call.address(1), call.length(1), size > 0);
        if (size > 0) {
            store(call);
            call.event(Event.ZRANGESTORE, 1);
        } else if (removed) {
            call.event(Event.DEL, 1);
        }
        call.changed(size > 0 ? size : removed ? 1 : 0);
        call.reply().integer(size);
        found.clear();
    }

    private void store(Call call) {
        long target = SortedSets.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
        for (int i = 0; i < found.size(); i += 2) {
            double score = Double.longBitsToDouble(found.get(i + 1));
            SortedSets.add(call.db(), target, found.address(i), found.length(i), score);
        }
    }

    void zcount(Call call) {
        count(call, By.SCORE);
    }

    void zlexcount(Call call) {
        count(call, By.LEX);
    }

    private static void count(Call call, By by) {
        RankRange.check(call, by, 2, 3);
        long zset = SortedSets.find(call.db(), call.address(1), call.length(1));
        call.reply()
                .integer(
                        zset == 0
                                ? 0
                                : RankRange.of(call, zset, by, 2, 3, false).size());
    }

    void zremrangebyrank(Call call) {
        remove(call, By.RANK, Event.ZREMRANGEBYRANK);
    }

    void zremrangebyscore(Call call) {
        remove(call, By.SCORE, Event.ZREMRANGEBYSCORE);
    }

    void zremrangebylex(Call call) {
        remove(call, By.LEX, Event.ZREMRANGEBYLEX);
    }

    private static void remove(Call call, By by, Event event) {
        RankRange.check(call, by, 2, 3);
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        long removed = 0;
        if (zset != 0) {
            RankRange range = RankRange.of(call, zset, by, 2, 3, false);
            removed = range.size();
            if (removed > 0) {
                SortedSets.removeRange(call.db(), zset, range.from(), range.to());
                call.taken(event, 1);
            }
        }
        call.changed((int) removed);
        call.reply().integer(removed);
    }
}
