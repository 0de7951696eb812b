package dev.redisreplication.node.command.geo;

import static dev.redisreplication.node.command.Category.GEO;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.argument.LongDouble;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Places one by one: GEOADD, and what can be told of a member. */
public final class GeoCommands {
    private GeoCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        GeoCommands c = new GeoCommands();
        // spotless:off: one row a command
        t.row("geoadd", -5, c::geoadd).is(WRITE, DENYOOM).key(1, RW, UPDATE).in(GEO);
        t.row("geodist", -4, c::geodist).is(READONLY).key(1, RO, ACCESS).in(GEO);
        t.row("geohash", -2, c::geohash).is(READONLY).key(1, RO, ACCESS).in(GEO);
        t.row("geopos", -2, c::geopos).is(READONLY).key(1, RO, ACCESS).in(GEO);
        // spotless:on
    }

    void geoadd(Call call) {
        boolean onlyNew = false;
        boolean onlyExisting = false;
        boolean countChanged = false;
        int first = 2;
        for (; first < call.argc(); first++) {
            if (call.is(first, "NX")) {
                onlyNew = true;
            } else if (call.is(first, "XX")) {
                onlyExisting = true;
            } else if (call.is(first, "CH")) {
                countChanged = true;
            } else {
                break;
            }
        }
        int places = (call.argc() - first) / 3;
        if ((call.argc() - first) % 3 != 0 || onlyNew && onlyExisting) {
            throw CommandError.SYNTAX;
        }
        long[] scores = scores(call, first, places);
        if (places == 0) {
            throw CommandError.SYNTAX; // what ZADD says
        }
        long zset = SortedSets.findForWrite(call.db(), call.address(1), call.length(1));
        if (zset == 0 && !onlyExisting) {
            zset = SortedSets.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
        }
        int added = 0;
        int updated = 0;
        for (int i = 0; i < places && zset != 0; i++) {
            int member = first + 3 * i + 2;
            double old = SortedSets.score(call.db(), zset, call.address(member), call.length(member));
            boolean isNew = Double.isNaN(old);
            if (isNew ? onlyExisting : onlyNew || old == scores[i]) {
                continue;
            }
            SortedSets.add(call.db(), zset, call.address(member), call.length(member), (double) scores[i]);
            added += isNew ? 1 : 0;
            updated += isNew ? 0 : 1;
        }
        if (added + updated > 0) {
            call.event(Event.ZADD, 1);
            call.changed(added + updated);
            effect(call, first, scores);
        }
        call.reply().integer(countChanged ? added + updated : added);
    }

    /** All of them before the first is used: a wrong one must change nothing. */
    private static long[] scores(Call call, int first, int places) {
        call.takeHeap(8L * places);
        long[] scores = new long[places];
        for (int i = 0; i < places; i++) {
            double longitude = GeoArguments.degrees(call, first + 3 * i);
            double latitude = GeoArguments.degrees(call, first + 3 * i + 1);
            GeoArguments.check(longitude, latitude);
            scores[i] = GeoHash.encode(longitude, latitude, GeoHash.STEPS);
        }
        return scores;
    }

    /** To a replica it is ZADD, with the same options. */
    private static void effect(Call call, int first, long[] scores) {
        EffectWriter effect = call.effect(first + 2 * scores.length).arg("ZADD");
        for (int i = 1; i < first; i++) {
            effect.arg(call.address(i), call.length(i));
        }
        for (int i = 0; i < scores.length; i++) {
            int member = first + 3 * i + 2;
            effect.arg(scores[i]).arg(call.address(member), call.length(member));
        }
    }

    void geodist(Call call) {
        if (call.argc() > 5) {
            throw CommandError.SYNTAX;
        }
        double unit = call.argc() == 5 ? GeoArguments.unit(call, 4) : 1;
        long zset = find(call);
        double one = score(call, zset, 2);
        double other = score(call, zset, 3);
        if (Double.isNaN(one) || Double.isNaN(other)) {
            call.reply().nil();
            return;
        }
        long a = (long) one;
        long b = (long) other;
        double metres =
                GeoHash.distance(GeoHash.longitude(a), GeoHash.latitude(a), GeoHash.longitude(b), GeoHash.latitude(b));
        replyDistance(call.reply(), metres / unit);
    }

    void geohash(Call call) {
        long zset = find(call);
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            double score = score(call, zset, i);
            if (Double.isNaN(score)) {
                call.reply().nil();
            } else {
                call.reply().bulk(GeoHash.text((long) score));
            }
        }
    }

    void geopos(Call call) {
        long zset = find(call);
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            double score = score(call, zset, i);
            if (Double.isNaN(score)) {
                call.reply().nilArray();
            } else {
                replyPlace(call.reply(), (long) score);
            }
        }
    }

    private static long find(Call call) {
        return SortedSets.find(call.db(), call.address(1), call.length(1));
    }

    private static double score(Call call, long zset, int i) {
        return zset == 0 ? Double.NaN : SortedSets.score(call.db(), zset, call.address(i), call.length(i));
    }

    /** A length with four decimals. */
    static void replyDistance(ReplyWriter reply, double length) {
        reply.bulk(new BigDecimal(length).setScale(4, RoundingMode.HALF_EVEN).toPlainString());
    }

    /** Longitude and latitude of a score. */
    static void replyPlace(ReplyWriter reply, long score) {
        reply.array(2);
        reply.decimal(LongDouble.print(new BigDecimal(GeoHash.longitude(score))));
        reply.decimal(LongDouble.print(new BigDecimal(GeoHash.latitude(score))));
    }
}
