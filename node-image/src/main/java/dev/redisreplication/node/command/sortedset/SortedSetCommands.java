package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.Doubles;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.TypeError;

/** Sorted sets by member: add, score, rank, remove. Ranges are in {@link RangeCommands}. */
public final class SortedSetCommands {
    private static final int KEPT = 1 << 16; // scores: the room for more goes back with the next call

    private final AddOptions options = new AddOptions();
    private double[] scores = new double[16];

    private SortedSetCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        SortedSetCommands c = new SortedSetCommands();
        // spotless:off: one row a command
        t.row("zadd", -4, c::zadd).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(SORTEDSET);
        t.row("zincrby", 4, c::zincrby).is(WRITE, DENYOOM, FAST).key(1, RW, ACCESS, UPDATE).in(SORTEDSET);
        t.row("zrem", -3, c::zrem).is(WRITE, FAST).key(1, RW, DELETE).in(SORTEDSET);
        t.row("zcard", 2, c::zcard).is(READONLY, FAST).key(1, RO).in(SORTEDSET);
        t.row("zscore", 3, c::zscore).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zmscore", -3, c::zmscore).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrank", 3, c::zrank).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        t.row("zrevrank", 3, c::zrevrank).is(READONLY, FAST).key(1, RO, ACCESS).in(SORTEDSET);
        // spotless:on
    }

    void zadd(Call call) {
        int first = options.parse(call);
        add(call, first);
    }

    void zincrby(Call call) {
        options.onlyIncrement();
        add(call, 2);
    }

    /** Adds the pairs of score and member from argument {@code first} on. */
    private void add(Call call, int first) {
        int pairs = (call.argc() - first) / 2;
        readScores(call, first, pairs);
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        if (zset == 0 && !options.onlyExisting) {
            zset = SortedSets.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
        }
        int added = 0;
        int updated = 0;
        double result = Double.NaN;
        for (int i = 0; i < pairs && zset != 0; i++) {
            int member = first + 2 * i + 1;
            double old = SortedSets.score(call.db(), zset, call.address(member), call.length(member));
            double score = options.increment && !Double.isNaN(old) ? sum(old, scores[i]) : scores[i];
            if (!options.allows(old, score)) {
                continue;
            }
            result = score;
            if (Double.isNaN(old)) {
                added++;
            } else if (score != old) {
                updated++;
            } else {
                continue;
            }
            SortedSets.add(call.db(), zset, call.address(member), call.length(member), score);
        }
        if (added + updated > 0) {
            call.event(options.increment ? Event.ZINCR : Event.ZADD, 1);
            call.changed(added + updated);
        }
        if (!options.increment) {
            call.reply().integer(options.countChanged ? added + updated : added);
        } else if (Double.isNaN(result)) {
            call.reply().nil();
        } else {
            call.reply().doubleValue(result);
        }
    }

    /** All of them before the first is used: a wrong one must change nothing. */
    private void readScores(Call call, int first, int count) {
        if (scores.length < count || scores.length > KEPT) {
            call.takeHeap(8L * count);
            scores = new double[count > KEPT ? count : Math.min(2 * count, KEPT)];
        }
        for (int i = 0; i < count; i++) {
            int at = first + 2 * i;
            scores[i] = Doubles.strict(call.address(at), call.length(at));
            if (Double.isNaN(scores[i])) {
                throw CommandError.NOT_FLOAT;
            }
        }
    }

    private static double sum(double score, double by) {
        double sum = score + by;
        if (Double.isNaN(sum)) {
            throw TypeError.SCORE_NAN;
        }
        return sum;
    }

    void zrem(Call call) {
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        int removed = 0;
        for (int i = 2; i < call.argc() && zset != 0; i++) {
            boolean last = SortedSets.size(zset) == 1;
            if (SortedSets.remove(call.db(), zset, call.address(i), call.length(i))) {
                removed++;
                zset = last ? 0 : zset;
            }
        }
        if (removed > 0) {
            call.taken(Event.ZREM, 1);
            call.changed(removed);
        }
        call.reply().integer(removed);
    }

    void zcard(Call call) {
        long zset = find(call);
        call.reply().integer(zset == 0 ? 0 : SortedSets.size(zset));
    }

    void zscore(Call call) {
        replyScore(call, find(call), 2);
    }

    void zmscore(Call call) {
        long zset = find(call);
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            replyScore(call, zset, i);
        }
    }

    private static void replyScore(Call call, long zset, int i) {
        double score = zset == 0 ? Double.NaN : SortedSets.score(call.db(), zset, call.address(i), call.length(i));
        if (Double.isNaN(score)) {
            call.reply().nil();
        } else {
            call.reply().doubleValue(score);
        }
    }

    void zrank(Call call) {
        replyRank(call, false);
    }

    void zrevrank(Call call) {
        replyRank(call, true);
    }

    private static void replyRank(Call call, boolean fromHighest) {
        long zset = find(call);
        long rank = zset == 0 ? -1 : SortedSets.rank(call.db(), zset, call.address(2), call.length(2));
        if (rank < 0) {
            call.reply().nil();
        } else {
            call.reply().integer(fromHighest ? SortedSets.size(zset) - 1 - rank : rank);
        }
    }

    private static long find(Call call) {
        return SortedSets.find(call.db(), call.address(1), call.length(1));
    }
}
