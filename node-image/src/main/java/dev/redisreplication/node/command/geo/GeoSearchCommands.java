package dev.redisreplication.node.command.geo;

import static dev.redisreplication.node.command.Category.GEO;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.KeySpec;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.IndexSort;
import dev.redisreplication.node.command.geo.SearchOptions.Form;
import dev.redisreplication.node.command.geo.SearchOptions.Order;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.SortedSets;

/** Places within a circle or a rectangle. */
public final class GeoSearchCommands {
    private static final KeySpec.Find NEXT = new KeySpec.Range(0, 1, 0);

    private final ElementBuffer members = new ElementBuffer();
    private final ElementBuffer scores = new ElementBuffer();
    private final ElementBuffer distances = new ElementBuffer(); // bits of doubles, metres
    private final IndexSort order = new IndexSort();

    private GeoSearchCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        GeoSearchCommands c = new GeoSearchCommands();
        // spotless:off: one row a command
        t.row("georadius", -6, call -> c.search(call, 1, Form.PLACE, true)).is(WRITE, DENYOOM).key(1, RO, ACCESS)
                .keysBehind("STORE", 6, NEXT, OW, UPDATE).keysBehind("STOREDIST", 6, NEXT, OW, UPDATE).in(GEO);
        t.row("georadius_ro", -6, call -> c.search(call, 1, Form.PLACE, false)).is(READONLY).key(1, RO, ACCESS).in(GEO);
        t.row("georadiusbymember", -5, call -> c.search(call, 1, Form.MEMBER, true)).is(WRITE, DENYOOM).key(1, RO, ACCESS)
                .keysBehind("STORE", 5, NEXT, OW, UPDATE).keysBehind("STOREDIST", 5, NEXT, OW, UPDATE).in(GEO);
        t.row("georadiusbymember_ro", -5, call -> c.search(call, 1, Form.MEMBER, false))
                .is(READONLY).key(1, RO, ACCESS).in(GEO);
        t.row("geosearch", -7, call -> c.search(call, 1, Form.SEARCH, false)).is(READONLY).key(1, RO, ACCESS).in(GEO);
        t.row("geosearchstore", -8, call -> c.search(call, 2, Form.SEARCH_AND_STORE, true))
                .is(WRITE, DENYOOM).key(1, OW, UPDATE).key(2, RO, ACCESS).in(GEO);
        // spotless:on
    }

    private void search(Call call, int source, Form form, boolean mayStore) {
        clear();
        long zset = SortedSets.find(call.db(), call.address(source), call.length(source));
        SearchOptions options = SearchOptions.parse(call, zset, form, mayStore);
        if (zset != 0) {
            gather(call, zset, options);
            sort(options.order);
        }
        int size = options.count == 0 ? members.size() : (int) Math.min(members.size(), options.count);
        if (options.store == 0) {
            reply(call.reply(), options, size);
        } else {
            store(call, options, size, form == Form.SEARCH_AND_STORE ? Event.GEOSEARCHSTORE : Event.GEORADIUSSTORE);
        }
        clear();
    }

    private void gather(Call call, long zset, SearchOptions options) {
        Shape shape = options.shape();
        Cells cells = Cells.of(shape);
        long most = options.any ? options.count : Long.MAX_VALUE;
        for (int i = 0; i < cells.count() && members.size() < most; i++) {
            long from = SortedSets.countBelow(call.db(), zset, cells.from(i), false);
            long to = SortedSets.countBelow(call.db(), zset, cells.to(i), false);
            SortedSets.range(call.db(), zset, from, to, false, (member, length, score) -> {
                if (members.size() < most) {
                    addIfWithin(shape, member, length, (long) score);
                }
            });
        }
    }

    private void addIfWithin(Shape shape, long member, int length, long score) {
        double distance = shape.distance(GeoHash.longitude(score), GeoHash.latitude(score));
        if (distance >= 0) {
            members.add(member, length);
            scores.add(score);
            distances.add(Double.doubleToRawLongBits(distance));
        }
    }

    private double metres(int i) {
        return Double.longBitsToDouble(distances.get(i));
    }

    private void sort(Order wanted) {
        order.sort(members.size(), (a, b) -> switch (wanted) {
            case NONE -> 0;
            case NEAREST -> Double.compare(metres(a), metres(b));
            case FARTHEST -> Double.compare(metres(b), metres(a));
        });
    }

    private void reply(ReplyWriter reply, SearchOptions options, int size) {
        int parts = 1;
        parts += options.withDistance ? 1 : 0;
        parts += options.withHash ? 1 : 0;
        parts += options.withPlace ? 1 : 0;
        reply.array(size);
        for (int i = 0; i < size; i++) {
            int at = order.at(i);
            if (parts > 1) {
                reply.array(parts);
            }
            reply.bulk(members.address(at), members.length(at));
            if (options.withDistance) {
                GeoCommands.replyDistance(reply, metres(at) / options.shape().unit());
            }
            if (options.withHash) {
                reply.integer(scores.get(at));
            }
            if (options.withPlace) {
                GeoCommands.replyPlace(reply, scores.get(at));
            }
        }
    }

    /** Makes a sorted set of the result, in the place of what was there; an empty one leaves no key. */
    private void store(Call call, SearchOptions options, int size, Event event) {
        int target = options.store;
        boolean removed = call.db().clear(call.address(target), call.length(target), size > 0);
        if (size > 0) {
            long zset = SortedSets.create(call.db(), call.address(target), call.length(target), Entry.NO_EXPIRY);
            for (int i = 0; i < size; i++) {
                int at = order.at(i);
                double score =
                        options.storeDistance ? metres(at) / options.shape().unit() : scores.get(at);
                SortedSets.add(call.db(), zset, members.address(at), members.length(at), score);
            }
            call.event(event, target);
        } else if (removed) {
            call.event(Event.DEL, target);
        }
        call.changed(size > 0 ? size : removed ? 1 : 0);
        call.reply().integer(size);
    }

    private void clear() {
        members.clear();
        scores.clear();
        distances.clear();
        order.clear();
    }
}
