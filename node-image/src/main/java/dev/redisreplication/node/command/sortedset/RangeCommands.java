package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.argument.Found;
import dev.redisreplication.node.command.sortedset.RankRange.By;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;

/** Ranges of a sorted set by rank, score or name: read, counted, stored, removed. */
public final class RangeCommands {
    private final Found found = new Found();

    private RangeCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable t) {
        RangeCommands c = new RangeCommands();
        t.group("sorted-set");
        // spotless:off: one row a command
        t.row("zrange", -4, c::zrange, "1.2.0", "Returns a range of members by rank, score or name.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrevrange", -4, c::zrevrange, "1.2.0", "Returns a range of members by rank, downwards.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrangebyscore", -4, c::zrangebyscore, "1.0.5", "Returns a range of members by score.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrevrangebyscore", -4, c::zrevrangebyscore, "2.2.0", "Returns a range of members by score, downwards.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrangebylex", -4, c::zrangebylex, "2.8.9", "Returns a range of members by name.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrevrangebylex", -4, c::zrevrangebylex, "2.8.9", "Returns a range of members by name, downwards.")
                .is(READONLY).keys(1).in(SORTEDSET);
        t.row("zrangestore", -5, c::zrangestore, "6.2.0", "Stores a range of members in another key.")
                .is(WRITE, DENYOOM).keys(1, 2, 1).in(SORTEDSET);
        t.row("zcount", 4, c::zcount, "2.0.0", "Counts the members with scores in a range.")
                .is(READONLY, FAST).keys(1).in(SORTEDSET);
        t.row("zlexcount", 4, c::zlexcount, "2.8.9", "Counts the members with names in a range.")
                .is(READONLY, FAST).keys(1).in(SORTEDSET);
        t.row("zremrangebyrank", 4, c::zremrangebyrank, "2.0.0", "Removes the members with ranks in a range.")
                .is(WRITE).keys(1).in(SORTEDSET);
        t.row("zremrangebyscore", 4, c::zremrangebyscore, "1.2.0", "Removes the members with scores in a range.")
                .is(WRITE).keys(1).in(SORTEDSET);
        t.row("zremrangebylex", 4, c::zremrangebylex, "2.8.9", "Removes the members with names in a range.")
                .is(WRITE).keys(1).in(SORTEDSET);
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
        boolean removed = call.db().remove(call.address(1), call.length(1));
        int size = found.size() / 2;
        if (size > 0) {
            store(call);
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
        remove(call, By.RANK);
    }

    void zremrangebyscore(Call call) {
        remove(call, By.SCORE);
    }

    void zremrangebylex(Call call) {
        remove(call, By.LEX);
    }

    private static void remove(Call call, By by) {
        RankRange.check(call, by, 2, 3);
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        long removed = 0;
        if (zset != 0) {
            RankRange range = RankRange.of(call, zset, by, 2, 3, false);
            removed = range.size();
            if (removed > 0) {
                SortedSets.removeRange(call.db(), zset, range.from(), range.to());
            }
        }
        call.changed((int) removed);
        call.reply().integer(removed);
    }
}
